"""Exchange one request for one answer with a host that nobody vouches for.

Every exchange is bounded in time, size and redirects. Redirects are followed
here and not by aiohttp, because each hop has to be judged like the first, and
because a password must not travel to another host.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from bot.images import waiting
from bot.images.address import (
    GuardedResolver,
    RefusedAddressError,
    is_listed,
    is_public,
    literal,
)
from bot.images.resting import Resting
from bot.images.settings import RegistrySettings

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_BUSY = frozenset({429, 503})
_CHUNK = 64 * 1024
_NO_AUTHORITIES = (
    "is not asked, because the operator's file of certificate authorities "
    "cannot be read"
)


class NoAnswerError(Exception):
    """What a registry does instead of answering; its name is the subject.

    ``does not answer``, ``has no tag 9.9 of library/alpine``.
    """


class SilentError(NoAnswerError):
    """A registry that was waited for, or could not be reached at all."""


@dataclass(frozen=True, slots=True)
class Request:
    """One question; *origin* is the registry that caused it to be asked."""

    method: str
    url: URL
    origin: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer, read to its end."""

    status: int
    headers: CIMultiDict[str]
    body: bytes
    url: URL


class Transport:
    """Sends requests through one session that reaches public hosts only."""

    def __init__(
        self,
        settings: RegistrySettings,
        clock: Callable[[], float] = time.monotonic,
        resolver: GuardedResolver | None = None,
    ) -> None:
        self._settings = settings
        self._listed, self._plain = settings.listed, settings.plain
        self._resolver = resolver
        self._session: aiohttp.ClientSession | None = None
        self._resting = Resting(clock)

    async def close(self) -> None:
        """Close the session, if one was opened."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def send(self, request: Request) -> Reply:
        """Return the answer to *request*; a busy host is asked twice at most."""
        reply = await self._follow(request)
        if reply.status not in _BUSY:
            return reply
        seconds = waiting.seconds(reply.headers)
        if seconds <= self._settings.limits.wait_seconds:
            await asyncio.sleep(seconds)
            reply = await self._follow(request)
        if reply.status not in _BUSY:
            return reply
        wanted = waiting.seconds(reply.headers)
        seconds = self._resting.busy(request.url.authority, wanted)
        raise NoAnswerError(f"asks to wait {seconds:.0f} seconds ({reply.status})")

    async def _follow(self, request: Request) -> Reply:
        for _ in range(self._settings.limits.redirects + 1):
            self._judge(request)
            reply = await self._exchange(request)
            location = reply.headers.get("Location", "")
            if reply.status not in _REDIRECTS or not location:
                return reply
            request = _redirected(request, location)
        raise NoAnswerError("redirects too often")

    def _judge(self, request: Request) -> None:
        """Refuse a URL that a stranger may not make us ask."""
        url = request.url
        host, port = url.host or "", url.port or 0
        trusted = _is_origin_listed(request.origin, self._listed)
        listed = is_listed(host, port, self._listed)
        plain = is_listed(host, port, self._plain)
        if url.scheme != "https" and not (url.scheme == "http" and plain):
            raise NoAnswerError(f"wants {url.scheme or 'no protocol'} instead of https")
        if listed and not trusted:
            raise NoAnswerError("points at a host that is none of its business")
        address = literal(host)
        if address and not listed and not is_public(address):
            raise NoAnswerError("leads to an address that is not public")

    async def _exchange(self, request: Request) -> Reply:
        host = request.url.authority
        wrong = self._resting.reason(host)
        if wrong:
            raise SilentError(wrong)
        try:
            reply = await self._read(request)
        except TimeoutError:
            self._resting.silent(host, "does not answer in time")
            raise SilentError("does not answer in time") from None
        except aiohttp.ClientConnectorCertificateError:
            raise NoAnswerError("has a certificate that cannot be trusted") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            if _is_refusal(error):
                message = "leads to an address that is not public"
                raise NoAnswerError(message) from None
            self._resting.silent(host, "does not answer")
            raise SilentError("does not answer") from error
        self._resting.answered(host)
        return reply

    async def _read(self, request: Request) -> Reply:
        session = self._open()
        async with session.request(
            request.method,
            request.url,
            headers=request.headers,
            allow_redirects=False,
        ) as response:
            body = bytearray()
            async for chunk in response.content.iter_chunked(_CHUNK):
                body += chunk
                if len(body) > self._settings.limits.body_bytes:
                    raise NoAnswerError("sends more than anybody should read")
            headers = CIMultiDict(response.headers)
            return Reply(response.status, headers, bytes(body), request.url)

    def _open(self) -> aiohttp.ClientSession:
        """Return the session; it belongs to the loop that runs now."""
        if self._session is None:
            limits = self._settings.limits
            resolver = self._resolver or GuardedResolver(self._listed)
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    resolver=resolver, limit=limits.connections, ssl=self._trust()
                ),
                timeout=aiohttp.ClientTimeout(
                    total=limits.answer_seconds, sock_connect=limits.connect_seconds
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": "multiarch", "Accept-Encoding": "identity"},
                auto_decompress=False,
                trust_env=False,
            )
        return self._session

    def _trust(self) -> ssl.SSLContext:
        trust = ssl.create_default_context()
        authorities = self._settings.certificate_authorities
        if authorities:
            try:
                trust.load_verify_locations(authorities)
            except OSError:
                raise NoAnswerError(_NO_AUTHORITIES) from None
        return trust


def _redirected(request: Request, location: str) -> Request:
    try:
        url = request.url.join(URL(location))
    except ValueError:
        raise NoAnswerError("redirects to nowhere") from None
    if not url.host or url.user or url.password:
        raise NoAnswerError("redirects to nowhere")
    if url.origin() == request.url.origin():
        return replace(request, url=url)
    kept = {
        name: value
        for name, value in request.headers.items()
        if name.lower() != "authorization"
    }
    return replace(request, url=url, headers=kept)


def _is_origin_listed(origin: str, listed: frozenset[str]) -> bool:
    host, colon, port = origin.rpartition(":")
    if not colon or not port.isdigit():
        host, port = origin, "443"
    bare = host.removeprefix("[").removesuffix("]")
    return is_listed(bare, int(port), listed)


def _is_refusal(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, RefusedAddressError):
            return True
        error = error.__cause__ or error.__context__
    return False
