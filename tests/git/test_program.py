"""Git itself: what it is told whatever it is asked, and what it may not do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.errors import UserError
from bot.git import program
from tests.rehearsing import planted


def test_it_is_told_to_run_and_to_ask_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is a second lock beside settings that name no program."""
    planted(tmp_path, {"git": '#!/bin/sh\necho "$@"\necho "$GIT_TERMINAL_PROMPT"\n'})
    (tmp_path / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")

    assert program.ask(("status",), program.as_nobody("/home")) == (
        "-c safe.bareRepository=explicit -c core.fsmonitor= -c core.hooksPath=/dev/null"
        " status\n0\n"
    )


def test_nothing_is_fetched(tmp_path: Path) -> None:
    """A remote's address may be a command, whatever the settings allow."""
    mark = tmp_path / "mark"
    words = ("ls-remote", f"ext::sh -c touch% {mark}")
    with pytest.raises(UserError, match="transport 'ext' not allowed"):
        program.ask(("-c", "protocol.ext.allow=always", *words), program.as_the_user())

    assert not mark.exists()


def test_only_the_user_brings_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command on somebody's checkout gets none but those that were looked at."""
    monkeypatch.setenv("HOME", "/home/me")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    alone = program.as_nobody("/made")

    assert program.as_the_user()["HOME"] == "/home/me"
    assert (alone["HOME"], alone["GIT_CONFIG_GLOBAL"]) == ("/made", os.devnull)
    assert "GIT_CONFIG_COUNT" not in alone | program.as_the_user()
