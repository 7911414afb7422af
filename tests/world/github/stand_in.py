"""Start a GitHub of our own on loopback, and act on it as people do."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from aiohttp import ClientSession, web

from bot.plugins import discover
from tests.world.github import edits
from tests.world.github.answers import Json
from tests.world.github.calls import Route
from tests.world.github.entities import (
    Account,
    App,
    CheckRun,
    Installation,
    Issue,
    Job,
    Kind,
    Repository,
    WorkflowRun,
)
from tests.world.github.events import Happening, brief, installation_changed
from tests.world.github.faults import Faults
from tests.world.github.openapi import Judge
from tests.world.github.outbox import Delivery, Outbox
from tests.world.github.server import Seen, Server
from tests.world.github.state import State

PERMISSIONS = {
    "checks": "write",
    "contents": "write",
    "issues": "write",
    "metadata": "read",
    "pull_requests": "write",
}
EVENTS = ("push", "pull_request", "issue_comment", "check_run")

Files = Mapping[str, str | bytes]


@dataclass(frozen=True, slots=True, repr=False)
class StandIn:
    """A running GitHub: its address, its memory and its people."""

    url: str
    state: State
    outbox: Outbox
    server: Server

    @property
    def deliveries(self) -> list[Delivery]:
        """Every webhook so far, oldest first."""
        return self.outbox.deliveries

    @property
    def faults(self) -> Faults:
        """Where misfortunes are ordered."""
        return self.server.faults

    def app(
        self,
        slug: str = "multiarch",
        *,
        permissions: Mapping[str, str] | None = None,
        events: Iterable[str] = EVENTS,
        webhook_url: str = "",
    ) -> App:
        """Register an App; it holds its id, key, secret and webhook address."""
        granted = dict(PERMISSIONS if permissions is None else permissions)
        app = self.state.register_app(slug, granted, tuple(events))
        app.webhook_url = webhook_url
        return app

    async def install(
        self, app: App, login: str, repositories: Iterable[str] | None = None
    ) -> Installation:
        """Install *app* on an account: on all repositories or on those named."""
        account = self.state.account(login, Kind.ORGANIZATION)
        number = self.state.new_id()
        installation = Installation(number, app, account, self.state.now())
        if repositories is not None:
            named = [self.repository(name).id for name in repositories]
            installation.repositories = set(named)
        self.state.installations[installation.id] = installation
        listed = [brief(r) for r in self.state.visible(installation)]
        installation_changed(self.outbox, installation, "created", repositories=listed)
        return installation

    async def uninstall(self, installation: Installation) -> None:
        """Remove an installation; its tokens stop working."""
        del self.state.installations[installation.id]
        listed = [brief(r) for r in self.state.visible(installation)]
        installation_changed(self.outbox, installation, "deleted", repositories=listed)

    async def create_repository(
        self,
        full_name: str,
        files: Files | None = None,
        *,
        private: bool = False,
        branch: str = "main",
    ) -> Repository:
        """Make a repository; with *files* it begins with one commit of them."""
        login, _, name = full_name.partition("/")
        owner = self.state.account(login, Kind.ORGANIZATION)
        repository = await self.state.create_repository(
            owner, name, private=private, branch=branch
        )
        if files is not None:
            author = self.person("octocat", {full_name: "admin"})
            await self.commit(author.login, full_name, files, message="Begin")
        return repository

    def repository(self, full_name: str) -> Repository:
        """Return a repository by its full name."""
        owner, _, name = full_name.partition("/")
        return self.state.repository(owner, name)

    def person(self, login: str, access: Mapping[str, str] | None = None) -> Account:
        """Return a person, with *access* to repositories (read, write, admin…).

        The account's ``token`` works as a personal access token, for git too.
        """
        account = self.state.account(login)
        for full_name, level in (access or {}).items():
            self.repository(full_name).access[login] = level
        return account

    async def commit(
        self,
        as_user: str,
        full_name: str,
        files: Mapping[str, str | bytes | None],
        *,
        message: str = "Change",
        branch: str = "",
    ) -> str:
        """Commit *files* (None removes one) on a branch; webhooks follow."""
        repository = self.repository(full_name)
        data = {
            path: text.encode() if isinstance(text, str) else text
            for path, text in files.items()
        }
        author = self.state.account(as_user)
        name = branch or repository.default_branch
        change = edits.Change(name, data, message, author)
        return await edits.write(self.state, self.outbox, repository, change)

    async def head(self, full_name: str, branch: str = "") -> str:
        """Return the commit at the head of a branch."""
        repository = self.repository(full_name)
        name = branch or repository.default_branch
        return (await repository.git.refs())[f"refs/heads/{name}"]

    async def read(self, full_name: str, path: str, branch: str = "") -> str:
        """Return a file's text at the head of a branch."""
        sha = await self.head(full_name, branch)
        git = self.repository(full_name).git
        data = await git.run("cat-file", "blob", f"{sha}:{path}")
        return data.decode()

    async def as_person(
        self, login: str, method: str, path: str, body: Json | None = None
    ) -> Json:
        """Call the REST API as *login* and return the JSON answer."""
        headers = {"Authorization": f"Bearer {self.state.account(login).token}"}
        async with self.outbox.session.request(
            method, f"{self.url}{path}", json=body, headers=headers
        ) as response:
            empty = response.status == 204
            answer: Json = {} if empty else await response.json()
            if response.status >= 400:
                raise ValueError(f"{method} {path}: {response.status} {answer}")
            return answer

    async def comment(
        self, as_user: str, full_name: str, number: int, text: str
    ) -> Json:
        """Comment on an issue or pull request as a person."""
        path = f"/repos/{full_name}/issues/{number}/comments"
        return await self.as_person(as_user, "POST", path, {"body": text})

    async def open_pull(
        self, as_user: str, full_name: str, head: str, *, title: str = "Change"
    ) -> Json:
        """Open a pull request against the default branch as a person."""
        base = self.repository(full_name).default_branch
        body = {"title": title, "head": head, "base": base, "body": ""}
        return await self.as_person(as_user, "POST", f"/repos/{full_name}/pulls", body)

    async def fork(self, as_user: str, full_name: str) -> Repository:
        """Fork a repository as a person, who owns the fork."""
        await self.as_person(as_user, "POST", f"/repos/{full_name}/forks", {})
        return self.repository(f"{as_user}/{full_name.partition('/')[2]}")

    def request_action(
        self, as_user: str, full_name: str, run: CheckRun, what: str
    ) -> None:
        """Press one of a check run's buttons as a person."""
        self._happening(as_user, full_name).check_run(
            "requested_action", run, requested_action={"identifier": what}
        )

    def rerequest(self, as_user: str, full_name: str, run: CheckRun) -> None:
        """Ask to run a check again as a person."""
        self._happening(as_user, full_name).check_run("rerequested", run)

    def finish_run(self, run: WorkflowRun, logs: Mapping[str, str], how: str) -> None:
        """End a workflow run with *how* (success, failure…) and its jobs' *logs*."""
        run.status, run.conclusion = "completed", how
        for name, log in logs.items():
            job = Job(self.state.new_id(), name, log, how)
            run.jobs[job.id] = job

    def pulls(self, full_name: str) -> list[Issue]:
        """Return the pull requests of a repository, oldest first."""
        return self.repository(full_name).pulls()

    def check_runs(self, full_name: str) -> list[CheckRun]:
        """Return the check runs of a repository, oldest first."""
        return list(self.repository(full_name).check_runs.values())

    def calls(self, actor: str = "") -> list[Seen]:
        """Return the API calls so far, of one *actor* (``installation:7``) or all."""
        return [seen for seen in self.server.calls if actor in {"", seen.actor}]

    def advance(self, by: timedelta) -> None:
        """Move this GitHub's clock, to let tokens expire."""
        self.state.skew += by

    async def settle(self) -> None:
        """Wait until every webhook sent so far has been answered."""
        await self.outbox.settle()

    def _happening(self, as_user: str, full_name: str) -> Happening:
        sender = self.state.account(as_user)
        return Happening(self.state, self.outbox, self.repository(full_name), sender)


@contextlib.asynccontextmanager
async def start(
    directory: Path, judge: Judge | None = None, *, port: int = 0
) -> AsyncIterator[StandIn]:
    """Run a stand-in that keeps its repositories in *directory*.

    With a *judge* every exchange and every webhook is held against GitHub's own
    description, and leaving the block raises what did not fit.
    """
    state = State(directory)
    async with ClientSession() as session:
        outbox = Outbox(state, session)
        routes: tuple[Route, ...] = sum(
            discover("tests.world.github.routes", "ROUTES"), ()
        )
        server = Server(state, outbox, routes, judge.see if judge else _nobody)
        if judge:
            outbox.inspect = judge.hear
        runner = web.AppRunner(server.application(), access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        state.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        postman = asyncio.create_task(outbox.run())
        try:
            yield StandIn(state.url, state, outbox, server)
        finally:
            postman.cancel()
            await runner.cleanup()
    if judge:
        judge.verdict()


def _nobody(seen: Seen) -> None:
    """See nothing, where there is no judge."""
