"""What the loop met and what it proved: the shape of every story. Pure.

The JSON form of these values is fixed (docs/output.md); other tools read it.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.isolation import Isolation
from bot.model import BuildLog


@dataclass(frozen=True, slots=True)
class Change:
    """What one rule changed in one file, as a unified diff.

    *title* says it in words, as the rule's fix does.
    """

    rule: str
    path: str
    diff: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One build of the loop: what happened, why, and what was done about it.

    *path* and *line* point at the instruction that failed, where it is known.
    *why* tells the author what *cause* means and what to do about it.
    *seconds* is the duration of the build.
    """

    platform: str
    passed: bool
    seconds: float
    cause: str | None = None
    quote: str | None = None
    path: str | None = None
    line: int | None = None
    changes: tuple[Change, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Built:
    """A build that passed: on which runner, natively or emulated, how long."""

    recipe: str
    runner: str
    platform: str
    native: bool
    builder: str
    image: str
    """The image id on the runner (``sha256:…``)."""
    seconds: float
    isolation: Isolation | None = None
    """What the build was kept away from; None where it used the engine as it is."""


@dataclass(frozen=True, slots=True)
class WrongFile:
    """A program of another architecture, and the instruction that brought it."""

    file: str
    machine: str
    instruction: str


@dataclass(frozen=True, slots=True)
class Audit:
    """How many ELF files an image holds, and which are of the wrong machine."""

    files: int
    wrong: tuple[WrongFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Smoke:
    """What happened when the image was started."""

    passed: bool
    command: str
    exit_code: int | None
    """None where the container was still running when time was up."""
    output: str
    seconds: float

    @property
    def skipped(self) -> bool:
        """Tell whether nothing was started, because the image names nothing."""
        return not self.command and self.exit_code is None


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it; *audit* and *smoke* are None where nothing was built."""

    built: Built | None
    log: BuildLog
    seconds: float
    audit: Audit | None = None
    smoke: Smoke | None = None
    unaudited: str = ""
    """Why the image that was built could not be audited."""

    @property
    def stands(self) -> bool:
        """Tell whether it built, holds no foreign program, and starts."""
        clean = not self.unaudited and (self.audit is None or not self.audit.wrong)
        starts = self.smoke is None or self.smoke.passed or self._is_data
        return self.built is not None and clean and starts

    @property
    def _is_data(self) -> bool:
        """Tell whether there is no program in the image, and nothing to start."""
        empty = self.audit is not None and not self.audit.files
        return empty and self.smoke is not None and self.smoke.skipped


@dataclass(frozen=True, slots=True)
class Proof:
    """The evidence; None stands for a part that is missing.

    *arm64* and *amd64* hold one entry per recipe.
    """

    arm64: tuple[Built, ...] | None = None
    amd64: tuple[Built, ...] | None = None
    audit: Audit | None = None
    smoke: tuple[Smoke, ...] | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """How the loop ended; *missing* says what an unproven fix lacks.

    *mistakes* are those of the owner's configuration, each with its place: what
    they were meant to say is not in the proof.
    """

    proven: bool
    missing: tuple[str, ...]
    attempts: tuple[Attempt, ...]
    proof: Proof
    mistakes: tuple[str, ...] = ()
