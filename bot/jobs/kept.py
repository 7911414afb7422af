"""The closed set of types that the database holds values of: nothing else is read."""

from __future__ import annotations

import dataclasses
import enum
import typing
from collections.abc import Iterator
from functools import cache
from types import MappingProxyType
from typing import Any

from bot.command import Permission, UsageError
from bot.errors import CostlyError, EngineUnavailableError, OverdueError, UserError
from bot.facts import Facts
from bot.github_ports import GitHubRefusedError, GitHubUnavailableError
from bot.job import Job
from bot.ports import Abilities
from bot.proof import Trial
from bot.publishing import PullRequestRef


class LostError(Exception):
    """A job stopped its worker again and again, or hung until it was stopped."""


class OtherError(Exception):
    """An error of a type that is not kept: its name and what it said."""


@dataclasses.dataclass(frozen=True, slots=True)
class Done:
    """What a step returned."""

    value: Any


@dataclasses.dataclass(frozen=True, slots=True)
class Later:
    """A passing error that ended a step: it is worth doing again."""

    error: Exception


@dataclasses.dataclass(frozen=True, slots=True)
class Standing:
    """Where a job stands among those about the same head."""

    gone: bool
    """A newer one is known."""
    older: tuple[Job, ...] = ()
    """Those that have not ended, and need not go on."""


ROOTS: tuple[type, ...] = (
    *(Job, Standing, Done, Later),
    *(Abilities, Facts, Permission, PullRequestRef, Trial),
)
"""What jobs and their steps are given and return; their fields follow from them."""
ERRORS: MappingProxyType[str, type[Exception]] = MappingProxyType(
    {
        each.__name__: each
        for each in (
            *(UserError, UsageError, EngineUnavailableError, OverdueError),
            CostlyError,
            *(GitHubUnavailableError, GitHubRefusedError, OtherError),
        )
    }
)
"""Errors that are told apart when a job goes on; others are kept by their name."""


@cache
def types() -> MappingProxyType[str, type]:
    """Return every dataclass and enum that is kept, by its name."""
    found: dict[str, type] = {}
    for root in ROOTS:
        _gather(root, found)
    return MappingProxyType(found)


@cache
def hints(name: str) -> MappingProxyType[str, Any]:
    """Return what each field of the dataclass called *name* may hold."""
    return _hints(types()[name])


def _hints(kind: type) -> MappingProxyType[str, Any]:
    names = {each.name for each in dataclasses.fields(kind)}
    known = typing.get_type_hints(kind)
    return MappingProxyType({name: known[name] for name in known if name in names})


def _gather(kind: type, found: dict[str, type]) -> None:
    if found.setdefault(kind.__name__, kind) is not kind:
        raise TypeError(f"two types are called {kind.__name__}, and one would be lost")
    if issubclass(kind, enum.Enum):
        return
    for hint in _hints(kind).values():
        for part in _parts(hint):
            if found.get(part.__name__) is not part:
                _gather(part, found)


def _parts(hint: object) -> Iterator[type]:
    """Yield the dataclasses and enums that are named anywhere in *hint*."""
    if isinstance(hint, type) and typing.get_origin(hint) is None:
        if dataclasses.is_dataclass(hint) or issubclass(hint, enum.Enum):
            yield hint
        return
    for each in typing.get_args(hint):
        yield from _parts(each)
