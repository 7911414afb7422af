"""The App's secrets are read once and are not left where others look."""

from __future__ import annotations

import os
import subprocess

import pytest

from bot import setting_secrets
from bot.cli import main
from bot.errors import UserError

SECRETS = {
    "MULTIARCH_PRIVATE_KEY": "the key",
    "MULTIARCH_WEBHOOK_SECRET": "the secret",
    "MULTIARCH_DATABASE_URL": "postgresql://me:password@host/jobs",
}


def test_settings_are_read_and_secrets_are_taken_out() -> None:
    """What is no secret stays: others may need it."""
    environ = {**SECRETS, "HOME": "/home/me", "MULTIARCH_APP_ID": "7"}
    settings = setting_secrets.taken(environ)

    assert (settings.private_key, settings.webhook_secret) == ("the key", "the secret")
    assert settings.database_url == SECRETS["MULTIARCH_DATABASE_URL"]
    assert environ == {"HOME": "/home/me", "MULTIARCH_APP_ID": "7"}


def test_a_mistake_in_a_setting_leaves_no_secret_either() -> None:
    """The error is reported by whatever the operator has put there."""
    environ = {**SECRETS, "PORT": "none"}
    with pytest.raises(UserError):
        setting_secrets.taken(environ)

    assert environ == {"PORT": "none"}


@pytest.mark.parametrize("command", ["serve", "work"])
def test_the_app_leaves_none_to_its_children(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even to one that is started with all that we have."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("MULTIARCH_APP_ID", raising=False)
    status = main([command])
    seen = subprocess.run(("env",), capture_output=True, text=True, check=True)  # noqa: S607 - the machine's own

    assert status == 2
    assert not any(value in seen.stdout for value in SECRETS.values())
    assert not SECRETS.keys() & os.environ.keys()
