"""Remember which hosts are to be left alone for a while, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cachetools import TLRUCache, TTLCache

_HOSTS = 256
_LONGEST = 6 * 3600.0
_DEAD_SECONDS = 30.0
_DEAD = 3
"""Silences in a row after which a host counts as down; one may be an accident."""


@dataclass(frozen=True, slots=True)
class _Rest:
    reason: str
    seconds: float


class Resting:
    """Hosts that asked for a rest, and hosts that do not answer.

    A tree may name hundreds of images on a registry that is down: to wait for
    each of them would take an hour.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._rests: TLRUCache[str, _Rest] = TLRUCache(
            _HOSTS, lambda _, rest, now: now + rest.seconds, timer=clock
        )
        self._silences: TTLCache[str, int] = TTLCache(_HOSTS, _DEAD_SECONDS, clock)

    def reason(self, host: str) -> str:
        """Say why *host* is not to be asked now, or nothing if it may be."""
        rest = self._rests.get(host)
        return rest.reason if rest else ""

    def busy(self, host: str, seconds: float) -> float:
        """Leave *host* alone for *seconds*, within reason; return how long."""
        bounded = min(seconds, _LONGEST)
        reason = "asks to be left alone for a while (429)"
        self._rests[host] = _Rest(reason, bounded)
        return bounded

    def silent(self, host: str, reason: str) -> None:
        """Count that *host* gave no answer, for *reason*."""
        count = self._silences.get(host, 0) + 1
        self._silences[host] = count
        if count >= _DEAD:
            self._rests[host] = _Rest(reason, _DEAD_SECONDS)

    def answered(self, host: str) -> None:
        """Forget the silences of *host*."""
        self._silences.pop(host, None)
