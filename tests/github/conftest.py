"""A repository on the stand-in, and the App's doors to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest_asyncio

from bot.github.app import GitHubApp, connect
from bot.github.credentials import Identity
from bot.github.publisher import RepositoryPublisher
from bot.github.repository import RepositoryReader
from bot.github_ports import Place
from tests.world.github.fixtures import described, github
from tests.world.github.stand_in import StandIn

__all__ = ["described", "github"]

NAME = "octo/app"
FILES = {
    "Dockerfile": "FROM alpine:3.4\nRUN true\n",
    "Makefile": "image:\n\tdocker build .\n",
    "main.go": "package main\n",
}


@dataclass(frozen=True, slots=True)
class Home:
    """One repository as the App sees it."""

    github: StandIn
    app: GitHubApp
    place: Place

    @property
    def repository(self) -> RepositoryReader:
        """Return the door that reads."""
        return self.app.repository(self.place)

    @property
    def publisher(self) -> RepositoryPublisher:
        """Return the door that writes."""
        return self.app.publisher(self.place)

    @property
    def actor(self) -> str:
        """Return how the stand-in names our calls."""
        return f"installation:{self.place.installation}"


@pytest_asyncio.fixture
async def home(github: StandIn, tmp_path: Path) -> AsyncIterator[Home]:
    """Give a repository with three files, and the App installed on it."""
    repository = await github.create_repository(NAME, FILES)
    app = github.app()
    installation = await github.install(app, "octo")
    identity = Identity(str(app.id), app.key)
    async with connect(github.url, identity, tmp_path / "cellar") as connected:
        place = Place(NAME, installation.id, repository.id)
        yield Home(github, connected, place)
