"""Which settings are named like secrets, and which values give one away. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from bot.redaction.mark import BEGIN

_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_ENDS = (
    *("token", "tokens", "secret", "secrets", "password", "passwords", "passwd"),
    *("passphrase", "apikey", "accesskey", "privatekey", "secretkey"),
    *("credential", "credentials", "creds"),
)
_WORDS = frozenset(
    {"auth", "authorization", "cookie", "jwt", "pass", "pat", "pw", "pwd"}
)
_KEYS = frozenset(
    {
        *("access", "account", "api", "app", "auth", "client", "deploy"),
        *("encryption", "license", "master", "private", "secret", "service"),
        *("session", "shared", "signing", "ssh"),
    }
)
_ABOUT = frozenset(
    {
        *("algorithm", "alg", "class", "count", "dir", "driver", "enabled"),
        *("endpoint", "env", "expiration", "expires", "expiry", "field"),
        *("file", "format", "header", "helper", "host", "issuer", "len"),
        *("length", "lifetime", "limit", "location", "manager", "max"),
        *("method", "min", "mode", "module", "name", "path", "plugin"),
        *("policy", "prefix", "provider", "ref", "required", "scope", "server"),
        *("size", "sock", "socket", "stdin", "store", "suffix", "timeout"),
        *("ttl", "type", "uri", "url", "user", "username", "version"),
    }
)
"""A name that ends so tells about a secret and does not hold one."""
_DIRECTORIES = frozenset({"pwd", "oldpwd"})
_PLAIN = frozenset(
    {
        *("always", "auto", "default", "disabled", "empty", "enabled", "false"),
        *("inherit", "never", "nil", "none", "null", "off", "optional"),
        *("required", "true", "undefined", "unset", "yes"),
    }
)
_REFERENCE = re.compile(r"\\?\$[A-Za-z_{(]|\{[A-Za-z_{]|<|\*\*\*|%[A-Za-z_]{1,99}%")
_VERSION = re.compile(r"[\^~<>=v]{0,3}[0-9]+(?:\.[0-9x*]+)++(?:[-+.\w][\w.+-]*+)?")
_SHORT, _NUMBER, _KNOWN, _RANDOM = 3, 6, 6, 12


def is_secret_name(name: str) -> bool:
    """Tell whether a setting called *name* is meant to hold a secret."""
    parts = [part.lower() for part in _PART.findall(name)]
    if not parts or parts[-1] in _ABOUT or name.lower() in _DIRECTORIES:
        return False
    if any(part in _WORDS or part.endswith(_ENDS) for part in parts):
        return True
    return any(one in _KEYS and two == "key" for one, two in pairwise(parts))


def is_reference(value: str) -> bool:
    """Tell whether *value* only says where a secret comes from, or was struck out."""
    return value.startswith(BEGIN) or _REFERENCE.match(value) is not None


def gives_away(value: str) -> bool:
    """Tell whether the *value* of a setting named like a secret may be one."""
    if len(value) < _SHORT or is_reference(value):
        return False
    if value.isdecimal():
        return len(value) >= _NUMBER
    return value.lower() not in _PLAIN and not _VERSION.fullmatch(value)


def secret_values(settings: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return the values of those *settings* that are named like secrets.

    Of a value of several lines each line counts: a log has them one by one. A mere
    word does not: with ``POSTGRES_PASSWORD=postgres`` a log would lose the names of
    images, by which causes are recognised, and keep no secret.
    """
    named = (value for name, value in settings if is_secret_name(name))
    lines = (line.strip() for value in named for line in value.splitlines())
    return tuple(line for line in lines if gives_away(line) and not _is_word(line))


def _is_word(value: str) -> bool:
    if len(value) < _KNOWN:
        return True
    return len(value) < _RANDOM and value.isalpha() and value.islower()
