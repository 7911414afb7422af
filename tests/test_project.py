"""How the files of a repository belong together."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import building
from bot.architecture import Architecture
from bot.building import LeftOut
from bot.calls import Builder
from bot.kinds import Kind
from bot.model import Source
from bot.parse.dockerfile import Dockerfile
from bot.parse.dockerignore import Dockerignore
from bot.parse.makefile import Makefile
from bot.project import Project, is_for
from bot.readers import NO_STAGE, READERS
from bot.recipe import Prepare, Recipe
from bot.snapshot import Skipped, Snapshot

ARM64 = "linux/arm64"

TAGGED = """\
ARCH?=amd64
ifeq ($(ARCH),s390x)
\tTAG:=-s390x
endif

app: bin/app-$(ARCH)
\tdocker build -t me/app$(TAG) -f image/Dockerfile$(TAG) image
"""
APP = "FROM alpine:3.4\nADD bin/app-amd64 /app\nCMD /app\n"


def project(files: dict[str, str], *others: str) -> Project:
    """Return the project of *files*; *others* are there but not read."""
    sources = {path: Source(path, text) for path, text in files.items()}
    return Project.of(Snapshot(frozenset({*files, *others}), sources))


def tagged() -> Project:
    """Return a project with one Dockerfile per architecture."""
    return project(
        {
            "Makefile": TAGGED,
            "image/Dockerfile": APP,
            "image/Dockerfile-s390x": APP.replace("alpine", "s390x/alpine"),
            "image/.dockerignore": "*\n",
            ".dockerignore": "docs\n",
        }
    )


def test_parses_every_kind_once() -> None:
    """Rules get each file as the type they read."""
    files = project({"Makefile": "", "Dockerfile": APP, ".dockerignore": ""}).files()

    assert [(path, type(files[path])) for path in sorted(files)] == [
        (".dockerignore", Dockerignore),
        ("Dockerfile", Dockerfile),
        ("Makefile", Makefile),
    ]


def test_leaves_other_files_unread() -> None:
    """A snapshot may hold more than the bot understands."""
    found = project({"main.go": "package main\n"})

    assert (dict(found.files()), found.dockerfiles(), found.skipped) == ({}, (), ())


def test_keeps_what_was_skipped() -> None:
    """The report tells which files nobody read."""
    skipped = (Skipped("Dockerfile", "not UTF-8"),)

    found = Project.of(Snapshot(frozenset({"Dockerfile"}), {}, skipped))

    assert found.skipped == skipped


@pytest.mark.parametrize("text", ["", "FRO alpine\n", "<html>\n", "{{ base }}\n"])
def test_says_of_what_is_no_dockerfile_that_nothing_is_built(text: str) -> None:
    """Silence about it would read as if it had been found healthy."""
    assert project({"Dockerfile": text, "a/Dockerfile": APP}).skipped == (
        Skipped("Dockerfile", "has no FROM, so nothing is built from it"),
    )


def test_a_reader_that_fails_loses_only_its_file() -> None:
    """One odd file must not hide what is wrong with the others."""

    def fail(source: Source) -> object:
        raise RuntimeError(source.text)

    files = {path: Source(path, APP) for path in ("Dockerfile", "Makefile")}
    snapshot = Snapshot(frozenset(files), files)

    found = Project.of(snapshot, {**READERS, Kind.MAKEFILE: fail})

    assert list(found.files()) == ["Dockerfile"]
    assert found.skipped == (
        Skipped("Makefile", "the makefile reader failed: RuntimeError"),
    )


@pytest.mark.parametrize(
    ("path", "text", "reason"),
    [
        ("Dockerfile", "FROM a\n" * 501, "501 stages; more than 500"),
        (
            "Dockerfile",
            "FROM a\n" + "RUN b\n" * 5000,
            "5001 instructions; more than 5000",
        ),
        ("Makefile", "a:\n" * 2001, "2001 rules; more than 2000"),
        (
            "Makefile",
            "a:\n" + "\tdocker build .\n" * 10_001,
            "10001 recipe lines; more than 10000",
        ),
        (
            "Makefile",
            "A ?= amd64\n" * 5001,
            "5001 assignments and conditions; more than 5000",
        ),
    ],
)
def test_skips_what_no_author_writes(path: str, text: str, reason: str) -> None:
    """Parts refer to each other, so that many of them would take hours."""
    sources = {path: Source(path, text)}

    found = Project.of(Snapshot(frozenset(sources), sources))

    skipped = Skipped(path, f"it has {reason} are not judged")
    assert (dict(found.files()), found.skipped) == ({}, (skipped,))


def test_knows_who_builds_a_dockerfile_for_which_platform() -> None:
    """The same make target builds another file for another architecture."""
    found = tagged()

    def targets(path: str, platform: str) -> list[str]:
        return [call.target for call in found.callers(path, platform)]

    assert targets("image/Dockerfile", ARM64) == ["app"]
    assert targets("image/Dockerfile", "linux/arm64/v8") == ["app"]
    assert targets("image/Dockerfile", "linux/s390x") == []
    assert targets("image/Dockerfile-s390x", "linux/s390x") == ["app"]
    assert targets("missing", ARM64) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FROM a\n", Builder.CLASSIC),
        ("ARG TARGETARCH=amd64\nFROM a\n", Builder.CLASSIC),
        ("FROM a\nCOPY --from=b x y\n", Builder.CLASSIC),
        ("# syntax=docker/dockerfile:1\nFROM a\n", Builder.BUILDKIT),
        ("FROM a\nRUN --mount=type=cache,target=/x y\n", Builder.BUILDKIT),
        ("FROM a\nCOPY --chmod=755 x y\n", Builder.BUILDKIT),
        ("FROM a\nRUN <<E\nx\nE\n", Builder.BUILDKIT),
        ("FROM --platform=$BUILDPLATFORM a\n", Builder.BUILDKIT),
        ("FROM a\nARG TARGETARCH\n", Builder.BUILDKIT),
    ],
)
def test_a_dockerfile_may_ask_for_buildkit(text: str, expected: Builder) -> None:
    """What the classic builder cannot build is not built with it."""
    files = {"Makefile": "all:\n\tdocker build .\n", "Dockerfile": text}
    found = project(files)

    assert found.builder("Dockerfile") is expected
    assert [call.builder for call in found.callers("Dockerfile", ARM64)] == [expected]


def test_docker_alone_means_buildkit() -> None:
    """Where no caller says otherwise, today's Docker decides."""
    assert project({"Dockerfile": APP}).builder("Dockerfile") is Builder.BUILDKIT


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("docker buildx build", "docker/Dockerfile.dockerignore"),
        ("docker build", ".dockerignore"),
    ],
)
def test_the_nearest_ignore_file_is_in_force(command: str, expected: str) -> None:
    """Only BuildKit reads the one beside the Dockerfile."""
    found = project(
        {
            "Makefile": f"all:\n\t{command} -f docker/Dockerfile .\n",
            "docker/Dockerfile": APP,
            "docker/Dockerfile.dockerignore": "a\n",
            "docker/.dockerignore": "b\n",
            ".dockerignore": "c\n",
        }
    )

    ignore = found.ignore_file("docker/Dockerfile", ".")

    assert ignore is not None
    assert ignore.source.path == expected


def test_the_ignore_file_is_that_of_the_context() -> None:
    """Docker never looks at the ignore files of other folders."""
    found = tagged()
    ignore = found.ignore_file("image/Dockerfile", "image")

    assert ignore is not None
    assert ignore.source.path == "image/.dockerignore"
    assert found.ignore_file("image/Dockerfile", "bin") is None


def test_asks_for_the_images_of_the_platform() -> None:
    """Stages, scratch, unknown names and other architectures' files do not ask."""
    text = (
        "ARG BASE\nARG TAG=1\n"
        "FROM golang:$TAG AS build\nFROM scratch\nFROM build\n"
        "FROM $UNKNOWN\nFROM $BASE\n"
        "COPY --from=build a b\nCOPY --from=0 a b\nCOPY --from=busybox:1 a b\n"
        "RUN --mount=type=bind,from=tools:2,target=/t x\n"
    )
    found = project(
        {
            "Makefile": "all:\n\tdocker buildx build --build-arg BASE=debian:9 .\n",
            "Dockerfile": text,
            "Dockerfile-s390x": "FROM s390x/alpine\n",
            "Dockerfile.arm64": "FROM arm64v8/alpine\n",
        }
    )

    assert found.images(ARM64) == (
        "arm64v8/alpine",
        "busybox:1",
        "debian:9",
        "golang:1",
        "tools:2",
    )


def test_expands_the_platform_only_where_the_builder_does() -> None:
    """The classic builder leaves TARGETARCH empty: that names no image."""
    text = "ARG TARGETARCH\nFROM base-$TARGETARCH:1\n"
    dockerfile = {"Dockerfile": text}
    classic = {"Makefile": "all:\n\tdocker build .\n"}

    assert project(dockerfile).images(ARM64) == ("base-arm64:1",)
    plain = {"Dockerfile": "FROM base-$TARGETARCH:1\n"}
    assert project({**plain, **classic}).images(ARM64) == ()


def test_callers_that_disagree_give_no_argument() -> None:
    """A value that only one caller gives is nothing to rely on."""
    text = (
        "a:\n\tdocker build --build-arg X=1 --build-arg Y=2 .\n"
        "b:\n\tdocker build --build-arg X=1 --build-arg Y=3 .\n"
    )
    found = project({"Makefile": text, "Dockerfile": APP})

    assert found.arguments("Dockerfile", ARM64) == {"X": "1"}
    assert project({"Dockerfile": APP}).arguments("Dockerfile", ARM64) == {}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("Dockerfile", None),
        ("docker-image/Dockerfile-ppc64le", Architecture.PPC64LE),
        ("centos7-build.Dockerfile-s390x", Architecture.S390X),
        ("Dockerfile.arm32v7", Architecture.ARM),
        ("Dockerfile.aarch64", Architecture.ARM64),
        ("docker/arm64/Dockerfile", Architecture.ARM64),
        ("arm64/Dockerfile.amd64", Architecture.AMD64),
        ("Dockerfile.amd64-arm64", None),
        ("alarm/Dockerfile", None),
    ],
)
def test_a_name_may_tie_a_dockerfile_to_an_architecture(
    path: str, expected: Architecture | None
) -> None:
    """Such a file is right to name its own architecture."""
    assert is_for(path) is expected


def test_the_owner_decides_what_is_built() -> None:
    """A configured build replaces everything that could be found."""
    config = (
        "builds:\n  - name: app\n    command: make app ARCH=$TARGETARCH\n"
        "    prepare: {image: golang, command: make bin}\n"
    )
    found = project({"Makefile": TAGGED, ".github/multiarch.yml": config})

    assert found.recipes(ARM64) == (
        Recipe(
            "app",
            command="make app ARCH=$TARGETARCH",
            prepare=Prepare("golang", "make bin"),
            found=".github/multiarch.yml:2",
        ),
    )


def test_builds_as_the_makefile_does() -> None:
    """Neither the other architecture's file nor the Dockerfile alone is built."""
    assert tagged().recipes(ARM64) == (
        Recipe("app", command="make app ARCH=$TARGETARCH", found="Makefile:6"),
    )


def test_a_target_without_a_name_is_built_directly() -> None:
    """Where make cannot be asked, the same build is made without it."""
    makefile = "$(shell x):\n\tdocker build --build-arg A=1 -f D.Dockerfile sub\n"
    files = {"Makefile": makefile, "D.Dockerfile": APP}
    found = project(files, "sub/bin/app-amd64")

    assert found.recipes(ARM64) == (
        Recipe(
            "D.Dockerfile",
            dockerfile="D.Dockerfile",
            context="sub",
            args=(("A", "1"),),
            found="Makefile:1",
        ),
    )


def test_builds_products_and_not_their_tools() -> None:
    """An image with nothing to start, or one that the build works in, is a tool."""
    makefile = (
        "tool:\n\tdocker build -t tool -f tool.Dockerfile .\n"
        "bin: tool\n\tdocker run -v $$PWD:/x tool\n"
        "env:\n\tdocker build -f env.Dockerfile .\n"
        "app: bin\n\tdocker build .\n"
        "push: app\n\tdocker build --push .\n"
    )
    files = {"Makefile": makefile, "Dockerfile": APP, "env.Dockerfile": "FROM a\n"}
    found = project({**files, "tool.Dockerfile": APP})

    assert [recipe.name for recipe in found.recipes(ARM64)] == ["app"]


def test_a_tool_is_built_where_there_is_nothing_else() -> None:
    """A project of build images has them as its products."""
    makefile = "tool:\n\tdocker build -t tool .\ntry:\n\tdocker run -v a:b tool\n"
    found = project({"Makefile": makefile, "Dockerfile": "FROM a\n"})

    assert [recipe.name for recipe in found.recipes(ARM64)] == ["tool"]


@pytest.mark.parametrize(
    ("path", "text", "others", "context"),
    [
        ("Dockerfile", "FROM a\nCOPY x /\n", (), "."),
        ("web/Dockerfile", "FROM a\nCOPY main.go /\n", ("web/main.go",), "web"),
        ("docker/Dockerfile", "FROM a\nCOPY src/ /s\n", ("src/a.go",), "."),
        ("a/b/Dockerfile", "FROM a\nADD c/*.sh /\n", ("a/c/x.sh",), "a"),
        ("web/Dockerfile", "FROM a\nCOPY . /\n", ("main.go",), "web"),
        ("web/Dockerfile", "FROM a\nADD https://x/y /\n", (), "web"),
        ("web/Dockerfile", "FROM a\nCOPY --from=b go.mod /\n", ("go.mod",), "web"),
        ("d/Dockerfile", "FROM a\nCOPY go.mod bin/x /\n", ("go.mod",), "."),
    ],
)
def test_a_dockerfile_alone_is_built_where_its_sources_are(
    path: str, text: str, others: tuple[str, ...], context: str
) -> None:
    """The context is the nearest folder that holds what the file copies."""
    found = project({path: f"# top\n{text}"}, *others)

    assert found.recipes(ARM64) == (
        Recipe(path, dockerfile=path, context=context, found=f"{path}:2"),
    )


@pytest.mark.parametrize(
    "path",
    [
        "vendor/x/Dockerfile",
        "pkg/testdata/Dockerfile",
        "web/node_modules/y/Dockerfile",
        "third_party/Dockerfile",
        "Dockerfile-s390x",
        "docker/ppc64le/Dockerfile",
        "Dockerfile.j2",
    ],
)
def test_does_not_build_what_is_not_ours_to_build(path: str) -> None:
    """Other people's code, test data, templates and other architectures."""
    assert project({path: APP}).recipes(ARM64) == ()


def test_does_not_build_what_has_no_stage() -> None:
    """A file without FROM is no image."""
    assert project({"Dockerfile": "RUN x\n"}).recipes(ARM64) == ()


def test_a_platforms_own_dockerfile_replaces_the_general_one() -> None:
    """``Dockerfile.arm64`` beside ``Dockerfile`` is what arm64 builds."""
    found = project({"Dockerfile": APP, "Dockerfile.arm64": APP, "web.Dockerfile": APP})

    assert [recipe.name for recipe in found.recipes(ARM64)] == [
        "Dockerfile.arm64",
        "web.Dockerfile",
    ]


def test_never_asks_make_for_a_target_that_publishes() -> None:
    """The same image is built without it, and without what it would send."""
    makefile = "push:\n\tdocker build -t x .\n\tdocker push x\n"
    found = project({"Makefile": makefile, "Dockerfile": "FROM a\nCMD b\n"})

    assert found.recipes(ARM64) == (
        Recipe("Dockerfile", dockerfile="Dockerfile", found="Makefile:1"),
    )


def test_goes_to_an_image_by_a_target_that_does_not_publish() -> None:
    """Of the names above a file the one that only builds is asked for."""
    makefile = (
        "V := $(shell date)\nout/$(V).tar:\n\tdocker build .\n"
        "push: out/$(V).tar\n\tdocker push x\n"
        "e2e-test: out/$(V).tar\n\t./run\n"
        "image: other out/$(V).tar\n"
    )
    found = project({"Makefile": makefile, "Dockerfile": "FROM a\nCMD b\n"})

    assert [recipe.command for recipe in found.recipes(ARM64)] == ["make image"]


def test_does_not_build_tests_and_examples() -> None:
    """By themselves or by their own Makefile; but by the project's own, yes."""
    image = "FROM a\nCMD b\n"
    files = {
        "Makefile": "demo:\n\tdocker build examples/demo\n",
        "Dockerfile": image,
        "examples/demo/Dockerfile": image,
        "examples/web/Dockerfile": image,
        "test/e2e/Makefile": "image:\n\tdocker build .\n",
        "test/e2e/Dockerfile": image,
    }
    found = project(files)

    assert [each.name for each in found.recipes(ARM64)] == ["demo", "Dockerfile"]
    assert [each.path for each in found.left_out(ARM64)] == ["examples/web/Dockerfile"]


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("COPY tool /\n", "tool"),
        ("COPY ./bin/tool /\n", "bin/tool"),
        ("ARG ARCH=amd64\nCOPY .build/$ARCH/tool /\n", ".build/amd64/tool"),
        ("ARG TARGETARCH\nADD tool-$TARGETARCH /\n", "tool-arm64"),
    ],
)
def test_does_not_build_alone_what_a_step_has_to_make(text: str, missing: str) -> None:
    """A loop of the Makefile makes the file: the build alone would always fail."""
    loop = "all:\n\tfor a in $(ALL); do cp x t/$$a; docker build t/$$a; done\n"
    found = project({"Makefile": loop, "Dockerfile": f"FROM a\n{text}"}, "main.go")

    assert found.recipes(ARM64) == ()
    assert found.left_out(ARM64) == (
        LeftOut(
            "Dockerfile",
            f"it copies {missing}, which a step before the build has to make; "
            "name the command that does in .github/multiarch.yml",
        ),
    )


def test_the_owner_leaves_nothing_out() -> None:
    """Who names the builds has decided about the rest too."""
    config = "builds:\n  - name: app\n    command: make app\n"
    files = {"examples/a/Dockerfile": APP, ".github/multiarch.yml": config}

    assert project(files).left_out(ARM64) == ()


def test_builds_the_nearest_and_not_too_many() -> None:
    """A collection of images is not built as a whole; what is left out is told."""
    image = "FROM a\nCMD b\n"
    folders = [f"image{number:02}" for number in range(building.MOST + 4)]
    files = {f"{folder}/Dockerfile": image for folder in folders}
    found = project({**files, "a/b/Dockerfile": image, "Dockerfile": image})
    built = [recipe.name for recipe in found.recipes(ARM64)]

    assert len(built) == building.MOST
    assert built[:2] == ["Dockerfile", "image00/Dockerfile"]
    assert [each.path for each in found.left_out(ARM64)][-1] == "a/b/Dockerfile"
    assert len(found.left_out(ARM64)) == 6


def test_every_recipe_has_its_own_name() -> None:
    """Two that are called ``image`` would be one in a report."""
    make = "image:\n\tdocker build .\n"
    image = "FROM a\nCMD b\n"
    files = {"Makefile": make, "Dockerfile": image}
    more = {"web/Makefile": make, "web/Dockerfile": image}
    found = project({**files, **more}).recipes(ARM64)

    assert [each.name for each in found] == ["image", "web/image"]


def test_what_is_called_for_another_platform_is_not_built_alone() -> None:
    """The Makefile knows the file; it just does not build it for arm64."""
    makefile = "ARCH ?= amd64\nifeq ($(ARCH),amd64)\napp:\n\tdocker build .\nendif\n"
    found = project({"Makefile": makefile, "Dockerfile": APP})

    assert found.recipes(ARM64) == ()


def test_an_including_makefile_is_a_neighbour() -> None:
    """It may hold the variables that decide what the included part builds."""
    found = project(
        {
            "Makefile": "ARCH ?= amd64\ninclude image.mk\n",
            "image.mk": "app:\n\tdocker build .\n",
            "Dockerfile": APP,
        }
    )

    assert found.neighbours(["Makefile"]) == {"Makefile", "image.mk", "Dockerfile"}


def test_neighbours_are_one_step_away() -> None:
    """A change is judged together with the files that share its build."""
    config = {".github/multiarch.yml": ""}
    found = project(
        {
            "Makefile": TAGGED,
            "image/Dockerfile": APP,
            "image/.dockerignore": "",
            "other/Dockerfile": APP,
            "other/Dockerfile.dockerignore": "",
            **config,
        }
    )
    mine = {"Makefile", "image/Dockerfile", "image/.dockerignore", *config}

    assert found.neighbours(["image/Dockerfile"]) == mine
    assert found.neighbours(["image/.dockerignore"]) == mine
    assert found.neighbours(["Makefile"]) == mine
    assert found.neighbours(["other/Dockerfile"]) == {
        "other/Dockerfile",
        "other/Dockerfile.dockerignore",
        *config,
    }
    assert found.neighbours(["gone"]) == {"gone", *config}


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(
            [
                *("Makefile", "Dockerfile", "a/Dockerfile", ".dockerignore", "x.mk"),
                *(".github/multiarch.yml", "Dockerfile-s390x"),
            ]
        ),
        st.sampled_from(
            [APP, TAGGED, "*\n!bin\n", "\x00", "FROM", "a:\n\tdocker build"]
        )
        | st.text(max_size=30),
    )
)
def test_relates_anything(files: dict[str, str]) -> None:
    """No tree crashes the project, and it answers only with its own files."""
    found = project(files)

    told = (NO_STAGE, "is not read in full: line ")
    assert all(one.reason.startswith(told) for one in found.skipped)
    assert found.neighbours(files) >= set(files)
    assert found.images(ARM64) == tuple(sorted(found.images(ARM64)))
    for recipe in found.recipes(ARM64):
        assert bool(recipe.command) != bool(recipe.dockerfile)
