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
class View:
    """A tree, its project, what registries said, and what the rules found."""

    snapshot: Snapshot
    project: Project
    facts: Facts
    analysis: Analysis

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return what the rules found."""
        return self.analysis.findings

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """Return what cannot be meant in the configuration."""
        return self.project.config.mistakes

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """Return what was not read, not understood or not judged, and why."""
        crashes = (
            Skipped(crash.path, f"was not checked by {crash.rule}, which failed")
            for crash in self.analysis.crashes
        )
        return (*self.project.skipped, *crashes)
