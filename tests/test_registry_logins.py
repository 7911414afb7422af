"""Logins from a file like Docker's, with whom each of them is for."""

from __future__ import annotations

import json
from pathlib import Path

from bot import registry_logins
from bot.images.logins import Credentials, Login, Logins

AUTH = "dTpw"
ONE = Credentials("u", "p")


def read(folder: Path, content: object) -> Logins:
    """Return the logins of a file that holds *content*."""
    file = folder / "config.json"
    file.write_text(json.dumps(content))
    return registry_logins.read(file)


def test_an_entry_says_whom_it_is_for(tmp_path: Path) -> None:
    """Several logins for one registry are a list."""
    found = read(
        tmp_path,
        {
            "auths": {
                "ghcr.io": [
                    {"auth": AUTH, "for": ["owner", "other/name"]},
                    {"username": "v", "password": "q", "for": ["*"]},
                ],
                "https://index.docker.io/v1/": {"auth": AUTH},
            }
        },
    )

    assert found == Logins(
        (
            Login("ghcr.io", ONE, frozenset({"owner", "other/name"})),
            Login("ghcr.io", Credentials("v", "q"), frozenset({"*"})),
            Login("docker.io", ONE),
        )
    )


def test_helpers_are_known_but_give_no_login(tmp_path: Path) -> None:
    """They would give that of whoever runs the bot, to anybody."""
    found = read(tmp_path, {"credHelpers": {"gcr.io": "gcloud"}})

    assert found == Logins((), {"credHelpers": {"gcr.io": "gcloud"}})
    assert found.of_repository("owner/name") == {}


def test_a_login_of_a_browser_keeps_its_token(tmp_path: Path) -> None:
    """Docker needs it; there is no password."""
    found = read(tmp_path, {"auths": {"r": {"auth": "dTo=", "identitytoken": "t"}}})

    assert found == Logins((Login("r", Credentials("u", "", "t")),))
