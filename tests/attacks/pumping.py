"""Texts that cost a regular expression as much as it can cost, made from itself."""

from __future__ import annotations

import gc
import importlib
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

parser: Any = importlib.import_module("re._parser")
"""How Python itself reads a pattern: its tree is to be had nowhere else."""
compiler: Any = importlib.import_module("re._compiler")
opcode: Any = importlib.import_module("re._constants")

ALPHABET = " a\n\t0/\"'.-_\\$({}[]:=#|>A!@<,Z\x00é"
"""Characters of which every class of ours holds some."""
GENERIC = (
    *(" ", "a", "0", "\n", "\t", "\\", "\\\n", "$(", "{", '"', "'", "/", "**/", "-"),
    *("a ", "a/", "a.", "a:", ": ", "=", "#", "<<a ", "(a", "[", "é", "A ", ".\n", "|"),
)
_ENDS = ("", "\x00", "!", "\n")
_MOST = 60
_WAYS = 3
"""Characters that are tried for one class, and shapes for one repeated part."""
SMALL = range(8, 41, 2)
LARGE = (128, 512, 2048, 8192, 32768)
_SLOW = 0.08
"""Seconds that are worth a second look; what is linear takes less at every size."""
_STEEP = 3.0
"""Doubling a text may cost this many times as much: twice, and some noise."""


@dataclass(frozen=True, slots=True)
class Costly:
    """A text whose cost grows faster than itself: *pump* again and again."""

    prefix: str
    pump: str
    end: str
    size: int
    seconds: float


def attacks(pattern: re.Pattern[str]) -> Iterator[tuple[str, str, str]]:
    """Yield what to put before, what to repeat, and what to end with."""
    tree = parser.parse(pattern.pattern, pattern.flags)
    made = dict.fromkeys(
        (before, pump, end)
        for before, pump in islice(_pumps(tree, ("",)), _MOST)
        for end in _ENDS
        if pump
    )
    yield from made
    yield from (("", pump, end) for pump in GENERIC for end in ("", "\x00"))


def cost(
    work: Callable[[str], object],
    attack: tuple[str, str, str],
    sizes: Sequence[int] = (*SMALL, *LARGE),
) -> Costly | None:
    """Return the size at which *work* is seen to cost more than its text grows."""
    for size in sizes:
        text = _text(attack, size)
        seconds = _best(work, text, 1)
        if seconds < _SLOW:
            continue
        if size in SMALL:
            return Costly(*attack, size, seconds)
        now, half = _best(work, text, 3), _best(work, _text(attack, size // 2), 3)
        if now > _STEEP * half:
            return Costly(*attack, size, now)
        return None
    return None


def _text(attack: tuple[str, str, str], size: int) -> str:
    before, pump, end = attack
    count = size if size in SMALL else size // len(pump)
    return before + pump * max(count, 1) + end


def _best(work: Callable[[str], object], text: str, tries: int) -> float:
    times = []
    gc.disable()  # it costs more the more there is, whoever made it
    try:
        for _ in range(tries):
            begun = time.process_time()
            work(text)
            times.append(time.process_time() - begun)
    finally:
        gc.enable()
    return min(times)


def _pumps(tree: Sequence[Any], before: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield each repeated part of *tree* with a text that leads to it.

    Besides itself it is tried with what follows it (where may it end?) and with
    what leads to it (where may it begin?).
    """
    for place, (kind, value) in enumerate(tree):
        if kind in _REPEATS and value[1] > _WAYS:
            behind = _texts(tree[place + 1 : place + 2])[:1]
            for each in _texts(value[2]):
                yield from ((lead, each) for lead in before[:2])
                yield from ((lead, each + end) for lead in before[:1] for end in behind)
                yield from (("", lead + each) for lead in before[:1])
        for inner in _inner(kind, value):
            yield from _pumps(inner, before)
        told = _texts([(kind, value)])
        before = tuple(dict.fromkeys(a + b for a in before for b in told))[:_WAYS]
        if not before:
            return


_REPEATS = {opcode.MAX_REPEAT, opcode.MIN_REPEAT, opcode.POSSESSIVE_REPEAT}
_ASSERTIONS = {opcode.ASSERT, opcode.ASSERT_NOT}


def _inner(kind: object, value: Any) -> list[Sequence[Any]]:  # noqa: ANN401 - a tree
    """Return the trees inside of one node."""
    if kind in _REPEATS:
        return [value[2]]
    if kind is opcode.SUBPATTERN:
        return [value[3]]
    if kind is opcode.BRANCH:
        return list(value[1])
    if kind is opcode.ATOMIC_GROUP:
        return [value]
    if kind is opcode.GROUPREF_EXISTS:
        return [each for each in value[1:] if each]
    return []


def _texts(tree: Sequence[Any]) -> list[str]:
    """Return a few texts that *tree* matches, the shortest first."""
    found = [""]
    for kind, value in tree:
        told = _node(kind, value)
        found = [one + other for other in told for one in found][:_WAYS]
    return found


def _node(kind: object, value: Any) -> list[str]:  # noqa: ANN401 - a tree
    if kind in _ASSERTIONS or kind is opcode.AT:
        return [""]
    if kind in _REPEATS:
        least, _, inner = value
        told = _texts(inner)
        return [each * max(least, 1) for each in told] if least else ["", *told[:2]]
    if kind is opcode.BRANCH:
        return [each for inner in value[1] for each in _texts(inner)[:1]][:_WAYS]
    if kind is opcode.GROUPREF:
        return ["a"]
    inner = _inner(kind, value)
    if inner:
        return _texts(inner[0])
    return _characters(kind, value)


def _characters(kind: object, value: Any) -> list[str]:  # noqa: ANN401 - a tree
    """Return characters that one node matches."""
    if kind is opcode.LITERAL:
        return [chr(value)]
    state = parser.State()
    state.str = ""
    tree = parser.SubPattern(state, [(kind, value)])
    single: re.Pattern[str] = compiler.compile(tree, 0)
    return [each for each in ALPHABET if single.match(each)][:_WAYS]
