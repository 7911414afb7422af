"""What the bot answers to ``/multiarch`` comments. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from bot.command import Permission
from bot.errors import UserError
from bot.proof import Story
from bot.report import evidence
from bot.report.markdown import bounded, code, prose, table

_COMMIT = re.compile("[0-9a-f]{40}")
_NEEDS = {
    Permission.NONE: "everybody",
    Permission.READ: "people with read access",
    Permission.WRITE: "people with write access",
    Permission.ADMIN: "administrators",
}


class Offered(Protocol):
    """A command as the help shows it."""

    @property
    def usage(self) -> str: ...  # noqa: D102 - the words to type

    @property
    def summary(self) -> str: ...  # noqa: D102 - what it does

    @property
    def needs(self) -> Permission: ...  # noqa: D102 - who may use it


@dataclass(frozen=True, slots=True)
class Landed:
    """Where the changes of a fix went: commits of a branch, or suggestions.

    *commit* is empty where the branch is a fork's: then *suggestions* counts
    the remarks that carry the changes.
    """

    branch: str
    commit: str = ""
    suggestions: int = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """The commit of a fork that was built; *moved* where it is not the newest."""

    head: str
    moved: bool = False


def fixed(story: Story, landed: Landed | None, seen: Seen | None = None) -> str:
    """Tell the story of a fix and where its changes are; None is nowhere.

    *seen* says what was built of a fork.
    """
    return bounded(_fixed(story, landed, seen))


def hindered(story: Story, why: UserError) -> str:
    """Tell the story of a fix that could not be put where it belongs."""
    return bounded([mistaken(why), *_fixed(story, None)])


def moved(branch: str) -> str:
    """Say that somebody else pushed while the fix was being proven."""
    return (
        f"{code(branch)} is gone, or somebody pushed to it while the fix was being "
        "proven, so the fix was not committed: it belongs to a commit that is no "
        "longer the newest. Say `/multiarch fix` again."
    )


def help_text(commands: Iterable[Offered]) -> str:
    """List the commands, what they do and who may use them."""
    rows = [
        (code(one.usage), prose(one.summary), _NEEDS[one.needs]) for one in commands
    ]
    return table(("Command", "What it does", "For"), rows)


def not_allowed(name: str, needs: Permission) -> str:
    """Refuse a command to somebody who may not use it."""
    return (
        f"{code(f'/multiarch {name}')} changes this repository, so it is for "
        f"{_NEEDS[needs]}. Ask one of them to say it."
    )


def mistaken(error: UserError) -> str:
    """Show an error that the author can mend."""
    return prose(str(error))


def no_runner(runner: str) -> str:
    """Say that nothing could be built because *runner* does not answer."""
    return (
        f"The runner {code(runner)} does not answer, so nothing could be built. "
        "The build is tried again by itself; this comment will change then."
    )


def crashed(delivery: str) -> str:
    """Say calmly that the error is ours."""
    return (
        "An error in Multiarch itself ended this; nobody here is to blame. Tell "
        f"whoever runs Multiarch the job {code(delivery)}."
    )


def _fixed(
    story: Story, landed: Landed | None, seen: Seen | None = None
) -> Iterator[str]:
    yield _outcome(story)
    if seen is not None:
        yield _built_of_fork(seen)
    if landed is not None:
        yield _place(landed)
    if story.missing:
        yield "### What is missing"
        yield evidence.missing(story)
    if story.mistakes:
        yield "### Mistakes in the configuration"
        yield evidence.mistakes(story)
    if any(not one.passed or one.changes for one in story.attempts):
        yield "### Errors met, and what was changed"
        yield evidence.errors(story)
    yield "### Proof"
    yield evidence.proof(story.proof)
    if story.proof.audit and story.proof.audit.wrong:
        yield evidence.foreign(story.proof.audit)
    yield from evidence.diffs(story)


def _outcome(story: Story) -> str:
    changed = any(one.changes for one in story.attempts)
    if story.proven and changed:
        return "The fix is proven: with it, the project builds and runs on arm64."
    if story.proven:
        return "Nothing has to be changed: the project builds and runs on arm64."
    if changed:
        return "Some errors were repaired, but the fix is **not proven**."
    return "No repair is known for what keeps the project from arm64."


def _place(landed: Landed) -> str:
    if landed.commit:
        return f"It is on {code(landed.branch)} as commit {_commit(landed.commit)}."
    where = (
        f"The branch {code(landed.branch)} belongs to a fork, "
        "where Multiarch does not write"
    )
    if landed.suggestions == 1:
        return f"{where}: 1 suggestion carries the changes."
    if landed.suggestions:
        return f"{where}: {landed.suggestions} suggestions carry the changes."
    return (
        f"{where}, and the lines to change are not part of this diff: "
        "the changes are below."
    )


def _built_of_fork(seen: Seen) -> str:
    told = f"What was built is the commit {_commit(seen.head)}."
    if not seen.moved:
        return told
    return (
        f"{told} The pull request has moved on since, so nothing is suggested on its "
        "lines: what was changed is below."
    )


def _commit(name: str) -> str:
    """Return the id of a commit, bare: GitHub makes a link of it."""
    return name if _COMMIT.fullmatch(name) else code(name)
