"""The docker command's configuration: private, with the operator's logins alone."""

from __future__ import annotations

import json
from pathlib import Path

from bot.errors import UserError

_LOGINS = frozenset({"auths", "credHelpers", "credsStore"})


def write(folder: Path, logins: str, home: str) -> None:
    """Make *folder* the configuration of a docker command.

    *logins* names a ``config.json`` as ``docker login`` writes it, or is
    empty. Plugins (buildx) that the user *home* has installed stay in reach.
    """
    chosen: dict[str, object] = {
        key: value for key, value in _read(logins).items() if key in _LOGINS
    }
    plugins = Path(home) / ".docker" / "cli-plugins"
    chosen["cliPluginsExtraDirs"] = [str(plugins)] if plugins.is_dir() else []
    folder.mkdir(mode=0o700, exist_ok=True)
    target = folder / "config.json"
    target.touch(mode=0o600)
    target.write_text(json.dumps(chosen), "utf-8")


def _read(logins: str) -> dict[str, object]:
    if not logins:
        return {}
    try:
        said = json.loads(Path(logins).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(
            f"The registry logins in {logins} cannot be read: {error}. Name a file "
            "like the config.json that `docker login` writes."
        ) from error
    return said if isinstance(said, dict) else {}
