"""File name patterns (``*``, ``?``, ``[a-z]``) as make has them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _Class:
    """``?`` or ``[…]``: the characters between some bounds, or all others."""

    ranges: tuple[tuple[str, str], ...]
    negated: bool

    def holds(self, character: str) -> bool:
        inside = any(low <= character <= high for low, high in self.ranges)
        return inside != self.negated


_ANY = _Class((), negated=True)
_Token = str | _Class
_Piece = tuple[_Token, ...]


@dataclass(frozen=True, slots=True)
class Glob:
    """A pattern: what stands between its stars."""

    pieces: tuple[_Piece, ...]

    def matches(self, name: str) -> bool:
        """Tell whether the whole of *name* is what the pattern says.

        Each piece is taken where it comes first: that leaves most to the others.
        """
        first, *middle, last = self.pieces if self.pieces[1:] else (*self.pieces, ())
        at, end = len(first), len(name) - len(last)
        if at > end or (not self.pieces[1:] and at != end):
            return False
        if not _is_at(first, name, 0) or not _is_at(last, name, end):
            return False
        for piece in middle:
            found = _find(piece, name, at, end)
            if found < 0:
                return False
            at = found + len(piece)
        return True

    def among(self, names: Iterable[str]) -> Iterator[str]:
        """Yield those of *names* that match."""
        return filter(self.matches, names)


def read(pattern: str) -> Glob:
    """Read *pattern*; a bracket that does not close stands for itself."""
    pieces: list[list[_Token]] = [[]]
    place = 0
    while place < len(pattern):
        character = pattern[place]
        place += 1
        if character == "*":
            pieces.append([])
        elif character == "?":
            pieces[-1].append(_ANY)
        elif character == "[" and (end := _closing(pattern, place)) > 0:
            pieces[-1].append(_class(pattern[place:end]))
            place = end + 1
        else:
            pieces[-1].append(character)
    kept = (piece for piece in pieces[1:-1] if piece)
    ends = pieces[-1:] if pieces[1:] else []
    return Glob(tuple(map(tuple, (pieces[0], *kept, *ends))))


def _closing(pattern: str, start: int) -> int:
    """Return where the bracket ends whose inside begins at *start*, or -1."""
    after = start + pattern.startswith("!", start)
    return pattern.find("]", after + 1)  # one that stands first is a member


def _class(inside: str) -> _Class:
    negated = inside.startswith("!")
    members = inside[negated:]
    ranges: list[tuple[str, str]] = []
    place = 0
    while place < len(members):
        is_range = members[place + 1 : place + 2] == "-" and place + 2 < len(members)
        high = members[place + 2] if is_range else members[place]
        ranges.append((members[place], high))
        place += 3 if is_range else 1
    return _Class(tuple(ranges), negated)


def _is_at(piece: _Piece, name: str, start: int) -> bool:
    return all(
        token == each if isinstance(token, str) else token.holds(each)
        for token, each in zip(piece, name[start : start + len(piece)], strict=True)
    )


def _find(piece: _Piece, name: str, start: int, end: int) -> int:
    places = range(start, end - len(piece) + 1)
    return next((at for at in places if _is_at(piece, name, at)), -1)
