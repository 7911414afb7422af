"""Tests of what the operator decides about the engines of trust domains."""

from __future__ import annotations

from bot.builds.nested.options import NestedOptions
from bot.builds.nested.reach import parse


def test_where_mirrors_and_names_are_is_for_no_log() -> None:
    """What a project names itself stays: it is in the project's files."""
    options = NestedOptions(
        reach=(parse("registry.corp=10.1.2.3:5000"), parse("10.1.4.0/24")),
        flags=("--registry-mirror=http://mirror.corp:5000", "--insecure-registry=a:1"),
    )

    assert options.unseen == ("mirror.corp:5000", "10.1.2.3")
    assert NestedOptions().unseen == ()
