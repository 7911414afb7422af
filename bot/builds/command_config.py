"""The docker command's configuration: private, with the logins of whoever builds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from bot.images.logins import Credentials
from bot.images.reference import DOCKER_HUB

_HUB_KEY = "https://index.docker.io/v1/"
"""Under which Docker looks for the login of its own hub."""


def write(
    folder: Path,
    logins: Mapping[str, Credentials],
    helpers: Mapping[str, object],
    home: str,
) -> None:
    """Make *folder* the configuration of a docker command.

    *logins* are known by registry; *helpers* are written as they are. Plugins
    (buildx) that the user *home* has installed stay in reach.
    """
    chosen: dict[str, object] = dict(helpers)
    if logins:
        chosen["auths"] = {_key(host): _entry(logins[host]) for host in logins}
    plugins = Path(home) / ".docker" / "cli-plugins"
    chosen["cliPluginsExtraDirs"] = [str(plugins)] if plugins.is_dir() else []
    folder.mkdir(mode=0o700, exist_ok=True)
    target = folder / "config.json"
    target.touch(mode=0o600)
    target.write_text(json.dumps(chosen), "utf-8")


def _key(host: str) -> str:
    return _HUB_KEY if host == DOCKER_HUB else host


def _entry(login: Credentials) -> dict[str, str]:
    token = {"identitytoken": login.identity_token} if login.identity_token else {}
    return {"auth": login.basic} | token
