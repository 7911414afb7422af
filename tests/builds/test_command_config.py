"""Tests of the docker command's private configuration."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from bot.builds import command_config
from bot.images.logins import Credentials


def _written(
    folder: Path,
    logins: Mapping[str, Credentials],
    helpers: Mapping[str, object] | None = None,
) -> object:
    command_config.write(folder / "config", logins, helpers or {}, str(folder))
    return json.loads((folder / "config/config.json").read_text())


def test_without_logins_there_are_none(tmp_path: Path) -> None:
    """The bot's user may be logged in somewhere; strangers must not use that."""
    (tmp_path / ".docker").mkdir()
    (tmp_path / ".docker/config.json").write_text('{"auths": {"x": {}}}')

    assert _written(tmp_path, {}) == {"cliPluginsExtraDirs": []}


def test_the_given_logins_are_written_as_docker_reads_them(tmp_path: Path) -> None:
    """Docker Hub has an old name, and a login of a browser a token."""
    logins = {
        "docker.io": Credentials("u", "p"),
        "r.example:5000": Credentials("v", "", "t"),
    }
    (tmp_path / ".docker/cli-plugins").mkdir(parents=True)

    assert _written(tmp_path, logins) == {
        "auths": {
            "https://index.docker.io/v1/": {"auth": "dTpw"},
            "r.example:5000": {"auth": "djo=", "identitytoken": "t"},
        },
        "cliPluginsExtraDirs": [str(tmp_path / ".docker/cli-plugins")],
    }
    assert (tmp_path / "config/config.json").stat().st_mode & 0o777 == 0o600


def test_a_person_s_own_helpers_stay(tmp_path: Path) -> None:
    """On a checkout of one's own, docker logs in as it always does."""
    helpers = {"credsStore": "desktop", "credHelpers": {"gcr.io": "gcloud"}}

    assert _written(tmp_path, {}, helpers) == {**helpers, "cliPluginsExtraDirs": []}
