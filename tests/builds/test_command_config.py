"""Tests of the docker command's private configuration."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.builds import command_config
from bot.errors import UserError


def _written(folder: Path, logins: str, home: Path) -> object:
    command_config.write(folder / "config", logins, str(home))
    return json.loads((folder / "config/config.json").read_text())


def test_without_logins_there_are_none(tmp_path: Path) -> None:
    """The bot's user may be logged in somewhere; strangers must not use that."""
    (tmp_path / ".docker").mkdir()
    (tmp_path / ".docker/config.json").write_text('{"auths": {"x": {}}}')

    assert _written(tmp_path, "", tmp_path) == {"cliPluginsExtraDirs": []}


def test_the_operators_logins_and_nothing_else_are_taken(tmp_path: Path) -> None:
    """A proxy, a context or a hook in that file would change the build."""
    logins = tmp_path / "logins.json"
    logins.write_text('{"auths": {"x": {"auth": "y"}}, "proxies": {}, "hooks": 1}')
    (tmp_path / ".docker/cli-plugins").mkdir(parents=True)

    assert _written(tmp_path, str(logins), tmp_path) == {
        "auths": {"x": {"auth": "y"}},
        "cliPluginsExtraDirs": [str(tmp_path / ".docker/cli-plugins")],
    }
    assert (tmp_path / "config/config.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [None, "{", "\xff"])
def test_logins_that_cannot_be_read_are_told(
    tmp_path: Path, content: str | None
) -> None:
    """The operator mends the file; the author could not."""
    logins = tmp_path / "logins.json"
    if content is not None:
        logins.write_bytes(content.encode("latin-1"))
    with pytest.raises(UserError, match=r"registry logins in .* cannot be read"):
        command_config.write(tmp_path / "config", str(logins), "")
