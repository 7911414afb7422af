"""How Docker splits what follows an instruction's name: flags, words, JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.parse.instruction import Flag, Problem, Word
from bot.parse.lines import SPACES, Joined

_BLANK = "[" + re.escape(SPACES) + "]"
_UNQUOTED_BLANK = re.compile(r"[\t\v\f\r ]+")
_LEADING = re.compile(_BLANK + "*")
_FLAG = re.compile(_BLANK + r"*+(?=--)")
_STRING = re.compile(
    r"""
    "( (?: [^"\\\x00-\x1f]++ | \\["\\/bfnrt] | \\u[0-9a-fA-F]{4} )*+ )"
    """,
    re.VERBOSE,
)
_JSON_BLANK = re.compile(r"[ \t\r\n]*")


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a logical line, without the blanks around it."""

    joined: Joined
    start: int
    end: int

    @property
    def text(self) -> str:
        """The text of the region."""
        return self.joined.text[self.start : self.end]

    def after(self, start: int) -> Region:
        """Return the rest of the region from *start*, without leading blanks."""
        found = _LEADING.match(self.joined.text, start, self.end)
        return Region(self.joined, found.end() if found else start, self.end)

    def word(self, start: int, end: int) -> Word:
        """Return a part of the line as a word."""
        return self.joined.word(start, end)


def whole(joined: Joined) -> Region:
    """Return the whole of *joined* without the blanks around it."""
    text = joined.text
    end = len(text.rstrip(SPACES))
    return Region(joined, len(text) - len(text.lstrip(SPACES)), end)


def first(region: Region) -> tuple[int, int]:
    """Return where the first word of *region* stands."""
    found = _UNQUOTED_BLANK.search(region.joined.text, region.start, region.end)
    return region.start, found.start() if found else region.end


def blank_separated(region: Region) -> tuple[Word, ...]:
    """Split *region* at blanks, whatever the quotes say."""
    words, start = [], region.start
    text = region.joined.text
    for blank in _UNQUOTED_BLANK.finditer(text, region.start, region.end):
        words.append(region.word(start, blank.start()))
        start = blank.end()
    words.append(region.word(start, region.end))
    return tuple(word for word in words if word.text)


_QUOTED = {
    escape: re.compile(
        rf"""
        (?: (?! {_BLANK} ) [^'"{escaped}]
          | {escaped} [\s\S]
          | ' [^']*+ (?: ' | \Z )
          | " (?: [^"{escaped}] | {escaped} [\s\S] )*+ (?: " | {escaped}?\Z )
        )++
        """,
        re.VERBOSE,
    )
    for escape, escaped in (("\\", r"\\"), ("`", "`"))
}
"""One word in which quotes and the escape character protect blanks."""


def quoted(region: Region, escape: str) -> tuple[Word, ...]:
    """Split *region* at the blanks that no quote and no *escape* protects."""
    # The patterns end a broken quote at \Z, so they must not see what follows.
    text = region.joined.text[: region.end]
    found = _QUOTED[escape].finditer(text, region.start)
    return tuple(region.word(*match.span()) for match in found)


def flags(region: Region) -> tuple[tuple[Flag, ...], Region]:
    """Take the leading ``--name=value`` words of *region*; return the rest."""
    taken: list[Flag] = []
    text = region.joined.text[: region.end]
    while found := _FLAG.match(text, region.start):
        word = _QUOTED["\\"].match(text, found.end())
        end = word.end() if word else region.end
        if end - found.end() > len("--"):
            taken.append(_flag(region, found.end(), end))
        region = region.after(end)
        if end - found.end() == len("--"):
            break
    return tuple(taken), region


def _flag(region: Region, start: int, end: int) -> Flag:
    text = region.joined.text
    equals = text.find("=", start, end)
    name_end = end if equals < 0 else equals
    value = region.word(end if equals < 0 else equals + 1, end)
    name = text[start + len("--") : name_end]
    return Flag(name, value, region.joined.span(start, end))


def strings(region: Region) -> tuple[Word, ...] | None:
    """Read *region* as a JSON array of strings; None where it is none.

    Docker ignores what follows the array on its line.
    """
    words: list[Word] = []
    text = region.joined.text
    for match in _elements(text, region.start, region.end):
        if match is None:
            return None
        words.append(_decoded(region, match))
    return tuple(words)


def _elements(text: str, start: int, end: int) -> Iterator[re.Match[str] | None]:
    """Yield the strings of an array, and None where it breaks off."""

    def skip(at: int) -> int:
        found = _JSON_BLANK.match(text, at, end)
        return found.end() if found else at

    if not text.startswith("[", start, end):
        yield None
        return
    at = skip(start + 1)
    if text.startswith("]", at, end):
        return
    while match := _STRING.match(text, at, end):
        yield match
        at = skip(match.end())
        if text.startswith("]", at, end):
            return
        if not text.startswith(",", at, end):
            break
        at = skip(at + 1)
    yield None


def _decoded(region: Region, match: re.Match[str]) -> Word:
    text = match[1]
    if "\\" in text:
        # A lone surrogate is no text: Go, too, puts U+FFFD in its place.
        pairs = json.loads(match[0]).encode("utf-16", "surrogatepass")
        text = pairs.decode("utf-16", "replace")
    return Word(text, region.joined.span(*match.span(1)))


def holds_other_values(region: Region) -> bool:
    """Tell whether *region* is a JSON array of something else than strings."""
    if not region.text.startswith("["):
        return False
    try:
        json.JSONDecoder().raw_decode(region.text)
    except (ValueError, RecursionError):
        return False
    return True


def list_or(
    region: Region, split: Callable[[Region], tuple[Word, ...]]
) -> tuple[tuple[Word, ...], bool, tuple[Problem, ...]]:
    """Read a JSON array, or *split*: words, whether JSON, and problems."""
    found = strings(region)
    if found is not None:
        return found, True, ()
    if not holds_other_values(region):
        return split(region), False, ()
    message = "Docker accepts only strings in the JSON array of an instruction."
    span = region.joined.span(region.start, region.end)
    return split(region), False, (Problem(span, message),)


def single(region: Region) -> tuple[Word, ...]:
    """Take all of *region* as one word."""
    if region.start >= region.end:
        return ()
    return (region.word(region.start, region.end),)
