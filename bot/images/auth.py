"""Answer a registry's challenge: basic credentials or a bearer token.

The exchange is that of https://distribution.github.io/distribution/spec/auth/.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from cachetools import TLRUCache
from yarl import URL

from bot.images.logins import Credentials
from bot.images.transport import NoAnswerError, Request, Transport

_TOKENS = 2048
_SHORTEST = 60.0
"""Seconds; the specification's default, and the least a token may live."""
_LONGEST = 3600.0
_MARGIN = 10.0
NO_LOGIN = (
    "does not show {} without a login, of which the operator has given none: "
    "it does not exist or is private"
)
"""The same words for what is absent and for what is private: who has no login is
not told which of both."""
_DENIED = frozenset({400, 401, 403, 404})
_PIECE = re.compile(
    r"""
    (?P<name>\w+) \s*=\s* (?: "(?P<quoted>(?:[^"\\]|\\.)*)" | (?P<bare>[^\s,"]+) )
    | (?P<scheme>[\w-]+) (?P<blank>\s|$)?  # no blank: the rest of a value
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Challenge:
    """What ``WWW-Authenticate`` asks for; *scheme* is in small letters."""

    scheme: str
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose door, which repository behind it, and whose login it is opened with."""

    host: str
    repository: str
    login: Credentials | None = None


@dataclass(frozen=True, slots=True)
class _Grant:
    header: str
    seconds: float


def challenge(headers: Iterable[str]) -> Challenge | None:
    """Return the best challenge among ``WWW-Authenticate`` *headers*.

    One header may hold several (RFC 9110, 11.6.1).
    """
    found: dict[str, dict[str, str]] = {}
    for header in headers:
        parameters: dict[str, str] = {}
        for piece in _PIECE.finditer(header):
            if piece["name"]:
                parameters.setdefault(piece["name"].lower(), _value(piece))
            elif piece["blank"] is not None:
                parameters = found.setdefault(piece["scheme"].lower(), {})
    wanted = (name for name in ("bearer", "basic") if name in found)
    return next((Challenge(name, found[name]) for name in wanted), None)


def basic(credentials: Credentials) -> str:
    """Return the ``Authorization`` header of *credentials* (RFC 7617)."""
    return f"Basic {credentials.basic}"


class Authorizer:
    """Keeps the authorisation for each repository until it expires."""

    def __init__(
        self,
        transport: Transport,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._transport = transport
        self._grants: TLRUCache[Scope, _Grant] = TLRUCache(
            _TOKENS, lambda _, grant, now: now + grant.seconds, timer=clock
        )

    def headers(self, scope: Scope) -> dict[str, str]:
        """Return the ``Authorization`` header that is known for *scope*."""
        grant = self._grants.get(scope)
        return {"Authorization": grant.header} if grant else {}

    async def accept(self, asked: Challenge | None, scope: Scope) -> None:
        """Earn the authorisation that *asked* wants for *scope*."""
        if asked is None:
            raise NoAnswerError("refuses without saying what it wants (401)")
        if asked.scheme == "bearer":
            self._grants[scope] = await self._token(asked, scope)
        elif scope.login is None:
            raise NoAnswerError(NO_LOGIN.format(scope.repository))
        else:
            self._grants[scope] = _Grant(basic(scope.login), _LONGEST)

    def forget(self, scope: Scope) -> None:
        """Drop an authorisation that no longer opens the door."""
        self._grants.pop(scope, None)

    async def _token(self, asked: Challenge, scope: Scope) -> _Grant:
        headers = {"Authorization": basic(scope.login)} if scope.login else {}
        url = _realm(asked, scope)
        reply = await self._transport.send(Request("GET", url, scope.host, headers))
        if reply.status in _DENIED:
            if scope.login is None:
                raise NoAnswerError(NO_LOGIN.format(scope.repository))
            message = f"gives no token to the operator's credentials ({reply.status})"
            raise NoAnswerError(message)
        if reply.status != 200:  # noqa: PLR2004 - the one status of success
            raise NoAnswerError(f"gives no token ({reply.status})")
        return _grant(reply.body)


def _value(piece: re.Match[str]) -> str:
    return piece["bare"] or re.sub(r"\\(.)", r"\1", piece["quoted"] or "")


def _realm(asked: Challenge, scope: Scope) -> URL:
    try:
        url = URL(asked.parameters.get("realm", ""))
    except ValueError:
        url = URL()
    if not url.host or url.user or url.password:
        raise NoAnswerError("names no place that gives tokens")
    query = {"scope": f"repository:{scope.repository}:pull"}
    service = asked.parameters.get("service")
    return url.update_query(query | ({"service": service} if service else {}))


def _grant(body: bytes) -> _Grant:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise NoAnswerError("gives a token that cannot be read")
    token = document.get("token") or document.get("access_token")
    # A token goes into a header: a line break in it would start another one.
    if not isinstance(token, str) or not re.fullmatch(r"[\x21-\x7e]+", token):
        raise NoAnswerError("gives a token that cannot be read")
    lives = document.get("expires_in")
    if isinstance(lives, bool) or not isinstance(lives, int | float):
        lives = _SHORTEST
    return _Grant(f"Bearer {token}", min(max(lives, _SHORTEST), _LONGEST) - _MARGIN)
