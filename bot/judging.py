"""The steps in which a stranger's files are read and judged. Pure.

Each takes a whole tree and returns what was found in it, so that it can be
carried out in a process of its own: see `bot.processes.judge`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot import dockerfile_names, references
from bot.analysis import analyse
from bot.building import LeftOut
from bot.config import Mistake
from bot.dockerfile_names import Named
from bot.errors import UserError
from bot.facts import Facts
from bot.model import BuildLog, Finding, LogLine, Safety, Source
from bot.parse import dockerfile
from bot.parse.excess import excess
from bot.project import Project
from bot.proof import Change, Trial
from bot.recipe import Recipe
from bot.repair import Setback, repaired, setback
from bot.rules import RULES
from bot.snapshot import Skipped, Snapshot
from bot.view import Assessment


@dataclass(frozen=True, slots=True)
class Survey:
    """What a tree is before anybody was asked: its images, how it is built.

    *left_out* is what is not built because its owner has not said how. *mistakes*
    are those of the configuration, *unread* what was not read, or not in full.
    """

    images: tuple[str, ...]
    recipes: tuple[Recipe, ...]
    left_out: tuple[LeftOut, ...]
    mistakes: tuple[Mistake, ...] = ()
    unread: tuple[Skipped, ...] = ()


@dataclass(frozen=True, slots=True)
class Repaired:
    """The files that repairs changed, as they are now, and what changed."""

    sources: tuple[Source, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """The images that a Dockerfile names: as *written* there, and its *bases*.

    The bases are what the classic builder pulls.
    """

    written: tuple[Named, ...]
    bases: frozenset[str]


def survey(snapshot: Snapshot, platform: str) -> Survey:
    """Find the images that *snapshot* stands on and the recipes it is built by."""
    project = Project.of(snapshot)
    return Survey(
        project.images(platform),
        project.recipes(platform),
        project.left_out(platform),
        project.config.mistakes,
        project.skipped,
    )


def assess(snapshot: Snapshot, facts: Facts) -> Assessment:
    """Run every rule over *snapshot* with what registries said."""
    project = Project.of(snapshot)
    return Assessment.of(project, analyse(project, facts, RULES))


def explain(snapshot: Snapshot, findings: tuple[Finding, ...], trial: Trial) -> Setback:
    """Say why *trial* does not stand and which of *findings* may mend it."""
    return setback(trial, Project.of(snapshot), findings)


def repair(
    snapshot: Snapshot, findings: tuple[Finding, ...], floor: Safety
) -> Repaired:
    """Make the fixes of *findings* that are at least as safe as *floor*."""
    after, changes = repaired(snapshot, findings, floor)
    before = snapshot.sources
    sources = (now for path, now in after.sources.items() if now != before[path])
    return Repaired(tuple(sources), changes)


def tidy(
    snapshot: Snapshot,
    findings: tuple[Finding, ...],
    path: str,
    floor: Safety,
) -> Repaired:
    """Make the repairs around *path* that no error asked for."""
    near = Project.of(snapshot).neighbours([path])
    related = (item for item in findings if item.match.span.path in near)
    return repair(snapshot, tuple(related), floor)


def names(source: Source, given: Mapping[str, str], platform: str) -> Names:
    """Find the images that one Dockerfile names when it is built with *given*.

    UserError where it is more than is judged.
    """
    file = dockerfile.parse(source)
    if reason := excess(file):
        raise UserError(
            f"The Dockerfile of this build is not built: {reason}. "
            "Nobody could tell which images it starts from. Make a smaller one."
        )
    written = tuple(dockerfile_names.find(file, given, platform))
    return Names(written, references.images(file, given, ""))


def prepare() -> None:
    """Load all that the steps need, so that none of them waits for it."""
    texts = {
        "Dockerfile": "FROM a AS b\nARG C=amd64\nRUN apk add libc6-i386; tool-$C\n",
        ".dockerignore": "*\n!amd64\n",
        "Makefile": "ARCH ?= amd64\nimage:\n\tdocker build .\n",
        ".github/multiarch.yml": "builds: [{dockerfile: Dockerfile}]\n",
    }
    sources = {path: Source(path, text) for path, text in texts.items()}
    tree = Snapshot(frozenset(texts), sources)
    names(sources["Dockerfile"], {}, "linux/arm64")
    survey(tree, "linux/arm64")
    found = assess(tree, Facts()).analysis.findings
    tidy(tree, found, "Dockerfile", Safety.UNSAFE)
    log = BuildLog((LogLine(1, "exec format error"),), dockerfile="Dockerfile")
    explain(tree, found, Trial(None, log, 0.0))


STEPS: Mapping[str, Callable[..., object]] = MappingProxyType(
    {step.__name__: step for step in (survey, assess, explain, repair, tidy, names)}
)
"""Every step by its name; nothing else is carried out."""
