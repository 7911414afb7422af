"""Makefiles like those that build several images for several architectures."""

from __future__ import annotations

from random import Random

HEAD = """\
# ARCH chooses the architecture to build for: ARCH=arm64 make ...
ARCH ?= amd64
ifeq ($(ARCH),amd64)
	ARCHTAG ?=
	TOOLS_VER ?= v0.{number}
endif
ifeq ($(ARCH),arm64)
	ARCHTAG := -arm64
	TOOLS_VER ?= latest
endif
ifeq ($(ARCH),ppc64le)
	ARCHTAG := -ppc64le
	TOOLS_VER ?= latest
endif
REGISTRY ?= registry.example.org/{name}
VERSION := $(shell git describe --tags --dirty --always)
TOOLS ?= example/tools$(ARCHTAG):$(TOOLS_VER)
SOURCES := $(shell find . -name '*.go')
IMAGES := {images}
IN_TOOLS := docker run --rm --net=host \\
	-v $(CURDIR):/src:rw -w /src -e GOARCH=$(ARCH) \\
	$(TOOLS)

.SUFFIXES:
all: $(IMAGES:%=image-%)
"""
IMAGE = """\

.PHONY: image-{image}
image-{image}: bin/{image}-$(ARCH)
	rm -rf {image}/bin && mkdir -p {image}/bin
	cp bin/{image}-$(ARCH) {image}/bin/
	docker build --pull -t $(REGISTRY)/{image}$(ARCHTAG):$(VERSION) \\
		{argument}--file ./{image}/Dockerfile {image}

bin/{image}-$(ARCH): $(SOURCES)
	@echo Building {image}...
	mkdir -p bin
	$(IN_TOOLS) sh -c 'CGO_ENABLED=0 go build -v -o $@ "example.org/{image}"'

push-{image}: image-{image}
	for tag in latest $(VERSION); do \\
		docker tag $(REGISTRY)/{image}$(ARCHTAG) $(REGISTRY)/{image}:$$tag; \\
		docker push $(REGISTRY)/{image}:$$tag || exit 1; \\
	done
"""
TAIL = """\

.PHONY: test lint clean
test: $(SOURCES)
	$(IN_TOOLS) go test ./... $(if $(VERBOSE),-v,)
lint:
	$(IN_TOOLS) sh -c 'test -z "$$(gofmt -l .)" && go vet ./...'
clean:
	rm -rf bin $(IMAGES:%=%/bin)
	-docker rmi $(IMAGES:%=$(REGISTRY)/%$(ARCHTAG):$(VERSION))
"""
DOCKERFILE = """\
FROM alpine:3.{number}
ADD bin/{image}-{arch} /usr/bin/{image}
CMD ["{image}"]
"""
MOST = 5
"""Images of one Makefile."""


def makefile(chance: Random, name: str) -> dict[str, str]:
    """Return a project with one Makefile and the Dockerfiles that it builds."""
    images = [f"{name}-{number}" for number in range(chance.randint(1, MOST))]
    number = chance.randrange(4, 23)
    parts = [HEAD.format(name=name, number=number, images=" ".join(images))]
    files: dict[str, str] = {}
    for image in images:
        faulty = chance.random() < 0.5
        argument = "" if faulty else "--build-arg ARCH=$(ARCH) "
        parts.append(IMAGE.format(image=image, argument=argument))
        text = DOCKERFILE.format(
            number=number, image=image, arch="amd64" if faulty else "$ARCH"
        )
        before, rest = text.split("\n", 1)
        kept = text if faulty else f"{before}\nARG ARCH\n{rest}"
        files[f"{image}/Dockerfile"] = kept
    return {"Makefile": "".join([*parts, TAIL]), **files}
