"""Where the values of settings come from: the environment, files and defaults."""

from __future__ import annotations

import difflib
import logging
import os
import shlex
import socket
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path

from bot.errors import UserError

LOG = logging.getLogger(__name__)

FROM_FILES = ("MULTIARCH_PRIVATE_KEY", "MULTIARCH_WEBHOOK_SECRET")
"""What may also be in the file that ``…_FILE`` names."""
_PRIVATE = (
    *(f"{name}_FILE" for name in FROM_FILES),
    "MULTIARCH_REGISTRY_CREDENTIALS",
)
_OURS = "MULTIARCH_"
_OTHERS = 0o077
_ALIKE = 0.7


def filled(environ: Mapping[str, str]) -> dict[str, str]:
    """Return *environ* with what is in files, and what depends on the machine."""
    values = dict(environ)
    for variable in FROM_FILES:
        file = values.get(f"{variable}_FILE", "")
        if file and not values.get(variable):
            values[variable] = _secret(variable, file)
    user = values.get("HOME") or str(Path.home())
    state = values.get("XDG_STATE_HOME") or f"{user}/.local/state"
    home = values.get("MULTIARCH_HOME") or f"{state}/multiarch"
    values["MULTIARCH_HOME"] = home
    values["MULTIARCH_DATABASE_URL"] = (
        values.get("MULTIARCH_DATABASE_URL")
        or f"sqlite:///{os.path.expanduser(home)}/multiarch.sqlite"  # noqa: PTH111 - Path's raises for an unknown user
    )
    values["MULTIARCH_WORKER"] = values.get("MULTIARCH_WORKER") or socket.gethostname()
    return values


def warn(environ: Mapping[str, str], variables: Iterable[str]) -> None:
    """Tell the operator what in *environ* is no setting, or is open to others."""
    known = (*variables, *(f"{name}_FILE" for name in FROM_FILES))
    for name in sorted(environ):
        if name.upper().startswith(_OURS) and name not in known:
            LOG.warning(
                "%s is no setting, so it does nothing. %s", name, _hint(name, known)
            )
    for name in _PRIVATE:
        if environ.get(name):
            _warn_of_readers(name, environ[name])


def _hint(name: str, known: Iterable[str]) -> str:
    """Return which setting may be meant by *name*."""
    short = {one.removeprefix(_OURS): one for one in known}
    asked = name.upper().removeprefix(_OURS)
    near = difflib.get_close_matches(asked, short, n=1, cutoff=_ALIKE)
    if near:
        return f"Is {short[near[0]]} meant?"
    return "docs/settings.md lists what can be set."


def _warn_of_readers(name: str, file: str) -> None:
    try:
        mode = stat.S_IMODE(Path(file).expanduser().stat().st_mode)
    except (OSError, RuntimeError):
        return  # whoever reads it says so
    if mode & _OTHERS:
        LOG.warning(
            "%s names %s, which others than its owner may use (mode %04o): whoever "
            "reads it can act as the App or use its logins. Run `chmod 600 %s`.",
            name,
            file,
            mode,
            shlex.quote(file),
        )


def _secret(variable: str, file: str) -> str:
    """Return what is in *file*, which must hold something."""
    try:
        text = Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            f"{variable}_FILE names {file}, which cannot be read "
            f"({type(error).__name__}). Name a readable text file."
        ) from None
    if not text:
        raise UserError(
            f"{variable}_FILE names {file}, which is empty, so there is no "
            f"{variable}. Write it there."
        )
    return text
