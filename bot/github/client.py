"""One token's view of GitHub: time-outs, rate limits and calm errors."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from gidgethub import BadRequest, GitHubBroken, HTTPException, RateLimitExceeded
from gidgethub.abc import CACHE_TYPE, GitHubAPI

from bot.github_ports import GitHubRefusedError, GitHubUnavailableError

NAME = "multiarch"
SECONDS = 30.0
"""How long one answer may take."""
PATIENCE = 60.0
"""From how many seconds on a wait is not made inside a job: the job waits."""
ATTEMPTS = 3
LARGEST_ANSWER = 32 << 20
_STALE = 401
_REFUSED = frozenset({403, 451})
_GONE = frozenset({404, 410})
_EMPTY = 409
"""What GitHub answers to whoever looks into a repository without a commit."""
_TOO_MANY = 429
_SLOW_DOWN = frozenset({403, _TOO_MANY})


class MissingError(GitHubRefusedError):
    """What was asked for is not there, or not shown to us."""


class StaleError(GitHubUnavailableError):
    """GitHub does not know our credentials, or no longer: others may do.

    *theirs* is what GitHub's clock showed, in seconds since 1970, if it told.
    """

    def __init__(self, message: str, theirs: float | None = None) -> None:
        super().__init__(message)
        self.theirs = theirs


class Client(GitHubAPI):
    """A GitHub client on aiohttp whose errors say whether to try again.

    *forget* is called when GitHub takes the token no longer, so that the next
    client gets another one.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        base_url: str,
        token: str | None = None,
        cache: CACHE_TYPE | None = None,
        *,
        forget: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(NAME, oauth_token=token, base_url=base_url, cache=cache)
        self._session = session
        self._forget = forget

    async def _request(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes = b""
    ) -> tuple[int, Mapping[str, str], bytes]:
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        try:
            async with self._session.request(
                method, url, headers=headers, data=body, timeout=timeout
            ) as answer:
                content = await _bounded(answer.content, LARGEST_ANSWER)
                return answer.status, answer.headers, content
        except (aiohttp.ClientError, TimeoutError) as error:
            raise GitHubUnavailableError(_unreached(error)) from error

    async def sleep(self, seconds: float) -> None:
        """Wait; the limit of the wait is the caller's business."""
        await asyncio.sleep(seconds)

    async def manage_rate_limit(self, *, method: str, url: str) -> None:
        """Wait for the next hour of requests, or leave it to the job to wait."""
        limit = self.rate_limit
        if limit is None or limit.remaining >= 0:
            return
        seconds = limit.reset_datetime.timestamp() - time.time()
        if seconds > PATIENCE:
            words = "GitHub's rate limit for this installation is used up."
            raise GitHubUnavailableError(words, seconds)
        if seconds > 0:
            await self.sleep(seconds)

    async def handle_rate_limit_error(
        self, *, method: str, url: str, exception: HTTPException, attempt: int
    ) -> bool:
        """Try again what GitHub asks to slow down, and reads that broke."""
        status = int(exception.status_code)
        if attempt >= ATTEMPTS:
            return False
        if status in _SLOW_DOWN and (seconds := _wait(exception)) is not None:
            if seconds >= PATIENCE:
                raise GitHubUnavailableError(
                    "GitHub asks to slow down.", seconds
                ) from exception
            await self.sleep(seconds)
            return True
        if method == "GET" and isinstance(exception, GitHubBroken):
            await self.sleep(attempt)
            return True
        return False

    async def _make_request(
        self,
        method: str,
        url: str,
        *arguments: Any,  # noqa: ANN401 - handed on
        **options: Any,  # noqa: ANN401 - handed on
    ) -> tuple[bytes, str | None, int]:
        try:
            return await super()._make_request(method, url, *arguments, **options)
        except RateLimitExceeded as error:
            seconds = error.rate_limit.reset_datetime.timestamp() - time.time()
            words = "GitHub's rate limit for this installation is used up."
            raise GitHubUnavailableError(words, max(1.0, seconds)) from error
        except HTTPException as error:
            raise self._stale(_translated(error, f"{method} {url}")) from error
        except ValueError as error:
            words = f"GitHub's answer to {method} {url} cannot be read."
            raise GitHubUnavailableError(words) from error

    def _stale(self, error: Exception) -> Exception:
        """Let go of a token that is taken no longer."""
        if isinstance(error, StaleError) and self._forget is not None:
            self._forget()
        return error

    @asynccontextmanager
    async def download(self, url: str) -> AsyncIterator[aiohttp.StreamReader]:
        """Stream a file; a redirect to another host goes without our token."""
        headers = {"Authorization": f"Bearer {self.oauth_token}", "User-Agent": NAME}
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=SECONDS)
        target = f"{self.base_url}{url}"
        try:
            async with self._session.get(
                target, headers=headers, timeout=timeout, max_redirects=4
            ) as answer:
                if refusal := _refusal(answer.status, url):
                    raise self._stale(refusal)
                yield answer.content
        except (aiohttp.ClientError, TimeoutError) as error:
            raise GitHubUnavailableError(_unreached(error)) from error


def _translated(error: HTTPException, request: str) -> Exception:
    """Return what *error* means to a job; what it must judge itself stays."""
    status = int(error.status_code)
    words = f"GitHub answers {status} to {request}: {error}"
    if status == _STALE:
        return StaleError(words, _moment(error.headers))
    seconds = _wait(error)
    if seconds is not None:
        return GitHubUnavailableError(words, seconds)
    if isinstance(error, GitHubBroken):
        return GitHubUnavailableError(words)
    if status in _GONE or (status == _EMPTY and request.startswith("GET ")):
        return MissingError(words)
    if status in _REFUSED:
        return GitHubRefusedError(words)
    return error


def _wait(error: HTTPException) -> float | None:
    """Return how long GitHub asks to wait; None where it asks for nothing."""
    after = error.headers.get("retry-after", "")
    if after.isdigit():
        return float(after)
    if error.headers.get("x-ratelimit-remaining") == "0":
        reset = error.headers.get("x-ratelimit-reset", "")
        return max(1.0, float(reset) - time.time()) if reset.isdigit() else PATIENCE
    slow = isinstance(error, BadRequest) and "secondary rate limit" in str(error)
    return PATIENCE if slow or int(error.status_code) == _TOO_MANY else None


def _moment(headers: Mapping[str, str]) -> float | None:
    """Return the time of an answer by GitHub's own clock."""
    try:
        return parsedate_to_datetime(headers.get("date", "")).timestamp()
    except ValueError:
        return None


def _refusal(status: int, url: str) -> Exception | None:
    """Return why a file does not come; None where it does."""
    words = f"GitHub answers {status} to GET {url}."
    if status == 200:  # noqa: PLR2004 - the one status of a file
        return None
    if status == _STALE:
        return StaleError(words)
    if status in _GONE:
        return MissingError(words)
    return (GitHubRefusedError if status in _REFUSED else GitHubUnavailableError)(words)


async def _bounded(content: aiohttp.StreamReader, most: int) -> bytes:
    body = bytearray()
    async for chunk in content.iter_any():
        body += chunk
        if len(body) > most:
            raise GitHubRefusedError(f"GitHub's answer is larger than {most} bytes.")
    return bytes(body)


def _unreached(error: Exception) -> str:
    return f"GitHub cannot be reached: {str(error) or type(error).__name__}."
