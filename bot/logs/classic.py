"""Split a log of Docker's classic builder: ``Step 4/9 : ADD bin/tool /code``. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.model import LogLine, Step

_STEP = re.compile(r"Step (?P<number>\d+)(?:/\d+)? : (?P<instruction>\S.*)")


def split(lines: Iterable[str]) -> tuple[LogLine, ...]:
    """Give every line the step that was under way when it was written."""
    step: Step | None = None
    made: list[LogLine] = []
    for number, text in enumerate(lines, start=1):
        if hit := _STEP.match(text):
            step = Step(int(hit["number"]), hit["instruction"])
        elif text.startswith("Sending build context to Docker daemon"):
            step = None  # the next of several builds in one log
        made.append(LogLine(number, text, step))
    return tuple(made)
