"""The values of variables, and the images they lead to."""

from __future__ import annotations

import pytest

from bot.model import Source
from bot.parse.dockerfile import Dockerfile, parse
from bot.parse.scope import Base, Values, automatic, images_of, origin_of, scope, scopes

ARM64 = automatic("linux/arm64", "linux/amd64")


def read(text: str) -> Dockerfile:
    """Read *text*."""
    return parse(Source("Dockerfile", text))


def at_end(text: str, **given: str) -> Values:
    """Return the values at the end of the last stage, without BuildKit's own."""
    dockerfile = read(text)
    return scope(dockerfile, dockerfile.stages[-1], None, given)


def bases(text: str, **given: str) -> list[tuple[Base, str | None]]:
    """Return what each stage is built on."""
    dockerfile = read(text)
    origins = [origin_of(dockerfile, each, given) for each in dockerfile.stages]
    return [(origin.base, origin.image) for origin in origins]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FROM a\n", {}),
        ("ARG x=1\nFROM a\n", {}),
        ("ARG x=1\nFROM a\nARG x\n", {"x": "1"}),
        ("ARG x=1\nFROM a\nARG x=2\n", {"x": "2"}),
        ("FROM a\nARG x\n", {"x": None}),
        ("FROM a\nARG x=1\nENV y=$x-b\n", {"x": "1", "y": "1-b"}),
        ("FROM a\nARG x=1\nENV x=2\n", {"x": "2"}),
        ("FROM a\nENV x=2\nARG x=1\n", {"x": "2"}),
        ("FROM a\nENV x=1\nENV x=2 y=$x\n", {"x": "2", "y": "1"}),
        ("FROM a\nENV y=$GOPATH/bin\n", {}),
        ("FROM a\nARG y=1\nENV y=$GOPATH/bin\n", {}),
        ("ARG x=$no\nFROM a\nARG x\n", {}),
        ("ARG x=${no:-d}\nFROM a\nARG x\n", {"x": "d"}),
        ("FROM a\nENV old  'b c' d\n", {"old": "b c d"}),
        ("FROM a AS b\nARG x=1\nENV y=2\nFROM B\n", {"x": "1", "y": "2"}),
        ("FROM a AS b\nARG x=1\nFROM c\n", {}),
        ("ARG x=1\nARG y=$x.2\nFROM a\nARG y\n", {"y": "1.2"}),
    ],
)
def test_follows_declarations(text: str, expected: Values) -> None:
    """The scopes of ARG surprise even their authors; ours must be Docker's."""
    assert at_end(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FROM a\nARG x=1\n", {"x": "g"}),
        ("FROM a\nARG x\n", {"x": "g"}),
        ("ARG x=1\nFROM a\nARG x\n", {"x": "g"}),
        ("FROM a\nENV x=1\n", {"x": "1"}),
        ("FROM a\n", {}),
    ],
)
def test_lets_a_given_argument_win_where_it_is_declared(
    text: str, expected: Values
) -> None:
    """``--build-arg`` overrides defaults, never ENV, and only what is declared."""
    assert at_end(text, x="g") == expected


def test_stops_at_the_instruction() -> None:
    """A variable declared two lines below has no value yet."""
    dockerfile = read("FROM a\nARG x=1\nRUN b\nARG y=2\n")
    (stage,) = dockerfile.stages

    assert scope(dockerfile, stage, stage.instructions[1], {}) == {"x": "1"}
    assert scope(dockerfile, stage, stage.start, {}) == {}
    assert scope(dockerfile, None, None, {}) == {}


def test_knows_the_arguments_of_buildkit() -> None:
    """TARGETARCH has a value only where it is declared, and where BuildKit builds."""
    dockerfile = read("FROM a\nARG TARGETARCH\nARG BUILDPLATFORM\nARG TARGETVARIANT\n")
    (stage,) = dockerfile.stages

    assert scope(dockerfile, stage, None, {}, ARM64) == {
        "TARGETARCH": "arm64",
        "BUILDPLATFORM": "linux/amd64",
        "TARGETVARIANT": "",
    }
    assert scope(dockerfile, stage, None, {})["TARGETARCH"] is None


def test_sees_that_a_default_hides_the_argument_of_buildkit() -> None:
    """``ARG TARGETARCH=amd64`` is amd64 on every platform: a fault we look for."""
    dockerfile = read("FROM a\nARG TARGETARCH=amd64\n")

    values = scope(dockerfile, dockerfile.stages[0], None, {}, ARM64)

    assert values == {"TARGETARCH": "amd64"}


def test_splits_platforms() -> None:
    """The variant is a value of its own."""
    assert automatic("linux/arm/v7") == {
        "TARGETPLATFORM": "linux/arm/v7",
        "TARGETOS": "linux",
        "TARGETARCH": "arm",
        "TARGETVARIANT": "v7",
        "BUILDPLATFORM": "linux/arm/v7",
        "BUILDOS": "linux",
        "BUILDARCH": "arm",
        "BUILDVARIANT": "v7",
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FROM alpine:3.4\n", (Base.IMAGE, "alpine:3.4")),
        ("ARG v=3.4\nFROM alpine:$v\n", (Base.IMAGE, "alpine:3.4")),
        ("FROM ${base:-alpine}\n", (Base.IMAGE, "alpine")),
        ("FROM scratch\n", (Base.SCRATCH, None)),
        ("FROM a AS Build\nFROM build\n", (Base.STAGE, None)),
        ("ARG from=one\nFROM a AS one\nFROM $from\n", (Base.STAGE, None)),
        ("FROM 0\n", (Base.IMAGE, "0")),
        ("ARG v\nFROM a:$v\n", (Base.UNKNOWN, None)),
        ("FROM a:$v\n", (Base.UNKNOWN, None)),
        ("FROM\n", (Base.UNKNOWN, None)),
        ("FROM self AS self\n", (Base.IMAGE, "self")),
    ],
)
def test_finds_what_a_stage_is_built_on(
    text: str, expected: tuple[Base, str | None]
) -> None:
    """Only an image has a registry to ask; a stage or scratch has none."""
    assert bases(text)[-1] == expected


def test_names_the_image_in_force() -> None:
    """A caller's argument may choose another image than the default."""
    dockerfile = read("ARG v=3.4\nFROM alpine:$v\n")

    assert images_of(dockerfile, {"v": "3.6"}) == ("alpine:3.6",)


def test_walks_through_the_variables_of_every_stage() -> None:
    """Looked up for each instruction anew, a long file would take hours."""
    dockerfile = read(
        "ARG v=1\nFROM a AS b\nARG v\nENV e=$v\nRUN x\n"
        "FROM b\nARG e=2\nARG w=$e\nENV v=3\nRUN y\nFROM b\nRUN z\n"
    )

    walked = [(each, dict(known)) for each, known in scopes(dockerfile, {"w": "4"})]

    assert walked == [
        (each, scope(dockerfile, stage, each, {"w": "4"}))
        for stage in dockerfile.stages
        for each in stage.instructions
    ]
