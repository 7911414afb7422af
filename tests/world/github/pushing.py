"""Follow every moved branch: push events, pull requests, check suites."""

from __future__ import annotations

from dataclasses import dataclass

from tests.world.github import history, remarks
from tests.world.github.answers import Json
from tests.world.github.entities import (
    Account,
    CheckSuite,
    Issue,
    Pull,
    Repository,
)
from tests.world.github.events import Happening, may_check
from tests.world.github.git import ZERO, GitError
from tests.world.github.outbox import Outbox
from tests.world.github.shapes.commit import brief, pushed
from tests.world.github.shapes.repository import full
from tests.world.github.state import State

MOST_COMMITS = 2048
"""GitHub cuts the list of commits in a push's payload here."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One reference that a push moved."""

    ref: str
    before: str
    after: str

    @property
    def branch(self) -> str | None:
        """The branch's name, where the reference is a branch."""
        name = self.ref.removeprefix("refs/heads/")
        return name if name != self.ref else None


@dataclass(frozen=True, slots=True, repr=False)
class Pushing:
    """A push in one repository by one account."""

    state: State
    outbox: Outbox
    repository: Repository
    sender: Account

    async def follow(self, before: dict[str, str]) -> list[Moved]:
        """Compare the references with those *before* and tell what moved."""
        after = await self.repository.git.refs()
        names = sorted(before.keys() | after.keys())
        moves = [Moved(n, before.get(n, ZERO), after.get(n, ZERO)) for n in names]
        moved = [move for move in moves if move.before != move.after]
        if moved:
            self.repository.pushed_at = self.state.now()
        for move in moved:
            await self._follow(move, sorted(set(before.values())))
        return moved

    async def _follow(self, move: Moved, known: list[str]) -> None:
        here = Happening(self.state, self.outbox, self.repository, self.sender)
        here.tell("push", await self._payload(move, known))
        if move.branch is None:
            return
        if move.after != ZERO:
            await self._suites(move)
        await self._pulls(move)

    async def _payload(self, move: Moved, known: list[str]) -> Json:
        git = self.repository.git
        found = await history.new_commits(git, move.before, move.after, known)
        found = found[:MOST_COMMITS]
        touched = await history.changes(git, [commit.sha for commit in found])
        nothing = history.Changes()
        commits = [
            pushed(self.state, self.repository, c, touched.get(c.sha, nothing))
            for c in found
        ]
        page = f"{self.state.url}/{self.repository.full_name}"
        return {
            "ref": move.ref,
            "before": move.before,
            "after": move.after,
            "created": move.before == ZERO,
            "deleted": move.after == ZERO,
            "forced": await self._forced(move),
            "base_ref": None,
            "compare": f"{page}/compare/{move.before[:12]}...{move.after[:12]}",
            "commits": commits,
            "head_commit": await self._head(move),
            "repository": self._dated(),
            "pusher": {"name": self.sender.login, "email": self.sender.email},
        }

    async def _head(self, move: Moved) -> Json | None:
        if move.after == ZERO:
            return None
        git = self.repository.git
        commit = await history.commit(git, move.after)
        touched = await history.changes(git, [commit.sha])
        return pushed(self.state, self.repository, commit, touched[commit.sha])

    async def _forced(self, move: Moved) -> bool:
        if ZERO in {move.before, move.after}:
            return False
        ends = (move.before, move.after)
        try:
            await self.repository.git.run("merge-base", "--is-ancestor", *ends)
        except GitError:
            return True
        return False

    def _dated(self) -> Json:
        """Write the repository with the numbers that only push events hold."""
        now = int(self.state.time().timestamp())
        body = full(self.state.url, self.repository)
        owner = {**body["owner"], "name": self.repository.owner.login, "email": None}
        return {
            **body,
            "owner": owner,
            "url": body["html_url"],
            "created_at": now,
            "pushed_at": now,
            "stargazers": 0,
            "master_branch": self.repository.default_branch,
        }

    async def _suites(self, move: Moved) -> None:
        here = Happening(self.state, self.outbox, self.repository, self.sender)
        for installation in self.state.installed(self.repository):
            app = installation.app
            suites = self.repository.check_suites
            old = (s for s in suites.values() if s.app is app)
            if not may_check(app) or any(s.head_sha == move.after for s in old):
                continue
            number, now = self.state.new_id(), self.state.now()
            head = brief(await history.commit(self.repository.git, move.after))
            suite = CheckSuite(number, app, move.after, move.branch, now, head)
            suites[suite.id] = suite
            here.check_suite("requested", suite)

    async def _pulls(self, move: Moved) -> None:
        for repository in list(self.state.repositories.values()):
            for issue in repository.pulls():
                pull = issue.pull
                if not pull or issue.state != "open":
                    continue
                ours = pull.head_repository is self.repository
                if ours and pull.head_ref == move.branch:
                    await self._head_moved(repository, issue, pull, move)
                elif repository is self.repository and pull.base_ref == move.branch:
                    await self._base_moved(issue, pull, move)

    async def _head_moved(
        self, repository: Repository, issue: Issue, pull: Pull, move: Moved
    ) -> None:
        here = Happening(self.state, self.outbox, repository, self.sender)
        issue.updated_at = self.state.now()
        if move.after == ZERO:
            close(self.state, issue, self.sender)
            here.pull_request("closed", issue, pull)
            return
        pull.head_sha = move.after
        await publish(repository, issue, pull)
        await remarks.follow(repository, pull)
        here.pull_request(
            "synchronize", issue, pull, before=move.before, after=move.after
        )

    async def _base_moved(self, issue: Issue, pull: Pull, move: Moved) -> None:
        here = Happening(self.state, self.outbox, self.repository, self.sender)
        if move.after == ZERO:
            close(self.state, issue, self.sender)
            here.pull_request("closed", issue, pull)
            return
        git = self.repository.git
        if await history.merge_base(git, move.after, pull.head_sha) == pull.head_sha:
            close(self.state, issue, self.sender)
            pull.merged_at, pull.merged_by = issue.closed_at, self.sender
            pull.merge_commit_sha = move.after
            here.pull_request("closed", issue, pull)


def close(state: State, issue: Issue, by: Account) -> None:
    """Close an issue or a pull request."""
    issue.state, issue.closed_at, issue.closed_by = "closed", state.now(), by
    issue.updated_at = issue.closed_at


async def publish(repository: Repository, issue: Issue, pull: Pull) -> None:
    """Show the head as ``refs/pull/N/head``, with its commits when it is a fork's."""
    name = f"refs/pull/{issue.number}/head"
    if pull.head_repository is not repository:
        source = str(pull.head_repository.git.directory)
        await repository.git.run("fetch", "--quiet", source, pull.head_sha)
    await repository.git.run("update-ref", name, pull.head_sha)
