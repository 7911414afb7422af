"""Git reads the user's own repositories, and those that he says he trusts."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.errors import UserError
from bot.git import owners

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")


@pytest.fixture
def foreign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the ``.git`` of somebody else; the user's settings are empty."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "settings"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.delenv("SUDO_UID", raising=False)
    dot = tmp_path / "tree" / ".git"
    dot.mkdir(parents=True)
    os.chown(dot, 65534, 65534)
    return dot


def test_ones_own_is_not_refused(tmp_path: Path) -> None:
    """Nothing is asked."""
    owners.refuse_strangers([tmp_path])


def test_another_users_is_refused(foreign: Path) -> None:
    """Its settings would be his; what to do is told."""
    with pytest.raises(UserError) as told:
        owners.refuse_strangers([foreign])

    assert str(told.value) == (
        f"{foreign} belongs to another user, and `git config --global --add "
        f"safe.directory {foreign.parent}` is how git is told to trust it"
    )


@pytest.mark.parametrize("said", ["*", "{}"])
def test_one_that_the_user_trusts_is_not(
    said: str, foreign: Path, tmp_path: Path
) -> None:
    """A tree that is mounted into a container belongs to whoever made it."""
    trusted = said.format(foreign.parent)
    (tmp_path / "settings").write_text(f'[safe]\n\tdirectory = "{trusted}"\n')

    owners.refuse_strangers([foreign])


def test_an_empty_word_takes_trust_back(foreign: Path, tmp_path: Path) -> None:
    """As git reads it."""
    (tmp_path / "settings").write_text("[safe]\n\tdirectory = *\n\tdirectory =\n")

    with pytest.raises(UserError):
        owners.refuse_strangers([foreign])


def test_under_sudo_the_callers_is_not(
    foreign: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """He is who asked."""
    monkeypatch.setenv("SUDO_UID", "65534")

    owners.refuse_strangers([foreign])
