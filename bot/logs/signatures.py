"""Search a log for a sentence that needs no further judgement. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.logs.echo import spoken
from bot.logs.failing import weight
from bot.model import BuildLog, Clue


def first(pattern: re.Pattern[str], log: BuildLog, message: str) -> Iterator[Clue]:
    """Yield the first line of each step that *pattern* is found in.

    Its group ``subject``, if it took part, is what the clue is about; ``{}``
    in *message* stands for it.
    """
    told = set()
    for line in log.lines:
        hit = pattern.search(spoken(line))
        if not hit or line.step in told:
            continue
        told.add(line.step)
        subject = hit.groupdict().get("subject") or ""
        said = message.replace("{}", f" `{subject}`" if subject else "")
        yield Clue(line, said, weight(line, log), subject)
