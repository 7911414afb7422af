"""Misbehave on purpose: broken answers, secondary limits, exhausted limits."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tests.world.github.answers import Answer, refusal

SECONDARY = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you "
    "try again."
)


@dataclass(slots=True, eq=False)
class Fault:
    """A misfortune that befalls the next *times* matching calls."""

    match: re.Pattern[str]
    answer: Answer
    times: int
    after_effect: bool = False


@dataclass(slots=True)
class Faults:
    """The misfortunes that wait for their calls."""

    waiting: list[Fault] = field(default_factory=list)

    def break_down(
        self, match: str, *, times: int = 1, after_effect: bool = False
    ) -> None:
        """Answer 502 to calls whose ``METHOD /path`` matches.

        With *after_effect* the work is done first and only the answer is lost.
        """
        page = b"<html><head><title>502 Bad Gateway</title></head></html>"
        answer = Answer(502, page, content_type="text/html")
        self._add(match, answer, times, after_effect=after_effect)

    def limit(self, match: str, *, retry_after: int = 1, times: int = 1) -> None:
        """Answer as GitHub does when its secondary rate limit is hit."""
        wait = {"Retry-After": str(retry_after)}
        told = refusal(403, SECONDARY).answer
        self._add(match, Answer(403, told.body, wait), times, after_effect=False)

    def refuse(self, match: str, message: str, *, status: int = 422) -> None:
        """Answer as GitHub does where a rule or a permission forbids the call."""
        told = refusal(status, message).answer
        self._add(match, told, 1, after_effect=False)

    def garble(self, match: str) -> None:
        """Answer 502 with half of a JSON text, as a broken proxy does."""
        answer = Answer(502, b'{"id": 1', content_type="application/json")
        self._add(match, answer, 1, after_effect=False)

    def take(self, call: str, *, after_effect: bool) -> Answer | None:
        """Return the answer of the fault that befalls *call* now, if any."""
        for fault in self.waiting:
            if fault.after_effect is after_effect and fault.match.search(call):
                fault.times -= 1
                if not fault.times:
                    self.waiting.remove(fault)
                return fault.answer
        return None

    def _add(
        self, match: str, answer: Answer, times: int, *, after_effect: bool
    ) -> None:
        self.waiting.append(Fault(re.compile(match), answer, times, after_effect))
