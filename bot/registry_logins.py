"""Logins for registries, from a file like Docker's ``config.json``.

Beside what Docker writes, each entry may say whom it is for, such as
``{"auths": {"ghcr.io": {"auth": "…", "for": ["owner", "owner/name"]}}}``. Several
logins for one registry are a list of such entries.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.errors import UserError
from bot.images.logins import EVERYBODY, Credentials, Login, Logins

_Entry = dict[str, str]
_DOCKER_HUB = frozenset({"index.docker.io", "registry-1.docker.io"})
_HELPERS = ("credHelpers", "credsStore")
_WHOSE = re.compile(r"[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)?")
_ADVICE = (
    "Write it with `docker login`, or by hand: "
    '`{"auths": {"HOST": {"auth": "BASE64 OF USER:PASSWORD", "for": ["OWNER"]}}}`.'
)


def read(file: Path) -> Logins:
    """Return the logins that *file* holds."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        helpers = {key: content[key] for key in _HELPERS if content.get(key)}
        entries = content.get("auths", {}) if helpers else content["auths"]
        known = (_logins(key, entry) for key, entry in entries.items())
        return Logins(tuple(one for logins in known for one in logins), helpers)
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


def _logins(key: str, entry: _Entry | list[_Entry]) -> Iterator[Login]:
    """Yield the logins of one entry; a credential helper leaves it empty."""
    for one in entry if isinstance(entry, list) else [entry]:
        if not {"auth", "username"}.isdisjoint(one):
            yield Login(_host(key), _credentials(one), _whose(one))


def _host(key: str) -> str:
    """Return the registry of an entry; Docker Hub's key is an old address."""
    bare = key.removeprefix("https://").removeprefix("http://").partition("/")[0]
    return "docker.io" if bare in _DOCKER_HUB else bare.lower()


def _credentials(entry: _Entry) -> Credentials:
    token = entry.get("identitytoken", "")
    if "auth" not in entry:
        return Credentials(entry["username"], entry["password"], token)
    decoded = base64.b64decode(entry["auth"], validate=True).decode()
    user, colon, password = decoded.partition(":")
    if not colon:
        raise ValueError(user)
    return Credentials(user, password, token)


def _whose(entry: Mapping[str, object]) -> frozenset[str]:
    """Return the owners and repositories that *entry* is for."""
    named = entry.get("for", [])
    if not isinstance(named, list):
        raise TypeError(named)
    for one in named:
        if one != EVERYBODY and not _WHOSE.fullmatch(one):
            raise ValueError(one)
    return frozenset(named)
