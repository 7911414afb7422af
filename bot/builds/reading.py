"""Read the Dockerfile of a build: off the event loop, and up to one size.

A recipe's command can write any file, which no judge of the tree has seen.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from bot import judging
from bot.builds import frontends
from bot.builds.dockerfile_text import read
from bot.judge import Judge, here
from bot.judging import Names
from bot.model import Source


@dataclass(frozen=True, slots=True)
class Read:
    """A Dockerfile that was read, and the images that it names."""

    source: Source
    names: Names


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads Dockerfiles, and which frontends the operator trusts besides."""

    judge: Judge = here
    frontends: frozenset[str] = frozenset()

    async def read(
        self, path: Path, args: tuple[str, ...], platform: str, builder: str
    ) -> Read | None:
        """Return what *path* holds, None where it is no file.

        UserError where it is too much, or chooses a frontend that it may not.
        """
        if builder != "classic":
            await asyncio.to_thread(frontends.check, path, args, self.frontends)
        text = await asyncio.to_thread(read, path)
        if text is None:
            return None
        given = dict(one.partition("=")[::2] for one in args)
        source = Source(path.name, text)
        return Read(source, await self.judge(judging.names, source, given, platform))
