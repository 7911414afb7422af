# Everything a person needs: `make demo` to watch it work, `make test` to check it.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help demo test coverage check lint types docs pages bench lock clean

help: ## Say what there is.
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: $(READY) ## Watch the whole main job happen on three projects.
	@$(BIN)/python -m tests.demo

# Two halves of about the same length, each with its own engines.
test: $(READY) check ## Run every check and every test, engines included.
	@mkdir -p .cache
	@echo "The arm64 machine and attacks on engines work beside the other tests; their"
	@echo "report comes last, or is read in .cache/beside.log."
	@{ $(BIN)/python -m pytest -m arm64; arm=$$?; \
	    $(BIN)/python -m pytest -m attack; test $$arm$$? = 00; \
	    } > .cache/beside.log 2>&1 & beside=$$!; \
	    $(BIN)/python -m pytest -m "not arm64 and not attack"; rest=$$?; \
	    wait $$beside; beside=$$?; cat .cache/beside.log; test $$rest$$beside = 00

coverage: $(READY) ## Measure which lines and branches the tests reach.
	@$(BIN)/coverage run -m pytest
	@$(BIN)/coverage report --skip-covered

check: lint types docs ## Lint, formatting, types, generated pages.

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(READY)
	@$(BIN)/mypy

docs: $(READY) ## Fail if a generated page is not current.
	@$(BIN)/python -m bot.pages --check

pages: $(READY) ## Write the generated pages again.
	@$(BIN)/python -m bot.pages

bench: $(READY) ## Print the figures that the documentation quotes.
	@$(BIN)/python -m tests.bench

COMPILE := $(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url \
    --no-emit-find-links --no-header --no-strip-extras --allow-unsafe \
    --no-build-isolation

# What locks is itself locked: it comes from the environment as it was before.
lock: $(READY) ## Lock the dependencies again, with hashes and without addresses.
	$(COMPILE) --output-file requirements.txt pyproject.toml
	$(COMPILE) --only-build-deps --build-deps-for wheel \
	    --output-file requirements-build.txt pyproject.toml
	$(COMPILE) --extra dev --output-file requirements-dev.txt pyproject.toml

$(READY): requirements-dev.txt pyproject.toml
	@test -x $(BIN)/pip || $(PYTHON) -m venv --clear $(VENV) >/dev/null || \
	    { test "$$(id -u)" = 0 && apt-get install -y -qq python3-venv >/dev/null && \
	      $(PYTHON) -m venv --clear $(VENV); } || \
	    { echo "Python cannot make an environment here: install python3-venv."; exit 1; }
	@echo "Installing what Multiarch needs into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	    --require-hashes --only-binary :all: -r requirements-dev.txt
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet \
	    --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

clean: ## Remove the environment and every cache.
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage
