"""What a process that read a stranger's files may answer: plain data, checked.

The process may have been taken over by what it read, so nothing that it sends is
believed. Its answer is JSON, and is read by the type that the step declares: text,
numbers, tuples, enums and dataclasses, each made by its own constructor from parts
of the right type. There is no name in it that could be looked up.

A dataclass is an object with its fields in order, and one that was there before is
its number: a fix that a hundred findings share is written once.
"""

from __future__ import annotations

import dataclasses
import enum
import json
import types
import typing
from collections.abc import Callable
from functools import cache, partial
from typing import Any

_FIELDS, _AGAIN = "=", "#"
_PLAIN: tuple[type, ...] = (str, int, float, bool, type(None))

Made = list[object]
"""Every dataclass that was read, in the order in which they were complete."""
Reader = Callable[[object, Made], object]


class BrokenAnswerError(Exception):
    """The answer is not what the step declares to return."""


def write(value: object) -> bytes:
    """Return *value* as JSON in ASCII, whatever characters it holds."""
    seen: dict[int, tuple[int, object]] = {}
    return json.dumps(_written(value, seen), separators=(",", ":")).encode("ascii")


def read(answer: bytes, hint: object) -> Any:  # noqa: ANN401 - what *hint* says
    """Return what *answer* stands for, if it is of the type that *hint* says."""
    try:
        return _reader(hint)(json.loads(answer), [])
    except (LookupError, RecursionError, TypeError, ValueError) as error:
        raise BrokenAnswerError(f"{type(error).__name__}: {error}"[:200]) from error


def _written(value: object, seen: dict[int, tuple[int, object]]) -> object:
    if type(value) in _PLAIN:
        return value
    if isinstance(value, enum.Enum):
        return value.name
    if isinstance(value, tuple | frozenset):
        return [_written(each, seen) for each in value]
    if id(value) in seen:
        return {_AGAIN: seen[id(value)][0]}
    fields = [_written(getattr(value, name), seen) for name in _names(type(value))]
    seen[id(value)] = len(seen), value  # held, so that no other one gets its id
    return {_FIELDS: fields}


def _names(kind: object) -> tuple[str, ...]:
    names: tuple[str, ...] | None = getattr(kind, "__match_args__", None)
    if names is None or not dataclasses.is_dataclass(kind):
        raise TypeError(f"{kind} is nothing that is answered")
    return names


@cache
def _reader(hint: Any) -> Reader:  # noqa: ANN401 - an annotation
    """Return what reads a value of the type that *hint* says."""
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin in {typing.Union, types.UnionType}:
        (other,) = (each for each in parts if each is not type(None))
        return partial(_optional, other)
    if origin is tuple and parts[1:] != (...,):
        return partial(_row, parts)
    if origin in {tuple, frozenset}:
        return partial(_many, origin, parts[0])
    if hint in _PLAIN:
        return partial(_plain, hint)
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return partial(_member, hint)
    names, hints = _names(hint), typing.get_type_hints(hint)
    return partial(_composed, hint, tuple(hints[name] for name in names))


def _plain(kind: type, found: object, made: Made) -> object:
    if type(found) is kind or (kind is float and type(found) is int):
        return found
    raise TypeError(f"{type(found).__name__} instead of {kind.__name__}")


def _optional(hint: object, found: object, made: Made) -> object:
    return None if found is None else _reader(hint)(found, made)


def _row(hints: tuple[object, ...], found: object, made: Made) -> tuple[object, ...]:
    pairs = zip(_list(found), hints, strict=True)
    return tuple(_reader(hint)(each, made) for each, hint in pairs)


def _many(kind: type, hint: object, found: object, made: Made) -> object:
    reader = _reader(hint)
    return kind(reader(each, made) for each in _list(found))


def _list(found: object) -> list[object]:
    if not isinstance(found, list):
        raise TypeError(f"{type(found).__name__} instead of several values")
    return found


def _member(kind: type[enum.Enum], found: object, made: Made) -> object:
    return kind[str(found)]


def _composed(
    kind: type, hints: tuple[object, ...], found: object, made: Made
) -> object:
    if not isinstance(found, dict):
        raise TypeError(f"{type(found).__name__} instead of {kind.__name__}")
    ((way, held),) = found.items()
    if way == _AGAIN:
        before = made[held]
        if type(before) is not kind:
            raise TypeError(f"{type(before).__name__} instead of {kind.__name__}")
        return before
    value = kind(*_row(hints, held, made)) if way == _FIELDS else None
    if value is None:
        raise ValueError("neither new nor known")
    made.append(value)
    return value
