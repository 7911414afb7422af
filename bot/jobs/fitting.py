"""Whether a value is what the annotation of a field says. Pure."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

_UNIONS = (typing.Union, types.UnionType)


def fits(value: object, hint: Any) -> bool:  # noqa: ANN401 - an annotation
    """Tell whether *value* is of the type that *hint* says, its parts too."""
    if hint is Any or hint is object:
        return True
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in _UNIONS:
        return any(fits(value, each) for each in args)
    if origin is None:
        return _is(value, hint)
    return isinstance(value, origin) and _parts_fit(value, args)


def _parts_fit(value: object, args: tuple[Any, ...]) -> bool:
    match value:
        case tuple():
            return _fit_tuple(value, args)
        case Mapping():
            key, held = args
            return all(fits(k, key) and fits(v, held) for k, v in value.items())
        case AbstractSet() | list():
            return all(fits(each, args[0]) for each in value)
    return False


def _fit_tuple(value: tuple[object, ...], args: tuple[Any, ...]) -> bool:
    if args[1:] == (...,):
        return all(fits(each, args[0]) for each in value)
    pairs = zip(value, args, strict=False)
    return len(value) == len(args) and all(fits(each, hint) for each, hint in pairs)


def _is(value: object, kind: Any) -> bool:  # noqa: ANN401 - a type
    """Tell whether *value* is a *kind*; true and false are no numbers."""
    if isinstance(value, bool):
        return kind is bool
    if kind is float:
        return isinstance(value, int | float)
    return isinstance(value, kind)
