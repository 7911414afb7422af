"""The doors to GitHub, as the pipeline needs them; ``bot.github`` fills them.

Every write can be repeated: it finds what an earlier attempt left behind (by
external id, marker, fingerprint or branch name) and changes only that. A job
that dies half-way and resumes therefore posts nothing twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

from bot.command import Permission
from bot.events import CommentRef, Place
from bot.publishing import (
    CheckReport,
    Commit,
    PullRequestRef,
    PullRequestText,
    Reaction,
    Review,
)
from bot.snapshot import Snapshot

__all__ = [
    "CommentRef",
    "GitHub",
    "GitHubRefusedError",
    "GitHubUnavailableError",
    "Place",
    "Publisher",
    "Repository",
]


class GitHubUnavailableError(Exception):
    """GitHub cannot answer now (5xx, rate limit, time-out); try again later."""

    def __init__(self, message: str, seconds: float = 0.0) -> None:
        super().__init__(message)
        self.seconds = seconds
        """How long GitHub asks to wait; 0 where it asks for nothing."""


class GitHubRefusedError(Exception):
    """GitHub will not do it: a permission is missing, or the thing is gone."""


class Repository(Protocol):
    """Reads one repository with a token that can do nothing else."""

    async def snapshot(self, sha: str) -> Snapshot:
        """Return the build files and all paths at *sha*: one read."""
        ...

    def checkout(self, sha: str) -> AbstractAsyncContextManager[Path]:
        """Lay the whole tree out on disk; it is gone when the block ends.

        Reuses the archive of a snapshot of the same *sha* where it is there.
        """
        ...

    async def changed_paths(self, base: str, head: str) -> frozenset[str] | None:
        """Compare two commits; None where GitHub cannot tell all of them."""
        ...

    async def branch_head(self, branch: str) -> str | None:
        """Return the commit that *branch* points at, or None."""
        ...

    async def default_branch(self) -> str:
        """Return the name of the default branch."""
        ...

    async def pull_request(self, number: int) -> PullRequestRef:
        """Return what pull request *number* is now."""
        ...

    async def commits(self, number: int) -> tuple[str, ...]:
        """Return the commits that pull request *number* holds now."""
        ...

    async def shown_lines(self, number: int) -> Mapping[str, frozenset[int]]:
        """Return, per path, the lines of the new side that the diff shows."""
        ...

    async def permission(self, login: str) -> Permission:
        """Return what *login* may do in the repository."""
        ...


class Publisher(Protocol):
    """Writes to one repository, each time as if it might not be the first."""

    async def find_or_create_check(
        self, head: str, external_id: str, report: CheckReport
    ) -> int:
        """Return our check run with *external_id* on *head*, made if need be.

        Its name is ``CHECK_NAME``; one that exists keeps what it says.
        """
        ...

    async def update_check(self, check: int, report: CheckReport) -> None:
        """Let the check run say *report*.

        Annotations go in batches of 50. GitHub adds to those that are there,
        so those that it already has are not sent again.
        """
        ...

    async def fingerprints(self, number: int) -> frozenset[str]:
        """Return the fingerprints of our remarks on a pull request."""
        ...

    async def review(self, number: int, head: str, review: Review) -> None:
        """Post one review (event COMMENT) on *head*, fingerprints hidden in it."""
        ...

    async def commit(self, branch: str, onto: str, commit: Commit) -> str | None:
        """Put one commit on *branch* whose head is *onto*; return its id.

        Where the head is that very commit already (same parent, message and
        files), return it. Where somebody else has pushed, return None.
        """
        ...

    async def put_branch(self, branch: str, onto: str, commit: Commit) -> str:
        """Let our own *branch* be *commit* on top of *onto*; return its id."""
        ...

    async def put_pull_request(
        self, branch: str, base: str, text: PullRequestText
    ) -> PullRequestRef:
        """Open a pull request for *branch*, or edit the open one in place."""
        ...

    async def comment(self, number: int, marker: str, body: str) -> None:
        """Say *body* in our comment with the hidden *marker*, made if need be."""
        ...

    async def react(self, comment: CommentRef, reaction: Reaction) -> None:
        """Put *reaction* on a comment (GitHub keeps one of a kind)."""
        ...


class GitHub(Protocol):
    """Opens repositories; tokens are narrowed to one and to what a door needs."""

    def repository(self, place: Place) -> Repository:
        """Return the door that reads."""
        ...

    def publisher(self, place: Place) -> Publisher:
        """Return the door that writes."""
        ...
