"""Read the output of any builder: the one way from raw text to a build log. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.logs import buildkit, classic
from bot.logs.clean import clean
from bot.model import BuildLog

_BUILDKIT = re.compile(
    r"""
    \#\d+ [ ] (?: \[ | DONE | CACHED | ERROR | CANCELED | \d+\.\d )  # --progress=plain
    | [ ]* => [ ]                                                    # on a terminal
    | [ ]> [ ] \[
    | (?:ERROR: [ ])? failed [ ] to [ ] solve
    """,
    re.VERBOSE,
)


def read(
    log: str | Iterable[str],
    platform: str = "linux/arm64",
    dockerfile: str = "",
    files: Iterable[str] = (),
) -> BuildLog:
    """Clean *log* and split it into steps, whichever builder wrote it.

    *files* are the paths of the workspace that was built.
    """
    text = log if isinstance(log, str) else "\n".join(log)
    lines = clean(text)
    modern = any(_BUILDKIT.match(line) for line in lines)
    split = buildkit.split if modern else classic.split
    return BuildLog(split(lines), platform, dockerfile, frozenset(files))
