"""From logical lines to Dockerfile instructions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from bot.model import Span
from bot.parse import arguments, heredoc
from bot.parse.arguments import Region
from bot.parse.instruction import Heredoc, Instruction, Problem, Word
from bot.parse.lines import Lines

Assignment = tuple[Word, Word | None]


@dataclass(frozen=True, slots=True)
class _Body:
    """What an instruction's arguments turned out to be."""

    words: tuple[Word, ...] = ()
    json: bool = False
    assignments: tuple[Assignment, ...] = ()
    problems: tuple[Problem, ...] = ()
    onbuild: Instruction | None = None


def instructions(lines: Lines) -> Iterator[Instruction]:
    """Yield the instructions of *lines*, which collects their problems."""
    while (joined := lines.logical()) is not None:
        found, problems = _instruction(arguments.whole(joined), lines.escape)
        lines.problems.extend(problems)
        yield _with_heredocs(lines, found)


def _instruction(
    region: Region, escape: str
) -> tuple[Instruction, tuple[Problem, ...]]:
    joined = region.joined
    keyword = arguments.first(region)
    name = joined.text[slice(*keyword)].upper()
    flags, rest = arguments.flags(region.after(keyword[1]))
    body = _read(name, rest, escape)
    start = joined.at(region.start)
    instruction = Instruction(
        name=name,
        span=joined.source.span(start, max(joined.end, start)),
        keyword=joined.span(*keyword),
        flags=flags,
        body=joined.span(rest.start, rest.end),
        words=body.words,
        json=body.json,
        heredocs=(),
        line=joined.source.line(start),
        assignments=body.assignments,
        onbuild=body.onbuild,
    )
    return instruction, (*body.problems, *_complaints(instruction))


def _read(name: str, region: Region, escape: str) -> _Body:
    if region.start >= region.end:
        return _Body()
    reader = _READERS.get(name)
    if reader is None:
        return _Body(arguments.single(region))
    return reader(region, escape)


def _list(region: Region, escape: str) -> _Body:
    words, is_json, problems = arguments.list_or(region, arguments.blank_separated)
    return _Body(words, is_json, problems=problems)


def _command(region: Region, escape: str) -> _Body:
    words, is_json, problems = arguments.list_or(region, arguments.single)
    return _Body(words, is_json, problems=problems)


def _separated(region: Region, escape: str) -> _Body:
    return _Body(arguments.blank_separated(region))


def _arg(region: Region, escape: str) -> _Body:
    words = arguments.quoted(region, escape)
    return _Body(words, assignments=tuple(_split(word, region) for word in words))


def _pairs(region: Region, escape: str) -> _Body:
    """Read ``a=b c=d`` or the old form ``a b c d``, which has one value."""
    words = arguments.quoted(region, escape)
    if words and "=" not in words[0].text:
        return _old_pair(region)
    pairs = tuple(_split(word, region) for word in words)
    problems = tuple(
        Problem(key.span, f"Docker misses a = in {key.text!r}: write name=value.")
        for key, value in pairs
        if value is None
    )
    return _Body(words, assignments=pairs, problems=problems)


def _old_pair(region: Region) -> _Body:
    start, end = arguments.first(region)
    key, rest = region.word(start, end), region.after(end)
    if rest.start < rest.end:
        value = rest.word(rest.start, rest.end)
        return _Body((key, value), assignments=((key, value),))
    problem = Problem(key.span, f"Docker misses the value of {key.text!r}.")
    return _Body((key,), problems=(problem,))


def _split(word: Word, region: Region) -> Assignment:
    """Split ``key=value`` at its first ``=``."""
    name, equals, text = word.text.partition("=")
    if not equals:
        return word, None
    # A continuation may stand inside the word, so ask the line for positions.
    start = region.joined.index(word.span.start)
    middle = start + len(name)
    key = region.word(start, middle)
    return key, region.word(middle + 1, middle + 1 + len(text))


def _health(region: Region, escape: str) -> _Body:
    start, end = arguments.first(region)
    rest = _command(region.after(end), escape)
    return replace(rest, words=(region.word(start, end), *rest.words))


def _onbuild(region: Region, escape: str) -> _Body:
    end = arguments.first(region)[1]
    name = region.joined.text[region.start : end].upper()
    if name in {"ONBUILD", "FROM", "MAINTAINER"}:
        span = region.joined.span(region.start, end)
        problem = Problem(span, f"Docker allows no {name} behind ONBUILD.")
        return _Body(arguments.single(region), problems=(problem,))
    inner, problems = _instruction(region, escape)
    return _Body(arguments.single(region), problems=problems, onbuild=inner)


_READERS: dict[str, Callable[[Region, str], _Body]] = {
    "ADD": _list,
    "ARG": _arg,
    "CMD": _command,
    "COPY": _list,
    "ENTRYPOINT": _command,
    "ENV": _pairs,
    "EXPOSE": _separated,
    "FROM": _separated,
    "HEALTHCHECK": _health,
    "LABEL": _pairs,
    "ONBUILD": _onbuild,
    "RUN": _command,
    "SHELL": _command,
    "VOLUME": _list,
}
_PLAIN = frozenset({"MAINTAINER", "STOPSIGNAL", "USER", "WORKDIR"})
_MAY_BE_EMPTY = frozenset({"CMD", "ENTRYPOINT"})
_PAIR = 2


def _complaints(instruction: Instruction) -> Iterator[Problem]:
    """Yield what Docker refuses in *instruction* taken by itself."""
    name, count = instruction.name, len(instruction.words)
    if name not in _READERS and name not in _PLAIN:
        yield Problem(instruction.keyword, f"Docker knows no instruction {name!r}.")
    elif not count and not instruction.json and name not in _MAY_BE_EMPTY:
        yield Problem(instruction.keyword, f"Docker misses the arguments of {name}.")
    elif name in {"COPY", "ADD"} and count < _PAIR:
        message = f"Docker misses the destination of {name}."
        yield Problem(instruction.keyword, message)
    elif name == "FROM" and not _is_from(instruction.words):
        message = "FROM takes an image, and AS with a name if the stage has one."
        yield Problem(instruction.body, message)


def _is_from(words: tuple[Word, ...]) -> bool:
    if len(words) == 1:
        return True
    return len(words) == len(("image", "AS", "name")) and words[1].text.lower() == "as"


def _with_heredocs(lines: Lines, instruction: Instruction) -> Instruction:
    """Take the documents that *instruction* opens from the lines behind it."""
    taken: list[Heredoc] = []
    end = instruction.span.end
    for opening in heredoc.openings(instruction):
        document, ended, end = heredoc.take(lines, opening)
        taken.append(document)
        if not ended:
            message = f"The here-document {opening.name!r} has no last line."
            lines.problems.append(Problem(instruction.keyword, message))
            break
    if not taken:
        return instruction
    span = Span(instruction.span.path, instruction.span.start, end)
    inner = instruction.onbuild
    if inner is not None:
        inside = Span(span.path, inner.span.start, end)
        inner = replace(inner, span=inside, heredocs=tuple(taken))
    return replace(instruction, span=span, heredocs=tuple(taken), onbuild=inner)
