"""Where a stage makes the file that another stage copies from it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from bot.architecture import Dialect, mentions
from bot.judgement.arch_path import ArchPath, sole_mention
from bot.judgement.commands import runs
from bot.judgement.deliberate import is_guarded, is_pinned
from bot.parse.dockerfile import Dockerfile, Stage, Word


def with_makers(file: Dockerfile, places: Sequence[ArchPath]) -> tuple[ArchPath, ...]:
    """Return *places* and the words of RUN that make what is copied between stages.

    A place whose maker is not found, or where the maker says more about amd64,
    is not sure: the file may well be made under that name for any platform.
    """
    stages = _Stages(file)
    makers = {
        place.start: tuple(stages.makers(place)) for place in places if place.origin
    }
    made = {each.start: each for group in makers.values() for each in group}
    copied = {(each.stage.index, each.tail) for each in places}
    said = Counter(each.stage.index for each in made.values())
    found = dict(made)
    for place in places:
        mine = makers.get(place.start, ())
        known = bool(mine) or not place.origin or stages.copy(place, copied)
        mended = all(
            stages.mentions(each.stage) <= said[each.stage.index] for each in mine
        )
        found[place.start] = replace(place, is_sure=known and mended)
    return tuple(sorted(found.values(), key=lambda each: each.start))


class _Stages:
    """The stages of a file by their names, each of them read once."""

    def __init__(self, file: Dockerfile) -> None:
        self._file = file
        self._named: dict[str, Stage] = {}
        for stage in file.stages:
            for name in filter(None, (stage.name, str(stage.index))):
                self._named.setdefault(name, stage)
        self._makers: dict[int, Mapping[str, Sequence[ArchPath]]] = {}
        self._mentions: dict[int, int] = {}

    def makers(self, place: ArchPath) -> Iterator[ArchPath]:
        """Yield the words that make the file of *place* where it comes from."""
        for stage in self._ancestry(place.origin):
            if is_pinned(stage):
                return
            if stage.index not in self._makers:
                made: dict[str, list[ArchPath]] = {}
                for each in _made(self._file, stage):
                    made.setdefault(each.tail, []).append(each)
                self._makers[stage.index] = made
            yield from self._makers[stage.index].get(place.tail, ())

    def copy(self, place: ArchPath, copied: AbstractSet[tuple[int, str]]) -> bool:
        """Tell whether the stage copies the file itself, under a mended name."""
        return any(
            (stage.index, place.tail) in copied
            for stage in self._ancestry(place.origin)
            if stage is not place.stage
        )

    def mentions(self, stage: Stage) -> int:
        """Return how often *stage* names an architecture (``GOARCH``, too)."""
        if stage.index not in self._mentions:
            texts = (self._file.source.cut(each.span) for each in stage.instructions)
            self._mentions[stage.index] = sum(len(mentions(text)) for text in texts)
        return self._mentions[stage.index]

    def _ancestry(self, name: str) -> Iterator[Stage]:
        """Yield the stage called *name*, and those of the file it is built on."""
        for _ in self._file.stages:
            stage = self._named.get(name.lower())
            if stage is None:
                return
            yield stage
            name = stage.image.text


def _made(file: Dockerfile, stage: Stage) -> Iterator[ArchPath]:
    """Yield the words of RUN in *stage* that name amd64."""
    for run in runs(file, stage.instructions):
        for command in run.commands:
            for token in command.words:
                mention = sole_mention(file.source.cut(token.span))
                if mention and not is_guarded(command):
                    word = Word(token.value, token.span)
                    quoted = "'" in token.raw
                    served = mention.dialect is Dialect.GO and not quoted
                    yield ArchPath(stage, word, mention, served, blocks=quoted)
