"""A tree with everything that is known about it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bot.analysis import Analysis
from bot.config import Mistake
from bot.facts import Facts
from bot.model import Finding
from bot.project import Project
from bot.snapshot import Skipped, Snapshot


@dataclass(frozen=True, slots=True)
class Assessment:
    """What reading a tree brought: findings, mistakes, and what was not read.

    *unread* holds the files that were not read, or not in full, and why.
    """

    analysis: Analysis
    mistakes: tuple[Mistake, ...] = ()
    unread: tuple[Skipped, ...] = ()

    @classmethod
    def of(cls, project: Project, analysis: Analysis) -> Assessment:
        """Return what is known of *project* once it is analysed."""
        return cls(analysis, project.config.mistakes, project.skipped)


@dataclass(frozen=True, slots=True)
class View:
    """A tree, what registries said, and what the rules found."""

    snapshot: Snapshot
    facts: Facts
    assessment: Assessment

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return what the rules found."""
        return self.assessment.analysis.findings

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """Return what cannot be meant in the configuration."""
        return self.assessment.mistakes

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """Return what was not read, not understood or not judged, and why."""
        crashes = (
            Skipped(crash.path, f"was not checked by {crash.rule}, which failed")
            for crash in self.assessment.analysis.crashes
        )
        return (*self.assessment.unread, *crashes)

    @property
    def unjudged(self) -> tuple[str, ...]:
        """Return the files that were not judged, or not in full."""
        return tuple({each.path: None for each in self.skipped if not each.is_judged})

    @property
    def unknown(self) -> tuple[str, ...]:
        """Return the images that nobody could tell about."""
        images = self.facts.images.items()
        return tuple(sorted(name for name, one in images if one.platforms is None))
