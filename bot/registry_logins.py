"""Logins for registries, from a file like Docker's ``config.json``."""

from __future__ import annotations

import base64
import binascii
import json
from pathlib import Path

from bot.errors import UserError
from bot.images.settings import Credentials

_DOCKER_HUB = frozenset({"index.docker.io", "registry-1.docker.io"})
_ADVICE = (
    "Write it with `docker login`, or by hand: "
    '`{"auths": {"HOST": {"auth": "BASE64 OF USER:PASSWORD"}}}`.'
)


def read(file: Path) -> dict[str, Credentials]:
    """Return the login of each registry that *file* holds one for."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        entries = content["auths"].items()
        return {_host(key): _login(entry) for key, entry in entries if _tells(entry)}
    except OSError as error:
        raise UserError(
            f"MULTIARCH_REGISTRY_CREDENTIALS names {file}, which cannot be read "
            f"({error.strerror}). {_ADVICE}"
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        raise UserError(
            f"MULTIARCH_REGISTRY_CREDENTIALS names {file}, which does not hold "
            f"logins as Docker writes them. {_ADVICE}"
        ) from None


def _host(key: str) -> str:
    """Return the registry of an entry; Docker Hub's key is an old address."""
    bare = key.removeprefix("https://").removeprefix("http://").partition("/")[0]
    return "docker.io" if bare in _DOCKER_HUB else bare.lower()


def _tells(entry: dict[str, str]) -> bool:
    """Tell whether *entry* is a login; a credential helper leaves it empty."""
    return not {"auth", "username"}.isdisjoint(entry)


def _login(entry: dict[str, str]) -> Credentials:
    if "auth" not in entry:
        return Credentials(entry["username"], entry["password"])
    decoded = base64.b64decode(entry["auth"], validate=True).decode()
    user, colon, password = decoded.partition(":")
    if not colon:
        raise ValueError(user)
    return Credentials(user, password)
