"""Values of jobs as JSON and back: tagged with their type, and read strictly.

Text, numbers, true, false and null stand for themselves and an array for a list.
Everything else is an object with one member, which names what it is::

    {"tuple": ["a", 1]}    {"CommentRef": {"id": 7, "in_review": false}}

Only names from the closed set of `kept` are known; nothing is imported, and
nothing is made but dataclasses, enums and the errors of that set.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from bot.github_ports import GitHubUnavailableError
from bot.jobs import kept
from bot.jobs.fitting import fits
from bot.jobs.kept import ERRORS, OtherError

_PLAIN = (str, int, float, bool, type(None))


class UnreadableError(Exception):
    """What is kept is no value of a job, so it is not used."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(
            f"what the database holds of it is thrown away, for {why}. Either another "
            "version of Multiarch wrote it, or somebody else did"
        )


def write(value: object) -> str:
    """Return *value* as JSON in ASCII, whatever characters it holds."""
    return json.dumps(_written(value), separators=(",", ":"))


def read(text: str) -> Any:  # noqa: ANN401 - whatever was written
    """Return the value that *text* stands for; UnreadableError where it is none."""
    try:
        return _read(json.loads(text))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        why = f"it is no value of a job ({type(error).__name__}: {error})"
        raise UnreadableError(why) from error


def _written(value: object) -> object:
    if type(value) in _PLAIN:
        return value
    if type(value) is list:
        return [_written(each) for each in value]
    if isinstance(value, Exception):
        return {"error": _error(value)}
    return _collected(value) or _composed(value)


def _collected(value: object) -> dict[str, object] | None:
    """Return what holds others, in their order where they have one."""
    match value:
        case tuple():
            return {"tuple": [_written(each) for each in value]}
        case frozenset() | set():
            items = (_written(each) for each in value)
            name = "frozenset" if isinstance(value, frozenset) else "set"
            return {name: sorted(items, key=json.dumps)}
        case Mapping():
            pairs = value.items()
            return {"dict": [[_written(key), _written(one)] for key, one in pairs]}
    return None


def _composed(value: object) -> dict[str, object]:
    """Return a dataclass or enum of the closed set."""
    kind = type(value)
    if kept.types().get(kind.__name__) is not kind:
        raise TypeError(f"{kind.__module__}.{kind.__qualname__} is not kept")
    if isinstance(value, enum.Enum):
        return {kind.__name__: value.name}
    fields = {
        name: _written(getattr(value, name)) for name in kept.hints(kind.__name__)
    }
    return {kind.__name__: fields}


def _error(error: Exception) -> list[object]:
    """Return the name of the nearest kept type, what it says, how long to wait."""
    known = (each.__name__ for each in type(error).__mro__)
    name = next((each for each in known if each in ERRORS), None)
    if name is None:
        return [OtherError.__name__, f"{type(error).__name__}: {error}", 0]
    return [name, str(error), getattr(error, "seconds", 0)]


def _read(found: object) -> Any:  # noqa: ANN401 - whatever was written
    if isinstance(found, list):
        return [_read(each) for each in found]
    if not isinstance(found, dict):
        return found
    ((name, held),) = found.items()
    if name in _READERS:
        return _READERS[name](held)
    kind = kept.types()[name]
    if issubclass(kind, enum.Enum):
        return kind[held]
    return _made(kind, held)


def _made(kind: type, held: object) -> object:
    """Return a dataclass whose fields hold what they may hold."""
    if not isinstance(held, dict):
        raise TypeError(f"{kind.__name__} has no fields")
    wanted = kept.hints(kind.__name__)
    if unknown := held.keys() - wanted.keys():
        raise ValueError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
    values = {name: _read(one) for name, one in held.items()}
    for name, value in values.items():
        if not fits(value, wanted[name]):
            raise TypeError(f"{kind.__name__}.{name} cannot be {type(value).__name__}")
    return kind(**values)


def _raised(held: list[object]) -> Exception:
    name, words, seconds = held
    kind = ERRORS[str(name)]
    if kind is GitHubUnavailableError:
        return GitHubUnavailableError(str(words), float(str(seconds)))
    return kind(str(words))


def _paired(held: list[list[object]]) -> dict[Any, object]:
    return {_read(key): _read(value) for key, value in held}


_READERS: MappingProxyType[str, Any] = MappingProxyType(
    {
        "tuple": lambda held: tuple(_read(each) for each in held),
        "frozenset": lambda held: frozenset(_read(each) for each in held),
        "set": lambda held: {_read(each) for each in held},
        "dict": _paired,
        "error": _raised,
    }
)
