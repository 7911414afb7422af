"""Who builds a Dockerfile, and with what: the values that callers yield. Pure.

A kind of caller (make recipe, workflow step, compose service …) is one module
in ``bot.callers`` with a constant ``CALLER``.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from bot.model import Span


class Builder(enum.Enum):
    """Which builder a caller uses, as far as the project says."""

    BUILDKIT = "buildkit"
    CLASSIC = "classic"


@dataclass(frozen=True, slots=True)
class BuildArgument:
    """One ``--build-arg NAME=VALUE`` of a caller; the value is unexpanded.

    *span* covers the whole option. *known* is the value for the platform of
    the question, None where nobody can tell without running something.
    """

    name: str
    value: str
    span: Span
    known: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One place that builds a Dockerfile: a make recipe, later a workflow.

    *dockerfile* and *context* are paths of the tree as they come out for
    *platform* of the question. *architecture* is the caller's own variable
    for the architecture as it would be written there (``$(ARCH)``), or empty.
    *insertion* is the empty span at which `` --build-arg X=Y`` can be put.
    """

    path: str
    span: Span
    dockerfile: str
    context: str
    arguments: tuple[BuildArgument, ...]
    builder: Builder
    architecture: str
    insertion: Span
    target: str = ""
    """The make target, service or job that makes the call."""
    line: int = 0
    """The line at which *target* is defined."""
    command: str = ""
    """What runs the caller from the root for ``$TARGETARCH``, where known."""
    tool: bool = False
    """True where the image is a tool of the build and not its product."""
    pushes: bool = False
    """True where the call publishes what it builds."""
    stage: str = ""
    """What ``--target`` asks for."""
    files: tuple[str, ...] = ()
    """Every file that has a say in the call: a Makefile and what it includes."""
    dormant: bool = False
    """True where the caller builds so only when a setting of it is changed."""


@dataclass(frozen=True, slots=True)
class Tree:
    """What a caller may look at: every path, and every file that was parsed."""

    paths: frozenset[str]
    files: Mapping[str, object]

    def has(self, path: str) -> bool:
        """Tell whether *path* is a file of the tree."""
        return path in self.paths


Calls = Callable[[str], Iterable[Call]]
"""Returns the calls of one tree for a platform."""


@dataclass(frozen=True, slots=True)
class Caller:
    """One kind of caller: its name, and how to read a tree for its calls.

    What *read* returns is asked once per platform: what is the same for all
    of them is worked out once.
    """

    name: str
    read: Callable[[Tree], Calls]

    def calls(self, tree: Tree, platform: str) -> Iterable[Call]:
        """Return the calls in *tree* for one *platform*."""
        return self.read(tree)(platform)
