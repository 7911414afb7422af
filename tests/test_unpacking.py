"""What lies within a folder when its links are followed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bot.unpacking import inside


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("plain", True),
        ("plain/absent", True),
        ("link", True),
        ("up", False),
        ("up/tree/plain", True),
        ("../other", False),
        ("plain/../../other", False),
    ],
)
def test_follows_links_before_it_judges(
    tmp_path: Path, path: str, *, expected: bool
) -> None:
    """A stranger's link must not make us read or write elsewhere."""
    tree = tmp_path / "tree"
    (tree / "plain").mkdir(parents=True)
    (tree / "link").symlink_to("plain")
    (tree / "up").symlink_to("..")

    assert inside(tree, tree / path) is expected


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="it is left to the system")
def test_a_link_that_leads_to_itself_leads_nowhere(tmp_path: Path) -> None:
    """One such `.dockerignore` must not end a job in a traceback."""
    (tmp_path / ".dockerignore").symlink_to(".dockerignore")

    assert inside(tmp_path, tmp_path / ".dockerignore") is False
