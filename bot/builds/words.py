"""Split the words of a command line into options and operands. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass


class CallError(Exception):
    """A docker call that is not carried out; the text goes to the caller."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """Which options take a value, which do not, and their short names.

    With *mixed* options may follow operands; without, the first operand ends
    them, as in ``docker run IMAGE command --its-own-option``.
    """

    valued: frozenset[str]
    plain: frozenset[str]
    short: Mapping[str, str]
    mixed: bool = True


@dataclass(frozen=True, slots=True)
class Words:
    """A command line taken apart; options in order, without their dashes."""

    options: tuple[tuple[str, str], ...]
    operands: tuple[str, ...]

    def last(self, name: str) -> str:
        """Return the last value of option *name*, or nothing."""
        return ([value for key, value in self.options if key == name] or [""])[-1]

    def every(self, name: str) -> tuple[str, ...]:
        """Return every value of option *name*."""
        return tuple(value for key, value in self.options if key == name)

    def has(self, name: str) -> bool:
        """Tell whether the option *name* is on."""
        return self.last(name) not in {"", "false", "0"}


def split(words: Sequence[str], grammar: Grammar) -> Words:
    """Take *words* apart by *grammar*; CallError on an option it lacks."""
    options: list[tuple[str, str]] = []
    operands: list[str] = []
    left = iter(words)
    for word in left:
        if word == "--":
            operands += left
        elif word.startswith("-") and word != "-":
            options += _options(word, left, grammar)
        else:
            operands.append(word)
            if not grammar.mixed:
                operands += left
    return Words(tuple(options), tuple(operands))


def _options(word: str, left: Iterator[str], grammar: Grammar) -> list[tuple[str, str]]:
    if word.startswith("--"):
        name, given, value = word[2:].partition("=")
        if name in grammar.plain:
            return [(name, value if given else "true")]
        if name not in grammar.valued:
            raise CallError(f"unknown option --{name}")
        return [(name, value if given else _next(left, word))]
    return list(_short(word, left, grammar))


def _short(
    word: str, left: Iterator[str], grammar: Grammar
) -> Iterator[tuple[str, str]]:
    for place, letter in enumerate(word[1:], 1):
        name = grammar.short.get(letter)
        if name is None:
            raise CallError(f"unknown option -{letter}")
        if name in grammar.valued:
            rest = word[place + 1 :].removeprefix("=")
            yield name, rest or _next(left, word)
            return
        yield name, "true"


def _next(left: Iterator[str], word: str) -> str:
    value = next(left, None)
    if value is None:
        raise CallError(f"the option {word} lacks its value")
    return value
