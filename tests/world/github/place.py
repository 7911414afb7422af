"""The usual scene of a stand-in test: an App on a repository, and its clone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from tests.world.github.client import Client, as_installation, as_token
from tests.world.github.entities import App, Installation
from tests.world.github.git import environment
from tests.world.github.inbox import Inbox, receive
from tests.world.github.stand_in import StandIn

NAME = "octo/typha"
REPO = f"/repos/{NAME}"
EVENTS = (
    "push",
    "pull_request",
    "pull_request_review",
    "pull_request_review_comment",
    "issue_comment",
    "check_run",
    "check_suite",
)
DOCKERFILE = "".join(f"RUN step {number}\n" for number in range(1, 21))


@dataclass(frozen=True, slots=True, repr=False)
class Scene:
    """An App installed on one repository, with people around it."""

    github: StandIn
    app: App
    installation: Installation
    inbox: Inbox
    bot: Client
    alice: Client

    def clone_url(self, token: str) -> str:
        """Return the address that git uses with *token*."""
        place = self.github.url.removeprefix("http://")
        return f"http://x-access-token:{token}@{place}/{NAME}.git"


@pytest_asyncio.fixture
async def scene(github: StandIn) -> AsyncIterator[Scene]:
    """Install an App on octo/typha; alice may write there."""
    async with receive() as inbox:
        app = github.app(events=EVENTS, webhook_url=inbox.url)
        await github.create_repository(NAME, {"Dockerfile": DOCKERFILE, "Makefile": ""})
        installation = await github.install(app, "octo")
        bot = await as_installation(github, installation)
        alice = as_token(github, github.person("alice", {NAME: "write"}).token)
        yield Scene(github, app, installation, inbox, bot, alice)


async def git(*arguments: str, cwd: Path) -> str:
    """Run the git command as a person does, and return what it said."""
    process = await asyncio.create_subprocess_exec(
        "git",
        "-c",
        "user.name=Alice",
        "-c",
        "user.email=alice@example.org",
        *arguments,
        cwd=cwd,
        env=environment(),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await process.communicate()
    said = out.decode()
    if process.returncode:
        pytest.fail(f"git {' '.join(arguments)}: {said}")
    return said
