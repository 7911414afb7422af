"""One path of a Dockerfile that names amd64. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.architecture import Architecture, Mention, mentions, respell
from bot.model import Edit
from bot.parse.dockerfile import Dockerfile, Stage, Word

_NAME = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class ArchPath:
    """One path that names amd64 in *stage*.

    *is_served* says that an argument can stand in its place; a place that
    *blocks* cannot have one and would break if the others did.
    """

    stage: Stage
    word: Word
    mention: Mention
    is_served: bool = True
    blocks: bool = False
    origin: str = ""
    """The stage of the same file from which it is copied."""
    is_sure: bool = True
    """Whether the file is there under the name for every architecture."""

    @property
    def start(self) -> int:
        """Return the offset at which the architecture is written."""
        return self.word.span.start + self.mention.start

    @property
    def tail(self) -> str:
        """Return the path from the part on that names the architecture."""
        text = self.word.text.rstrip("/")
        at = max(text.find(self.mention.text), 0)
        return text[text.rfind("/", 0, at) + 1 :]

    def edit(self, file: Dockerfile, name: str) -> Edit:
        """Return the edit that puts the argument *name* in the word's place."""
        end = self.word.span.start + self.mention.end
        glued = _NAME.match(file.source.text[end : end + 1])
        used = f"${{{name}}}" if glued else f"${name}"
        return Edit(file.source.span(self.start, end), used)


def sole_mention(text: str) -> Mention | None:
    """Return the amd64 of *text*, unless other architectures are named too."""
    found = mentions(text)
    if len(found) != 1 or found[0].architecture is not Architecture.AMD64:
        return None
    return found[0]


def sister(place: ArchPath) -> str:
    """Return the path for arm64: a stage that copies that too has both."""
    word = respell(place.mention, Architecture.ARM64)
    text = place.word.text
    at = text.find(place.mention.text)
    return f"{text[:at]}{word}{text[at + len(place.mention.text) :]}"
