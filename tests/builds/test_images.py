"""Tests of the names that a recipe gives to its images."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.builds.images import OwnImage, OwnImages, normal
from bot.builds.reading import Reading

PLATFORM = "linux/amd64"
FIRST = OwnImage("multiarch-run:1", "sha256:" + "a" * 64, "classic")
SECOND = OwnImage("multiarch-run:2", "sha256:" + "b" * 64, "classic")


def replace_names(images: OwnImages, file: Path) -> None:
    """Let *file* start from *images*, as a build reads it."""
    read = asyncio.run(Reading().read(file, (), PLATFORM, "classic"))
    assert read is not None
    images.replace_names(file, read)


@pytest.fixture
def images() -> OwnImages:
    """Give two images, the first of them with a name."""
    return OwnImages({"them/base:latest": FIRST}, [FIRST, SECOND])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("them/base", FIRST),
        ("them/base:latest", FIRST),
        ("a" * 12, FIRST),
        (SECOND.id, SECOND),
        ("them/base:1", None),
        ("alpine", None),
    ],
)
def test_an_image_is_found_by_name_or_id(
    images: OwnImages, name: str, expected: OwnImage | None
) -> None:
    """No tag means ``latest``; what the recipe did not build is not its own."""
    assert images.find(name) == expected


def test_the_image_of_the_recipes_name_is_its_result(images: OwnImages) -> None:
    """Otherwise what has a name is, and where nothing has, the last one built."""
    nameless = OwnImages({}, [FIRST, SECOND])

    assert images.results("them/base") == (FIRST,)
    assert images.results("elsewhere") == (FIRST,)
    assert nameless.results("elsewhere") == (SECOND,)
    assert OwnImages().results("x") == ()


def test_a_recipe_may_have_several_results(tmp_path: Path) -> None:
    """All of them are shipped; what others stand on, or was run, is a tool."""
    third = OwnImage("multiarch-run:3", "sha256:" + "c" * 64, "classic")
    names = {"them/base:latest": FIRST, "a:1": SECOND, "a:2": SECOND, "b:1": third}
    images = OwnImages(names, [FIRST, third, SECOND])
    file = tmp_path / "Dockerfile"
    file.write_text("FROM them/base\n")
    replace_names(images, file)
    several = images.results("elsewhere")
    images.used.add(SECOND.id)

    assert several == (third, SECOND)
    assert images.results("elsewhere") == (third,)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a", "a:latest"), ("a:1", "a:1"), ("host:5000/a", "host:5000/a:latest")],
)
def test_a_port_is_no_tag(name: str, expected: str) -> None:
    """The last part of a reference may carry the tag."""
    assert normal(name) == expected


def test_own_names_are_replaced_and_nothing_else(
    images: OwnImages, tmp_path: Path
) -> None:
    """The log and the lines must stay those of the author's file."""
    file = tmp_path / "Dockerfile"
    file.write_bytes(
        b"# them/base\r\nFROM  them/base AS x\nFROM alpine\n"
        b"COPY --from=them/base:latest /a /b\nCOPY --from=x /c /d\xff\n"
    )
    replace_names(images, file)

    assert file.read_bytes() == (
        b"# them/base\r\nFROM  multiarch-run:1 AS x\nFROM alpine\n"
        b"COPY --from=multiarch-run:1 /a /b\nCOPY --from=x /c /d\xff\n"
    )
