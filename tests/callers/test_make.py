"""Who builds which Dockerfile with make, for which platform and with what."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.callers.make import CALLER
from bot.calls import BuildArgument, Builder, Call, Tree
from bot.model import Source, Span
from bot.parse import makefile

ARM64 = "linux/arm64"

TAGGED = """\
ARCH?=amd64
ifeq ($(ARCH),amd64)
\tARCHTAG?=
endif
ifeq ($(ARCH),s390x)
\tARCHTAG:=-s390x
endif

"""


def tree(files: dict[str, str], others: Iterable[str] = ()) -> Tree:
    """Return a tree of Makefiles and of paths that are only there."""
    parsed = {path: makefile.parse(Source(path, files[path])) for path in files}
    return Tree(frozenset({*files, *others}), parsed)


def calls(text: str, *others: str, platform: str = ARM64) -> list[Call]:
    """Return the calls of one Makefile at the root."""
    return list(CALLER.calls(tree({"Makefile": text}, others), platform))


def places(text: str, *others: str, platform: str = ARM64) -> list[tuple[str, str]]:
    """Return Dockerfile and context of each call."""
    found = calls(text, *others, platform=platform)
    return [(call.dockerfile, call.context) for call in found]


@pytest.mark.parametrize(
    "line",
    [
        "docker run --rm x build .",
        "go build .",
        "# docker build .",
        "@echo docker build .",
        "docker-compose build .",
        "docker buildx create --name build",
        "cd $$SOMEWHERE && docker build .",
        "docker build -f Dockerfile.$$arch .",
        "docker build -f - .",
        "docker build https://example.org/x.git",
        "cd .. && docker build .",
        "docker build",
        "docker build -t $(shell git describe)",
        "npm run build",
        'echo "unclosed docker build .',
        "$(call missing,docker build .)",
    ],
)
def test_leaves_other_commands_alone(line: str) -> None:
    """What builds no Dockerfile of this tree is not a call."""
    assert places(f"all:\n\t{line}\n") == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("docker build .", ("Dockerfile", ".")),
        ("@-docker build sub", ("sub/Dockerfile", "sub")),
        ("docker build -t x sub -f sub/D", ("sub/D", "sub")),
        ("docker build --file ./sub/D sub/", ("sub/D", "sub")),
        ("docker build --file=D --pull .", ("D", ".")),
        ("docker build -fD .", ("D", ".")),
        ("docker image build -t x .", ("Dockerfile", ".")),
        ("docker buildx build --platform a,b --push .", ("Dockerfile", ".")),
        ("docker --config c build -q .", ("Dockerfile", ".")),
        ("sudo -E docker build .", ("Dockerfile", ".")),
        ("A=1 env B=2 docker build .", ("Dockerfile", ".")),
        ("podman build -v a:b .", ("Dockerfile", ".")),
        ("buildah bud -f D .", ("D", ".")),
        ("cd sub && docker build -f D .", ("sub/D", "sub")),
        ("cd sub && cd deep; docker build ..", ("sub/Dockerfile", "sub")),
        ("(cd sub && make) && docker build .", ("Dockerfile", ".")),
        ("(cd sub && docker build .) || true", ("sub/Dockerfile", "sub")),
        ("docker build -t x:$(shell git describe) -f D .", ("D", ".")),
        ("docker build $(shell flags) -f D .", ("D", ".")),
        ("docker build $(UNSET) -f D .", ("D", ".")),
        ("docker build -f $(CURDIR)/D $(shell pwd)", ("D", ".")),
        ("docker build -f $$PWD/D $$(pwd)", ("D", ".")),
        ('docker build -f "$${PWD}/D" `pwd`', ("D", ".")),
        ("cd sub && docker build $$PWD", ("sub/Dockerfile", "sub")),
        ('docker build --label "a b" -f "D" \'.\'', ("D", ".")),
        ("docker build \\\n\t  -f D \\\n\t  sub", ("D", "sub")),
        ("$(DOCKER) build .", ("Dockerfile", ".")),
        ("if true; then docker build .; fi", ("Dockerfile", ".")),
        ("docker build - < D; docker build .", ("Dockerfile", ".")),
        ("docker build sub 2>&1 | tee log", ("sub/Dockerfile", "sub")),
    ],
)
def test_finds_builds_however_they_are_written(
    line: str, expected: tuple[str, str]
) -> None:
    """Docker reads ``-f`` from where it runs and its default in the context."""
    assert places(f"all:\n\t{line}\n") == [expected]


@pytest.mark.parametrize(
    ("platform", "dockerfile"),
    [
        ("linux/arm64", "image/Dockerfile"),
        ("linux/amd64", "image/Dockerfile"),
        ("linux/s390x", "image/Dockerfile-s390x"),
    ],
)
def test_follows_the_architecture_into_the_name(platform: str, dockerfile: str) -> None:
    """The tag is set only in branches of other architectures."""
    text = TAGGED + "x:\n\tdocker build image -f image/Dockerfile$(ARCHTAG)\n"

    assert places(text, platform=platform) == [(dockerfile, "image")]


def test_tells_everything_about_a_call() -> None:
    """One whole value: where it stands, what it builds and how to change it."""
    text = (
        TAGGED + "out/$(ARCH).done: bin/tool-$(ARCH)\n"
        "\tcd image && \\\n"
        "\t  docker build --build-arg=UID=$(shell id -u) \\\n"
        "\t  --build-arg VERSION='1 0' -t tool .\n"
        "\n.PHONY: image\nimage: out/$(ARCH).done\n"
    )
    (call,) = calls(text)
    source = Source("Makefile", text)

    def span(part: str) -> Span:
        start = text.index(part)
        return source.span(start, start + len(part))

    end = text.index(" -t tool")
    assert call == Call(
        path="Makefile",
        span=span(
            "docker build --build-arg=UID=$(shell id -u) \\\n"
            "\t  --build-arg VERSION='1 0' -t tool ."
        ),
        dockerfile="image/Dockerfile",
        context="image",
        arguments=(
            BuildArgument(
                "UID", "$(shell id -u)", span("--build-arg=UID=$(shell id -u)"), None
            ),
            BuildArgument("VERSION", "1 0", span("--build-arg VERSION='1 0'"), "1 0"),
        ),
        builder=Builder.CLASSIC,
        architecture="$(ARCH)",
        insertion=source.span(end, end),
        target="image",
        line=9,
        command="make image ARCH=$TARGETARCH",
        files=("Makefile",),
    )


def test_inserts_behind_build_where_there_is_no_argument_yet() -> None:
    """A new argument goes in front of the options, on the line of ``build``."""
    text = "all:\n\tdocker build \\\n\t  -t x .\n"
    (call,) = calls(text)

    assert text[: call.insertion.start].endswith("docker build")


def test_inserts_behind_a_variable_that_holds_the_command() -> None:
    """The recipe is edited, not the variable that other recipes share."""
    text = "B = docker build --build-arg A=1\nall:\n\t$(B) -t x .\n"
    (call,) = calls(text)

    assert text[: call.insertion.start].endswith("\t$(B)")
    assert [(each.name, each.known) for each in call.arguments] == [("A", "1")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("all:\n\tdocker build .\n", Builder.CLASSIC),
        ("all:\n\tdocker buildx build .\n", Builder.BUILDKIT),
        ("all:\n\tDOCKER_BUILDKIT=1 docker build .\n", Builder.BUILDKIT),
        ("all:\n\tDOCKER_BUILDKIT=0 docker build .\n", Builder.CLASSIC),
        ("export DOCKER_BUILDKIT=1\nall:\n\tdocker build .\n", Builder.BUILDKIT),
        ("export DOCKER_BUILDKIT ?= 0\nall:\n\tdocker build .\n", Builder.CLASSIC),
        ("DOCKER_BUILDKIT=1\nall:\n\tdocker build .\n", Builder.CLASSIC),
        ("DOCKER_BUILDKIT=1\nexport\nall:\n\tdocker build .\n", Builder.BUILDKIT),
        (
            "all:\n\texport DOCKER_BUILDKIT=1 && docker build .\n",
            Builder.BUILDKIT,
        ),
        ("all:\n\tpodman build .\n", Builder.BUILDKIT),
    ],
)
def test_knows_the_builder(text: str, expected: Builder) -> None:
    """With the classic builder ``TARGETARCH`` is empty, so it decides the fix."""
    assert [call.builder for call in calls(text)] == [expected]


@pytest.mark.parametrize(
    ("text", "variable"),
    [
        ("all:\n\tdocker build .\n", ""),
        ("VERSION ?= 1\nall:\n\tdocker build .\n", ""),
        ("ARCH ?= amd64\nall:\n\tdocker build .\n", "$(ARCH)"),
        ("GOARCH ?= $(shell go env GOARCH)\nall:\n\tdocker build .\n", "$(GOARCH)"),
        ("CPU := amd64\nall: bin/$(CPU)\n\tdocker build .\n", "$(CPU)"),
        (
            (
                "BUILDARCH ?= amd64\nARCH ?= $(BUILDARCH)\nall: b/$(ARCH)\n"
                "\tdocker build .\n"
            ),
            "$(ARCH)",
        ),
        (
            'ifeq ("$(MACH)","s390x")\nT=-z\nendif\nall:\n\tdocker build -t x$(T) .\n',
            "$(or $(MACH),amd64)",
        ),
        (
            (
                "ifneq ($(filter $(CPU),arm64 s390x),)\nT=-x\nendif\n"
                "all:\n\tdocker build -t x$(T) .\n"
            ),
            "$(or $(CPU),amd64)",
        ),
        (
            (
                "UNAME_M := $(shell uname -m)\nifeq ($(UNAME_M),x86_64)\n"
                "ARCH := amd64\n"
                "else\nARCH := arm64\nendif\nall: bin/$(ARCH)\n\tdocker build .\n"
            ),
            "$(ARCH)",
        ),
        (
            (
                "ARCH ?= amd64\nifeq ($(ARCH),arm64)\nRPM := aarch64\nendif\n"
                "all: $(RPM)\n\tdocker build .\n"
            ),
            "$(ARCH)",
        ),
        (
            (
                "HOST_ARCH = $(shell which go && go env GOARCH)\nARCH ?= $(HOST_ARCH)\n"
                "all:\n\tdocker build --build-arg A=$(ARCH) .\n"
            ),
            "$(ARCH)",
        ),
        ("image-%:\n\tdocker build .\nall: image-amd64 image-s390x\n", "$*"),
    ],
)
def test_finds_the_callers_own_architecture_variable(text: str, variable: str) -> None:
    """A fix must use the name that the project's engineers already set."""
    assert [call.architecture for call in calls(text)] == [variable]


@pytest.mark.parametrize(
    ("text", "target", "command"),
    [
        ("img:\n\tdocker build .\n", "img", "make img"),
        (
            "ARCH?=amd64\nimg-$(ARCH):\n\tdocker build .\n",
            "img-arm64",
            'make "img-$TARGETARCH" ARCH=$TARGETARCH',
        ),
        (
            "ARCH?=amd64\nall: o img\nimg: x-$(ARCH)\nx-$(ARCH):\n\tdocker build .\n",
            "img",
            "make img ARCH=$TARGETARCH",
        ),
        (
            "img-%:\n\tdocker build .\nall: img-amd64\n",
            "img-arm64",
            'make "img-$TARGETARCH"',
        ),
        (
            "$(shell x):\n\tdocker build .\n",
            "?",
            "",
        ),
        (
            "ARCH?=x86_64\nimg: bin/$(ARCH)\n\tdocker build .\n",
            "img",
            (
                'make img ARCH="$(case $TARGETARCH in amd64) echo x86_64;; '
                "arm64) echo aarch64;; arm) echo armv7l;; 386) echo i686;; "
                "loong64) echo loongarch64;; mips64le) echo mips64;; "
                '*) echo $TARGETARCH;; esac)"'
            ),
        ),
    ],
)
def test_says_how_to_run_the_call(text: str, target: str, command: str) -> None:
    """The runner makes the target for the platform it is on."""
    assert [(call.target, call.command) for call in calls(text)] == [(target, command)]


def test_runs_make_where_the_makefile_is() -> None:
    """Paths are relative to make's directory, and so is ``-f``."""
    files = {
        "sub/Makefile": "img:\n\tdocker build .\n",
        "sub/x.mk": "other:\n\tdocker build -f D ..\n",
    }
    found = CALLER.calls(tree(files, ["sub/D"]), ARM64)

    assert [(call.dockerfile, call.context, call.command) for call in found] == [
        ("sub/Dockerfile", "sub", "make -C sub img"),
        ("sub/D", ".", "make -C sub -f x.mk other"),
    ]


def test_reads_included_files_in_their_place() -> None:
    """The recipe of an included file runs in the directory of the Makefile."""
    files = {
        "Makefile": "ARCH ?= amd64\ninclude build/*.mk\n",
        "build/docker.mk": "img: bin/$(ARCH)\n\tdocker build -f build/D .\n",
    }
    (call,) = CALLER.calls(tree(files, ["build/D"]), ARM64)

    assert (call.path, call.dockerfile, call.architecture, call.command) == (
        "build/docker.mk",
        "build/D",
        "$(ARCH)",
        "make img ARCH=$TARGETARCH",
    )


def test_runs_a_part_at_the_root_where_its_files_are() -> None:
    """Who includes a part is not always told; the tree then decides."""
    files = {"build/docker.mk": "img:\n\tdocker build -f build/D .\n"}
    (call,) = CALLER.calls(tree(files, ["build/D"]), ARM64)

    assert (call.dockerfile, call.context) == ("build/D", ".")
    assert call.command == "make -f build/docker.mk img"


def test_looks_into_macros() -> None:
    """A ``define`` is a subroutine; its own text is where an argument goes."""
    text = (
        "define image\n\t@docker build -f $(1) \\\n\t  $(2)\nendef\n"
        "all:\n\t$(call image,D,sub)\n"
    )
    (call,) = calls(text)

    assert (call.dockerfile, call.context) == ("D", "sub")
    assert text[: call.insertion.start].endswith("\t@docker build")


def test_macros_that_call_themselves_end() -> None:
    """Recursion is an error of make, and a nest of macros has a bound."""
    text = (
        "define a\n$(call b)\n$(call b)\ndocker build .\nendef\n"
        "define b\n$(call a)\n# docker\nendef\nall:\n\t$(call a)\n"
    )

    assert places(text) == [("Dockerfile", ".")]


def test_splits_a_variable_that_holds_several_commands() -> None:
    """What a variable runs before the build does not hide the build."""
    text = "B = mkdir -p x && docker build\nall:\n\t$(B) -f D .\n"

    assert places(text) == [("D", ".")]


@pytest.mark.parametrize(
    "text",
    [
        "ifeq ($(ARCH),s390x)\nall:\n\tdocker build .\nendif\n",
        "all:\nifeq ($(ARCH),s390x)\n\tdocker build .\nendif\n",
    ],
)
def test_leaves_out_other_architectures_branches(text: str) -> None:
    """Make does not read these lines for arm64."""
    head = "ARCH ?= amd64\n"

    assert places(head + text) == []
    assert places(head + text, platform="linux/s390x") == [("Dockerfile", ".")]


def test_keeps_what_may_run() -> None:
    """A condition that nobody can judge hides no build."""
    text = "ifeq ($(shell x),y)\nall:\n\tdocker build .\nendif\n"

    assert places(text) == [("Dockerfile", ".")]


def test_tells_tools_from_products() -> None:
    """An image into which the tree is mounted works for the build."""
    text = (
        "tool:\n\tdocker build -t me/tool -f T .\n"
        "bin: tool\n\tdocker run --rm -v $$PWD:/src me/tool:latest make\n"
        "img: bin\n\tdocker build -t me/img --push .\n"
        "try:\n\tdocker run me/img\n"
    )

    found = [(call.target, call.tool, call.pushes) for call in calls(text)]

    assert found == [("tool", True, False), ("img", False, True)]


def test_knows_the_lower_case_name() -> None:
    """Docker looks for ``dockerfile`` where there is no ``Dockerfile``."""
    text = "all:\n\tdocker build sub\n"

    assert places(text, "sub/dockerfile") == [("sub/dockerfile", "sub")]


_LINES = st.sampled_from(
    [
        *("all:", "\tdocker build .", "\tcd a && docker build -f D$(A) b", "A?=amd64"),
        *("ifeq ($(A),arm64)", "else", "endif", "define m", "endef", "\t$(call m,x)"),
        *("%.x: %.y", "a-%:", "\tdocker build --build-arg", "\t(((docker build", "'"),
        *("include Makefile", "include *.mk", "\t$(m)", "A := $(A)$(A)", "b: a-arm64"),
        *("\tdocker build --build-arg 'X=$(A)' \"", "export", "\tdocker -H", "\t)"),
    ]
)


@settings(deadline=None)
@given(st.lists(_LINES, max_size=12).map("\n".join) | st.text(max_size=60))
def test_reads_any_makefile(text: str) -> None:
    """No Makefile crashes the search, and an insertion stands behind a word."""
    for call in calls(text):
        assert call.insertion.start == call.insertion.end
        assert text[call.insertion.start - 1] not in " \t\n"


def test_lists_the_files_of_the_tree() -> None:
    """Which Dockerfiles there are may decide what make builds."""
    head = "D := $(firstword $(wildcard image/*file d*/x/D?))\n"
    text = f"{head}all:\n\tdocker build -f $(D) .\n"

    assert places(text, "image/Dockerfile", "image/a/file") == [
        ("image/Dockerfile", ".")
    ]
    assert places(text, "deep/x/D1", "x/x/D1") == [("deep/x/D1", ".")]


@pytest.mark.parametrize(
    "lines",
    [
        "TOOL := x86_64-unknown-linux-musl",
        "UNAME_ARCH := $(shell uname -m)\nifeq ($(UNAME_ARCH),arm64)\nT := x\nendif",
    ],
)
def test_sets_no_variable_that_decides_nothing(lines: str) -> None:
    """The name of a tool's download says nothing about the image."""
    (call,) = calls(f"{lines}\nall:\n\tdocker build .\n", "Dockerfile")

    assert (call.architecture, call.command) == ("", "make all")


@pytest.mark.parametrize(
    "rules",
    [
        pytest.param("image: im-a im-b\nim-%:\n\tdocker build -f $*/D .\n", id="%"),
        pytest.param(
            "N = a b\nI = $(addprefix im-,$(N))\nimage: $(I)\n"
            "$(I): im-%:\n\tdocker build -f $*/D .\n",
            id="static pattern",
        ),
        pytest.param("im-a im-b:\n\tdocker build -f $(@:im-%=%)/D .\n", id="targets"),
        pytest.param(
            "im-a: X = a\nim-b: X = b\nim-a im-b:\n\tdocker build -f $(X)/D .\n",
            id="target-specific variables",
        ),
    ],
)
def test_finds_what_one_recipe_builds_under_several_names(rules: str) -> None:
    """A recipe for many images calls a builder for each of them."""
    assert sorted(places(rules)) == [("a/D", "."), ("b/D", ".")]


@pytest.mark.parametrize(
    ("above", "command"),
    [
        ("image: image-$(ARCH)", "make image ARCH=$TARGETARCH"),
        ("all: image-amd64 image-arm64", 'make "image-$TARGETARCH"'),
        ("all: image-x\nimage-x: image-amd64", 'make "image-$TARGETARCH"'),
    ],
)
def test_asks_for_the_one_architecture_that_is_wanted(above: str, command: str) -> None:
    """A name above a pattern builds for its default, or for all of them."""
    text = f"ARCH ?= amd64\n{above}\nimage-%:\n\tdocker build --build-arg A=$* .\n"

    assert [call.command for call in calls(text)] == [command]


@pytest.mark.parametrize(
    "text",
    [
        "ifeq ($(DEV),true)\nx:\n\tdocker build -f D .\nelse\nx:\n\ttrue\nendif\n",
        "DEV ?= no\nx:\nifneq ($(DEV),no)\n\tdocker build -f D .\nendif\n",
        "x:\nifdef DEV\n\tdocker build -f D .\nendif\n",
        'DEV := no\nx:\nifeq "$(DEV)" "no"\nelse\n\tdocker build -f D .\nendif\n',
        "DEV ?= a\nx:\nifeq ($(DEV),a)\nelse ifdef V\n\tdocker build -f D .\nendif\n",
    ],
)
def test_finds_builds_that_wait_for_a_setting(text: str) -> None:
    """Who sets it builds the Dockerfile, too, and needs its arguments."""
    assert [(c.dockerfile, c.dormant, c.command) for c in calls(text)] == [
        ("D", True, "")
    ]


@pytest.mark.parametrize(
    "condition",
    ["ifeq ($(ARCH),s390x)", "ifneq ($(ARCH),arm64)", "ifeq ($(shell x),y)"],
)
def test_another_architectures_branch_waits_for_no_setting(condition: str) -> None:
    """It is not made for this platform; what nobody knows may be made."""
    text = f"ARCH ?= amd64\nx:\n{condition}\n\tdocker build -f D .\nendif\n"

    assert not any(call.dormant for call in calls(text))


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(
            {
                "Makefile": "ARCH ?= amd64\nx:\n\t$(MAKE) -C sub y ARCH=$(ARCH)\n",
                "sub/Makefile": "y:\n\tdocker build -f D.$(ARCH) .\n",
            },
            ("sub/D.arm64", "sub", "make -C sub y ARCH=$TARGETARCH"),
            id="in a directory",
        ),
        pytest.param(
            {
                "Makefile": "x:\n\tcd sub && $(MAKE) F=D C=..\n",
                "sub/Makefile": "y: z\nz:\n\tdocker build -f $(F) $(C)\n",
            },
            ("sub/D", ".", "make -C sub z C=.. F=D"),
            id="its first target",
        ),
        pytest.param(
            {"Makefile": "x:\n\t$(MAKE) y F=D\ny:\n\tdocker build -f $(F) .\n"},
            ("D", ".", "make y F=D"),
            id="itself",
        ),
        pytest.param(
            {
                "Makefile": "all: x-amd64 x-arm64\nx-%:\n\t$(MAKE) y ARCH=$*\n"
                "y:\n\tdocker build -f D.$(ARCH) .\n"
            },
            ("D.arm64", ".", "make y ARCH=$TARGETARCH"),
            id="by a pattern",
        ),
    ],
)
def test_follows_make_when_it_calls_itself(
    files: dict[str, str], expected: tuple[str, str, str]
) -> None:
    """What the caller sets holds in the Makefile that it calls."""
    found = CALLER.calls(tree(files), ARM64)

    assert expected in [(c.dockerfile, c.context, c.command) for c in found]


def test_a_called_makefile_keeps_working_by_itself() -> None:
    """Who calls it directly sets no architecture, so there must be a default."""
    files = {
        "Makefile": "ARCH ?= amd64\nx:\n\t$(MAKE) -C sub y ARCH=$(ARCH)\n",
        "sub/Makefile": "y:\n\tdocker build .\n",
    }

    [call] = CALLER.calls(tree(files), ARM64)

    assert call.architecture == "$(or $(ARCH),amd64)"


def test_target_specific_variables_hold_in_their_own_recipe_only() -> None:
    """They are assigned behind the last line, with what the target adds to them."""
    text = (
        "A = --build-arg X=1\nim-a: A += --build-arg Y=2\n"
        "im-a:\n\tdocker build $(A) -f a .\nim-b:\n\tdocker build $(A) -f b .\n"
    )

    found = {call.dockerfile: names(call) for call in calls(text)}

    assert found == {"a": ["X", "Y"], "b": ["X"]}


def names(call: Call) -> list[str]:
    """Return the names of the build arguments of *call*."""
    return [each.name for each in call.arguments]
