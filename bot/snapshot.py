"""The tree of a repository at one commit, as far as the bot reads it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from bot import fixing
from bot.model import Edit, Source

READ_ITSELF = ", which is read itself"
"""How the reason of a link ends whose target is a build file of the tree."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not read, and why."""

    path: str
    reason: str

    @property
    def is_judged(self) -> bool:
        """Tell whether what it holds is judged under another name."""
        return self.reason.endswith(READ_ITSELF)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Every path of a tree, and the text of the files that were read.

    Paths are relative to the root, with ``/``; only files, no directories.
    """

    paths: frozenset[str]
    sources: Mapping[str, Source]
    skipped: tuple[Skipped, ...] = field(default=())

    def edited(self, edits: Iterable[Edit]) -> Snapshot:
        """Return the snapshot as it is after *edits*."""
        wanted = tuple(edits)
        touched = {edit.span.path for edit in wanted}
        changed = {
            path: fixing.apply(self.sources[path], wanted) for path in sorted(touched)
        }
        return replace(self, sources={**self.sources, **changed})

    def with_sources(self, sources: Iterable[Source]) -> Snapshot:
        """Return the snapshot with the text of *sources* in place."""
        changed = {source.path: source for source in sources}
        return replace(
            self,
            paths=self.paths | changed.keys(),
            sources={**self.sources, **changed},
        )
