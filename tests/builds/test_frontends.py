"""Tests of who may read a Dockerfile."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.builds import frontends
from bot.errors import UserError
from bot.workspace import LARGEST

DIGEST = "sha256:" + "0" * 64


def check(tmp_path: Path, text: str, *args: str, listed: tuple[str, ...] = ()) -> None:
    """Judge a build of the Dockerfile *text*."""
    file = tmp_path / "Dockerfile"
    file.write_bytes(text.encode())
    frontends.check(file, args, listed)


@pytest.mark.parametrize(
    "text",
    [
        "FROM x\n",
        "# a comment\n# syntax=evil/frontend\nFROM x\n",
        "\n# syntax=evil/frontend\nFROM x\n",
        "FROM x\n# syntax=evil/frontend\n",
        "# syntax=docker/dockerfile:1\nFROM x\n",
        "# syntax = docker/dockerfile:1.7-labs\r\nFROM x\n",
        "#syntax=docker.io/docker/dockerfile\n",
        f"# syntax=docker/dockerfile:1@{DIGEST}\n",
        "# syntax=docker/dockerfile-upstream:master\n# escape=`\n",
        "# syntax=\nFROM x\n",
    ],
)
def test_buildkits_own_are_taken_in_any_version(tmp_path: Path, text: str) -> None:
    """A comment below the top is a comment."""
    check(tmp_path, text)


@pytest.mark.parametrize(
    "text",
    [
        "# syntax=evil/frontend\nFROM x\n",
        "#syntax=evil/frontend:1",
        "# SYNTAX = evil/frontend\n",
        "#\tsyntax\t=\tevil/frontend with words\n",
        "\ufeff# syntax=evil/frontend\n",
        "#!/usr/bin/env docker\n# syntax=evil/frontend\n",
        "\ufeff#!x\n# syntax=evil/frontend\n",
        "# escape=`\n# check=skip=all\n# syntax=evil/frontend\n",
        "# other=1\n# syntax=evil/frontend\n",
        "# syntax=docker/dockerfile\n# syntax=evil/frontend\n",
        "// syntax=evil/frontend\n",
        "#!x\n//syntax=evil/frontend\n",
        '{"syntax": "evil/frontend"}',
        '\ufeff \n{"a": {}, "syntax": "docker/dockerfile", "syntax": "evil/x"}',
        '{"syntax": "evil/x", "syntax": "docker/dockerfile"}',
        '{"syntax": "evil/frontend", "a": ' + "[" * 5000 + "]" * 5000 + "}",
        '{"syntax": "evil/frontend", "a": 1' + "0" * 5000 + "}",
        "# syntax=docker/dockerfile/evil\n",
        "# syntax=evil.example/docker/dockerfile\n",
        "# syntax=docker/dockerfile\tx\n",
        f"# syntax={DIGEST}\n",
    ],
)
def test_whatever_some_buildkit_would_run_is_refused(tmp_path: Path, text: str) -> None:
    """It would run with the builder's powers."""
    with pytest.raises(UserError, match="to read its Dockerfile"):
        check(tmp_path, text)


def test_a_build_argument_chooses_as_well(tmp_path: Path) -> None:
    """It comes before what the file says."""
    text = "# syntax=docker/dockerfile:1\n"
    check(tmp_path, text, "BUILDKIT_SYNTAX=docker/dockerfile:1.4", "OTHER=evil/x")

    with pytest.raises(UserError, match="'evil/x' to read its Dockerfile"):
        check(tmp_path, text, "BUILDKIT_SYNTAX= evil/x with words")


def test_the_operator_may_list_more(tmp_path: Path) -> None:
    """Some build with a frontend of their own."""
    check(tmp_path, "# syntax=ghcr.io/us/pack:2\n", listed=("ghcr.io/us/pack",))
    with pytest.raises(UserError):
        check(tmp_path, "# syntax=ghcr.io/us/other\n", listed=("ghcr.io/us/pack",))


def test_a_dockerfile_of_many_mebibytes_is_not_read(tmp_path: Path) -> None:
    """It would be read whole."""
    with pytest.raises(UserError, match="larger than 1 MiB"):
        check(tmp_path, "#" * (LARGEST + 1))
