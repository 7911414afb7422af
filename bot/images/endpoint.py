"""Speak the distribution protocol with one host about one repository.

The protocol is https://github.com/opencontainers/distribution-spec.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from itertools import islice

from yarl import URL

from bot.images import platforms
from bot.images.address import is_listed
from bot.images.auth import NO_LOGIN, Authorizer, Scope, challenge
from bot.images.logins import Credentials
from bot.images.platforms import Listing, Single, Unreadable
from bot.images.reference import DOCKER_HUB, Reference
from bot.images.settings import RegistrySettings
from bot.images.tags import PAGE, Page, read_page
from bot.images.transport import NoAnswerError, Reply, Request, Transport

_HUB_HOST = "registry-1.docker.io"
_OK, _UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND = 200, 401, 403, 404
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}")
_UNNAMED = 16
"""How many entries of one index without a platform are followed."""
_DEPTH = 3
"""How deep an index may hold an index."""


class Endpoint:
    """One repository on one host."""

    def __init__(
        self, base: URL, scope: Scope, transport: Transport, authorizer: Authorizer
    ) -> None:
        self._base = base
        self._scope = scope
        self._transport = transport
        self._authorizer = authorizer

    async def digest(self, tag: str) -> str:
        """Return the digest that *tag* stands for now."""
        reply = await self._ask("HEAD", f"manifests/{tag}", f"tag {tag}")
        named = reply.headers.get("Docker-Content-Digest", "")
        if reply.status == _OK and _DIGEST.fullmatch(named):
            return named
        # Some registries do not answer HEAD, or leave the digest out of it.
        reply = await self._get(f"manifests/{tag}", f"tag {tag}")
        return "sha256:" + hashlib.sha256(reply.body).hexdigest()

    async def platforms(self, digest: str, depth: int = 0) -> frozenset[str]:
        """Return the platforms of the index or manifest *digest*."""
        reply = await self._get(f"manifests/{digest}", f"image {digest[:19]}")
        _verify(reply.body, digest)
        media_type = reply.headers.get("Content-Type", "")
        match platforms.read_manifest(reply.body, media_type):
            case Single(config):
                return frozenset({await self._configured(config)})
            case Listing(named, unnamed):
                return named | await self._unnamed(unnamed, depth)
            case Unreadable(reason):
                raise NoAnswerError(f"has it, but {reason}")

    async def tags(self, pages: int, most: int) -> tuple[str, ...]:
        """Return *most* of the tags on the first *pages* pages of the list."""
        found: dict[str, None] = {}
        url: URL | None = self._url("tags/list").with_query(n=PAGE)
        for _ in range(pages):
            if url is None or len(found) >= most:
                break
            page = await self._page(url)
            found |= dict.fromkeys(page.tags)
            url = page.following
        return tuple(islice(found, most))

    async def _unnamed(self, digests: tuple[str, ...], depth: int) -> frozenset[str]:
        """Follow entries of an index that do not say what they are for."""
        if len(digests) > _UNNAMED or (digests and depth >= _DEPTH):
            raise NoAnswerError("has it, but its index leaves platforms out")
        found: frozenset[str] = frozenset()
        for digest in digests:
            found |= await self.platforms(_checked(digest), depth + 1)
        return found

    async def _configured(self, digest: str) -> str:
        path = f"blobs/{_checked(digest)}"
        reply = await self._get(path, f"configuration {digest[:19]}")
        _verify(reply.body, digest)
        found = platforms.read_config(reply.body)
        if isinstance(found, Unreadable):
            raise NoAnswerError(f"has it, but {found.reason}")
        return found

    async def _page(self, url: URL) -> Page:
        reply = await self._send("GET", url, {"Accept": "application/json"})
        self._expect(reply, "list of tags")
        page = read_page(reply.body, reply.headers.getall("Link", ()), url)
        if page is None:
            raise NoAnswerError("sends a list of tags that cannot be read")
        return page

    async def _get(self, path: str, what: str) -> Reply:
        reply = await self._ask("GET", path, what)
        self._expect(reply, what)
        return reply

    async def _ask(self, method: str, path: str, what: str) -> Reply:
        accept = {"Accept": platforms.ACCEPT} if path.startswith("manif") else {}
        reply = await self._send(method, self._url(path), accept)
        if reply.status in {_FORBIDDEN, _NOT_FOUND, _UNAUTHORIZED}:
            self._expect(reply, what)
        return reply

    async def _send(self, method: str, url: URL, headers: Mapping[str, str]) -> Reply:
        """Send one request; a challenge is answered once."""
        for attempt in range(2):
            known = self._authorizer.headers(self._scope)
            request = Request(method, url, self._scope.host, {**headers, **known})
            reply = await self._transport.send(request)
            if reply.status != _UNAUTHORIZED:
                break
            if reply.url.origin() != url.origin():
                # Credentials are the registry's: no other host may ask for them.
                raise NoAnswerError("redirects to a host that wants a password")
            self._authorizer.forget(self._scope)
            if attempt == 0:
                asked = challenge(reply.headers.getall("WWW-Authenticate", ()))
                await self._authorizer.accept(asked, self._scope)
        return reply

    def _expect(self, reply: Reply, what: str) -> None:
        if reply.status == _OK:
            return
        repository = self._scope.repository
        if reply.status == _NOT_FOUND:
            raise NoAnswerError(f"has no {what} of {repository}")
        if reply.status in {_UNAUTHORIZED, _FORBIDDEN}:
            if self._scope.login is None:
                raise NoAnswerError(NO_LOGIN.format(repository))
            raise NoAnswerError(
                f"does not show {repository} to us ({reply.status}): "
                "it does not exist or wants other credentials"
            )
        raise NoAnswerError(f"answers with {reply.status}")

    def _url(self, path: str) -> URL:
        # Parsed references hold no character that would mean more in a URL.
        return self._base.joinpath("v2", *self._scope.repository.split("/"), path)


def hosts(reference: Reference, settings: RegistrySettings) -> tuple[str, ...]:
    """Return the mirrors of a registry and the registry, in small letters."""
    registry = reference.registry
    names = (*settings.mirrors.get(registry, ()), registry)
    return tuple(name.lower() for name in names)


def endpoints(
    reference: Reference,
    credentials: Mapping[str, Credentials],
    settings: RegistrySettings,
    transport: Transport,
    authorizer: Authorizer,
) -> Iterator[tuple[str, Endpoint]]:
    """Yield the mirrors of a registry, then the registry, each with its name."""
    registry = reference.registry
    for name in (*settings.mirrors.get(registry, ()), registry):
        host = name.lower()
        scope = Scope(host, reference.repository, credentials.get(host))
        base = _base(scope.host, settings)
        yield name, Endpoint(base, scope, transport, authorizer)


def _base(name: str, settings: RegistrySettings) -> URL:
    host = _HUB_HOST if name == DOCKER_HUB else name
    url = URL(f"https://{host}")
    plain = is_listed(url.host or "", url.explicit_port or 80, settings.plain)
    return URL(f"http://{host}") if plain else url


def _checked(digest: str) -> str:
    if not _DIGEST.fullmatch(digest):
        raise NoAnswerError("has it, but names its parts by no digest")
    return digest


def _verify(body: bytes, digest: str) -> None:
    algorithm, _, expected = digest.partition(":")
    actual = hashlib.new(algorithm, body).hexdigest()
    if not hmac.compare_digest(actual, expected):
        raise NoAnswerError("sends something that does not match its digest")
