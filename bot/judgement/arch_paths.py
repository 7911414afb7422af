"""The paths of a Dockerfile that name amd64, and what they were made from. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.architecture import Architecture, Dialect, Mention, mentions, respell
from bot.judgement.commands import runs
from bot.judgement.deliberate import is_guarded, is_pinned
from bot.model import Edit
from bot.parse.dockerfile import Dockerfile, Instruction, Stage, Word
from bot.parse.shell import Token

_COPIES = frozenset({"ADD", "COPY"})
_STARTS = frozenset({"CMD", "ENTRYPOINT", "HEALTHCHECK"})
_REMOTE = re.compile(r"(?:https?|ftp|git|ssh)://|git@")
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

    @property
    def start(self) -> int:
        """Return the offset at which the architecture is written."""
        return self.word.span.start + self.mention.start

    def edit(self, file: Dockerfile, name: str) -> Edit:
        """Return the edit that puts the argument *name* in the word's place."""
        end = self.word.span.start + self.mention.end
        glued = _NAME.match(file.source.text[end : end + 1])
        used = f"${{{name}}}" if glued else f"${name}"
        return Edit(file.source.span(self.start, end), used)


def arch_paths(file: Dockerfile) -> tuple[ArchPath, ...]:
    """Return the paths that an arm64 build should find under another name."""
    if not mentions(file.source.text):
        return ()
    return tuple(
        place
        for stage in file.stages
        if not is_pinned(stage)
        for place in _in_stage(file, stage)
    )


def _in_stage(file: Dockerfile, stage: Stage) -> Iterator[ArchPath]:
    own = {each.name for each in file.stages} | {str(s.index) for s in file.stages}
    copied = [
        place
        for instruction in stage.instructions
        if instruction.name in _COPIES and not _is_foreign(instruction, own)
        for place in _words(file, stage, instruction)
    ]
    written = {
        word.text
        for instruction in stage.instructions
        if instruction.name in _COPIES
        for word in instruction.words
    }
    alone = [place for place in copied if _sister(place) not in written]
    yield from alone
    mine = {id(place.word) for place in alone}
    made = {path for item in stage.instructions for path in _made(item, mine)}
    if made:
        yield from _run_uses(file, stage, made)
        yield from _start_uses(file, stage, made)


def _is_foreign(instruction: Instruction, own: set[str]) -> bool:
    """Tell whether *instruction* copies from an image that others made."""
    return any(
        flag.name == "from" and flag.value.text.lower() not in own
        for flag in instruction.flags
    )


def _words(
    file: Dockerfile, stage: Stage, instruction: Instruction
) -> Iterator[ArchPath]:
    for word in instruction.words:
        text = file.source.cut(word.span)
        mention = _sole_mention(text)
        if mention and not _REMOTE.match(text) and not text.startswith("<<"):
            yield ArchPath(stage, word, mention, mention.dialect is Dialect.GO)


def _sole_mention(text: str) -> Mention | None:
    """Return the amd64 of *text*, unless other architectures are named too."""
    found = mentions(text)
    if len(found) != 1 or found[0].architecture is not Architecture.AMD64:
        return None
    return found[0]


def _sister(place: ArchPath) -> str:
    """Return the path for arm64: a stage that copies that too has both."""
    word = respell(place.mention, Architecture.ARM64)
    text = place.word.text
    at = text.find(place.mention.text)
    return f"{text[:at]}{word}{text[at + len(place.mention.text) :]}"


def _made(instruction: Instruction, mine: set[int]) -> Iterator[str]:
    """Yield the paths of the image that name amd64 because *instruction* did."""
    words = instruction.words
    if instruction.name not in _COPIES or not any(id(word) in mine for word in words):
        return
    target = words[-1].text
    if mentions(target):
        yield target.rstrip("/")
    for source in words[:-1]:
        name = posixpath.basename(source.text.rstrip("/"))
        if mentions(name):
            yield posixpath.join(target, name)


def _run_uses(file: Dockerfile, stage: Stage, made: set[str]) -> Iterator[ArchPath]:
    """Yield the words of RUN that use a path which a copy has made."""
    for run in runs(file, stage.instructions):
        for command in run.commands:
            for token in command.words:
                mention = _sole_mention(file.source.cut(token.span))
                if not mention or is_guarded(command) or not _is_below(token, made):
                    continue
                word = Word(token.value, token.span)
                quoted = "'" in token.raw
                served = mention.dialect is Dialect.GO and not quoted
                yield ArchPath(stage, word, mention, served, blocks=quoted)


def _start_uses(file: Dockerfile, stage: Stage, made: set[str]) -> Iterator[ArchPath]:
    """Yield the start commands that use such a path: no argument reaches them."""
    for instruction in stage.instructions:
        if instruction.name not in _STARTS:
            continue
        for word in instruction.words:
            mention = _sole_mention(file.source.cut(word.span))
            if mention and any(path in word.text for path in made):
                yield ArchPath(stage, word, mention, is_served=False, blocks=True)


def _is_below(token: Token, made: set[str]) -> bool:
    path = token.value
    ends = (at for at, char in enumerate(path) if char == "/")
    return path in made or any(path[:at] in made for at in ends)
