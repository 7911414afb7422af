"""Primary rate limits: a number of calls an hour for everybody who asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from tests.world.github.answers import Answer, Json, RefusalError, refusal

HOUR = 3600
_ANONYMOUS = 60
_KNOWN = 5000


@dataclass(slots=True)
class Limits:
    """How many calls everybody has made in the running hour."""

    used: dict[tuple[str, int], int] = field(default_factory=dict)
    most: int = _KNOWN

    def check(self, actor: str, now: datetime, path: str) -> None:
        """Refuse the call where the hour's calls are spent."""
        if path == "/rate_limit" or self._remaining(actor, now):
            return
        message = f"API rate limit exceeded for {actor}."
        raise RefusalError(Answer(403, refusal(403, message).answer.body))

    def headers(self, actor: str, now: datetime, *, spent: bool) -> dict[str, str]:
        """Return the x-ratelimit headers, counting the call where it is *spent*."""
        if spent:
            key = (actor, _window(now))
            self.used[key] = self.used.get(key, 0) + 1
        return {f"X-RateLimit-{k}": str(v) for k, v in self.rate(actor, now).items()}

    def rate(self, actor: str, now: datetime) -> Json:
        """Return the state of the limit, in GitHub's words."""
        limit = self._limit(actor)
        left = self._remaining(actor, now)
        reset = (_window(now) + 1) * HOUR
        words: Json = {"limit": limit, "remaining": left, "reset": reset}
        return {**words, "used": limit - left, "resource": "core"}

    def _limit(self, actor: str) -> int:
        return min(_ANONYMOUS, self.most) if actor == "anonymous" else self.most

    def _remaining(self, actor: str, now: datetime) -> int:
        used = self.used.get((actor, _window(now)), 0)
        return max(self._limit(actor) - used, 0)


def _window(now: datetime) -> int:
    return int(now.timestamp()) // HOUR
