"""Where a stage makes the file that another stage copies from it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
    makers = {
        place.start: tuple(_makers(file, place)) for place in places if place.origin
    }
    made = {each.start: each for group in makers.values() for each in group}
    found = dict(made)
    for place in places:
        mine = makers.get(place.start, ())
        known = bool(mine) or not place.origin or _is_copied(file, place, places)
        sure = known and not any(_says_more(file, each, made) for each in mine)
        found[place.start] = replace(place, is_sure=sure)
    return tuple(sorted(found.values(), key=lambda each: each.start))


def _makers(file: Dockerfile, place: ArchPath) -> Iterator[ArchPath]:
    for stage in _ancestry(file, place.origin):
        if is_pinned(stage):
            return
        for run in runs(file, stage.instructions):
            for command in run.commands:
                for token in command.words:
                    mention = sole_mention(file.source.cut(token.span))
                    if not mention or is_guarded(command):
                        continue
                    word = Word(token.value, token.span)
                    quoted = "'" in token.raw
                    served = mention.dialect is Dialect.GO and not quoted
                    made = ArchPath(stage, word, mention, served, blocks=quoted)
                    if made.tail == place.tail:
                        yield made


def _is_copied(file: Dockerfile, place: ArchPath, places: Sequence[ArchPath]) -> bool:
    """Tell whether the stage itself copies the file, under a name that is mended."""
    names = {stage.index for stage in _ancestry(file, place.origin)}
    return any(
        each.stage.index in names and each.tail == place.tail
        for each in places
        if each is not place
    )


def _says_more(file: Dockerfile, maker: ArchPath, made: Mapping[int, ArchPath]) -> bool:
    """Tell whether the stage of *maker* names amd64 in other places (``GOARCH``)."""
    known = sum(each.stage.index == maker.stage.index for each in made.values())
    texts = (file.source.cut(each.span) for each in maker.stage.instructions)
    return sum(len(mentions(text)) for text in texts) > known


def _ancestry(file: Dockerfile, name: str) -> Iterator[Stage]:
    """Yield the stage called *name*, and those of the file that it is built on."""
    left = len(file.stages)
    while left:
        named = (s for s in file.stages if name.lower() in {s.name, str(s.index)})
        stage = next(named, None)
        if stage is None:
            return
        yield stage
        name, left = stage.image.text, left - 1
