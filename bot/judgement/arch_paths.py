"""The paths of a Dockerfile that name amd64, and what they were made from. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from bot.architecture import Dialect, mentions
from bot.judgement.arch_path import ArchPath, sister, sole_mention
from bot.judgement.commands import runs
from bot.judgement.deliberate import is_guarded, is_pinned
from bot.judgement.made_paths import with_makers
from bot.parse.dockerfile import Dockerfile, Instruction, Stage, Word
from bot.parse.shell import Token

_COPIES = frozenset({"ADD", "COPY"})
_STARTS = frozenset({"CMD", "ENTRYPOINT", "HEALTHCHECK"})
_REMOTE = re.compile(r"(?:https?|ftp|git|ssh)://|git@")


def arch_paths(file: Dockerfile) -> tuple[ArchPath, ...]:
    """Return the paths that an arm64 build should find under another name."""
    if not mentions(file.source.text):
        return ()
    found = [
        place
        for stage in file.stages
        if not is_pinned(stage)
        for place in _in_stage(file, stage)
    ]
    return with_makers(file, found)


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
    alone = [place for place in copied if sister(place) not in written]
    yield from alone
    mine = {id(place.word) for place in alone}
    made = {path for item in stage.instructions for path in _made(item, mine)}
    if made:
        yield from _run_uses(file, stage, made)
        yield from _start_uses(file, stage, made)


def _is_foreign(instruction: Instruction, own: set[str]) -> bool:
    """Tell whether *instruction* copies from an image that others made."""
    taken = instruction.taken_from.lower()
    return bool(taken) and taken not in own


def _words(
    file: Dockerfile, stage: Stage, instruction: Instruction
) -> Iterator[ArchPath]:
    for word in instruction.words:
        text = file.source.cut(word.span)
        mention = sole_mention(text)
        if mention and not _REMOTE.match(text) and not text.startswith("<<"):
            served = mention.dialect is Dialect.GO
            yield ArchPath(
                stage, word, mention, served, origin=_origin(instruction, word)
            )


def _origin(instruction: Instruction, word: Word) -> str:
    """Return the stage that *word* is copied from; a destination has none."""
    if word is instruction.words[-1]:
        return ""
    return instruction.taken_from


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
                mention = sole_mention(file.source.cut(token.span))
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
            mention = sole_mention(file.source.cut(word.span))
            if mention and any(path in word.text for path in made):
                yield ArchPath(stage, word, mention, is_served=False, blocks=True)


def _is_below(token: Token, made: set[str]) -> bool:
    path = token.value
    ends = (at for at, char in enumerate(path) if char == "/")
    return path in made or any(path[:at] in made for at in ends)
