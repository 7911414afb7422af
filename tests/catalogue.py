"""Short ways to run one plugin, and the examples of its page."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot import settling
from bot.analysis import Analysis, analyse
from bot.facts import Facts, Published, Upgrade
from bot.logs import read
from bot.model import BuildLog, Cause, Clue, Finding, Rule, Safety, Source
from bot.project import Project
from bot.rules import RULES
from bot.settling import Settled
from bot.snapshot import Snapshot
from bot.view import Assessment, View

Files = Mapping[str, str]

_SECTION = re.compile(r"^## (?P<title>.+)\n(?P<body>(?:(?!^## ).*\n?)*)", re.MULTILINE)
_LOG = re.compile(
    r"^```text(?: files=(?P<files>\S+))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
_BLOCK = re.compile(
    r"^```(?P<kind>\w+)(?: (?P<path>\S+))?\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_INDENT = re.compile(r"^ {8}", re.MULTILINE)
"""A recipe of make begins with a tab, for which a page has eight blanks."""
_USUAL = {"dockerfile": "Dockerfile", "make": "Makefile"}


@dataclass(frozen=True, slots=True)
class Example:
    """What a Bad or Good section shows: files, and what the network says."""

    files: Files
    facts: Facts = field(default_factory=Facts)


def sections(doc: str | None) -> dict[str, str]:
    """Return the sections of a plugin's page by title."""
    return {hit["title"]: hit["body"] for hit in _SECTION.finditer(doc or "")}


def example(rule: Rule[Any], title: str) -> Example:
    """Read the fenced blocks of a section: titled files, and facts."""
    blocks = list(_BLOCK.finditer(sections(rule.doc)[title]))
    files = {
        hit["path"] or _USUAL[hit["kind"]]: _INDENT.sub("\t", hit["text"])
        for hit in blocks
        if hit["kind"] != "facts"
    }
    said = "".join(hit["text"] for hit in blocks if hit["kind"] == "facts")
    return Example(files, facts(said))


def facts(text: str) -> Facts:
    """Read ``alpine:3.4: linux/amd64`` and ``alpine:3.4 -> alpine:3.6``."""
    images: dict[str, Published] = {}
    upgrades: dict[tuple[str, str], Upgrade] = {}
    for line in text.splitlines():
        image, arrow, better = line.partition(" -> ")
        if arrow:
            both = frozenset({"linux/amd64", "linux/arm64"})
            upgrades[image, "linux/arm64"] = Upgrade(better, both)
            images[better] = Published(both)
        else:
            image, _, platforms = line.partition(": ")
            images[image] = Published(frozenset(platforms.split()))
    return Facts(images, upgrades)


def snapshot(files: Files) -> Snapshot:
    """Return a tree that holds *files*."""
    sources = {path: Source(path, text) for path, text in files.items()}
    return Snapshot(frozenset(files), sources)


def analysed(files: Files, known: Facts | None = None, *rules: Rule[Any]) -> Analysis:
    """Run *rules*, or all, over a project that consists of *files*."""
    project = Project.of(snapshot(files))
    return analyse(project, known or Facts(), rules or RULES)


def findings(
    rule: Rule[Any], files: Files | str, known: Facts | None = None
) -> tuple[Finding, ...]:
    """Run one rule over a project; a text alone is its Dockerfile."""
    tree = {"Dockerfile": files} if isinstance(files, str) else files
    analysis = analysed(tree, known, rule)
    assert analysis.crashes == ()
    return analysis.findings


def subjects(
    rule: Rule[Any], files: Files | str, known: Facts | None = None
) -> list[str]:
    """Return what the findings of one rule are about."""
    return [item.match.subject for item in findings(rule, files, known)]


def safeties(
    rule: Rule[Any], files: Files | str, known: Facts | None = None
) -> list[Safety | None]:
    """Return how safe the fix of each finding is; None where there is none."""
    fixes = [item.match.fix for item in findings(rule, files, known)]
    return [fix.safety if fix else None for fix in fixes]


def repaired(
    rule: Rule[Any],
    files: Files,
    known: Facts | None = None,
    at_least: Safety = Safety.UNSAFE,
) -> Files:
    """Apply the fixes of one rule until it has none left."""
    return settled(files, known, rule, at_least=at_least)


def settled(
    files: Files,
    known: Facts | None = None,
    *rules: Rule[Any],
    at_least: Safety = Safety.UNSAFE,
) -> Files:
    """Apply the fixes of *rules*, or of all, until there is none left."""
    end = settle(snapshot(files), known or Facts(), rules or RULES, at_least)
    assert end.stable
    return {path: source.text for path, source in end.view.snapshot.sources.items()}


def settle(
    tree: Snapshot, known: Facts, rules: Iterable[Rule[Any]], at_least: Safety
) -> Settled:
    """Repair *tree* as `multiarch fix` does, with the *rules* that are given."""
    chosen = tuple(rules)

    async def look(now: Snapshot) -> View:
        project = Project.of(now)
        return View(now, known, Assessment.of(project, analyse(project, known, chosen)))

    return asyncio.run(settling.settle(tree, look, at_least))


def logs(cause: Cause, title: str) -> tuple[BuildLog, ...]:
    """Return the logs that a section of a cause's page shows."""
    return tuple(
        read(hit["text"], files=(hit["files"] or "").split(",") if hit["files"] else ())
        for hit in _LOG.finditer(sections(cause.doc).get(title, ""))
    )


def explained(
    cause: Cause, text: str, files: tuple[str, ...] = ()
) -> tuple[tuple[int, str, str], ...]:
    """Return line, message and subject of each clue that *cause* finds."""
    return tuple(
        (clue.line.number, clue.message, clue.subject)
        for clue in clues(cause, text, files)
    )


def clues(cause: Cause, text: str, files: tuple[str, ...] = ()) -> tuple[Clue, ...]:
    """Search one log with one cause."""
    return tuple(cause.search(read(text, files=files)))
