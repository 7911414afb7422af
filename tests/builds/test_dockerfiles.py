"""Tests of which file is read as the Dockerfile of a build."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.builds import dockerfiles
from bot.builds.build import Order
from bot.builds.reading import Reading
from bot.errors import UserError

PLATFORM = "linux/amd64"


def prepared(tree: Path, name: str = "Dockerfile") -> Path:
    """Return what is read as *name* of *tree*."""
    folder = tree.parent / "ours"
    folder.mkdir()
    return dockerfiles.prepared(tree, tree, tree / name, folder)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Give an empty tree."""
    made = tmp_path / "tree"
    made.mkdir()
    return made


def test_a_plain_file_is_read_where_it_is(tree: Path) -> None:
    """So is one that is missing: the builder says so."""
    (tree / "Dockerfile").write_text("FROM x\n")

    assert prepared(tree) == tree / "Dockerfile"


def test_the_name_in_small_letters_is_read_where_there_is_no_other(
    tree: Path,
) -> None:
    """BuildKit takes it, so it must be what is judged."""
    (tree / "dockerfile").write_text("FROM x\n")

    assert prepared(tree) == tree / "dockerfile"


def test_a_link_is_read_once_and_by_us(tree: Path) -> None:
    """BuildKit would follow it within its own folder, to another file."""
    (tree / "docker").mkdir()
    (tree / "real").write_text("FROM real\n")
    (tree / "docker/real").write_text("FROM evil\n")
    (tree / "docker/Dockerfile").symlink_to("../real")
    (tree / "docker/Dockerfile.dockerignore").write_text("x\n")
    found = prepared(tree, "docker/Dockerfile")

    assert found.read_text() == "FROM real\n"
    assert not found.is_symlink()
    assert found.with_name("Dockerfile.dockerignore").read_text() == "x\n"


@pytest.mark.parametrize("name", ["Dockerfile", "dockerfile"])
def test_a_link_out_of_the_tree_is_refused(tree: Path, name: str) -> None:
    """It would be read from this machine."""
    (tree / name).symlink_to("/etc/passwd")
    with pytest.raises(UserError, match="leads out of the project"):
        prepared(tree)


@pytest.mark.parametrize(
    ("text", "builder", "refused"),
    [
        ("FROM alpine:3.6\n", "buildkit", ""),
        ("FROM a5\n", "classic", "could be the id"),
        ("FROM multiarch-run:x\n", "buildkit", "gives to images by itself"),
        ("# syntax=evil/x\nFROM alpine\n", "buildx", "to read its Dockerfile"),
        ("# syntax=evil/x\nFROM alpine\n", "classic", ""),
    ],
)
async def test_what_a_dockerfile_names_is_judged(
    tree: Path, text: str, builder: str, refused: str
) -> None:
    """The classic builder takes a syntax line for the comment that it is."""
    (tree / "Dockerfile").write_text(text)
    order = Order(tree, tree / "Dockerfile", PLATFORM)
    try:
        await dockerfiles.judge(order, builder, Reading())
        said = ""
    except UserError as error:
        said = str(error)

    assert refused in said
    assert bool(refused) is bool(said)
