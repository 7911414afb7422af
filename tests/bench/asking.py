"""What a push costs in calls to GitHub's API, as a stand-in for it counts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.figure import Figure
from tests.bench.serving import Bot, address, identity, serving
from tests.world.github import stand_in
from tests.world.github.server import Seen
from tests.world.github.stand_in import StandIn

SAMPLES = Path(__file__).parent.parent / "samples"
OWNER = "calico"
AUTHOR = "maria"
TOKEN = "/access_tokens"  # noqa: S105 - the end of a path


@dataclass(frozen=True, slots=True)
class Scene:
    """A stand-in for GitHub, and the bot that is installed on an owner there."""

    github: StandIn
    bot: Bot

    async def costs(self, name: str, files: Mapping[str, str], branch: str) -> Calls:
        """Push *files* to a new repository's *branch*; count until all is quiet."""
        full_name = f"{OWNER}/{name}"
        await self.github.create_repository(full_name, {"README.md": "A project.\n"})
        self.github.person(AUTHOR, {full_name: "admin"})
        await self._rest()
        before = len(self.github.calls())
        await self.github.commit(AUTHOR, full_name, files, branch=branch)
        await self._rest()
        return Calls.of(self.github.calls()[before:])

    async def _rest(self) -> None:
        """Wait until every webhook was heard, those that jobs cause as well."""
        heard = -1
        while heard != len(self.github.deliveries):
            heard = len(self.github.deliveries)
            await self.github.settle()
            await self.bot.rest()


@dataclass(frozen=True, slots=True)
class Calls:
    """How often the bot asked: for files and the like, to change, for a token."""

    reads: int
    writes: int
    tokens: int

    @classmethod
    def of(cls, seen: list[Seen]) -> Calls:
        """Sort the calls."""
        tokens = [one for one in seen if one.path.endswith(TOKEN)]
        reads = [one for one in seen if one.method == "GET"]
        return cls(len(reads), len(seen) - len(reads) - len(tokens), len(tokens))

    def figures(self, push: str) -> tuple[Figure, ...]:
        """Return them as figures of *push*."""
        return (
            Figure(f"API reads per {push}", self.reads, "calls"),
            Figure(f"API writes per {push}", self.writes, "calls"),
            Figure(f"tokens per {push}", self.tokens, "calls"),
        )


def sample(name: str) -> dict[str, str]:
    """Return the files of a sample project."""
    folder = SAMPLES / name
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text() for path in files}


@asynccontextmanager
async def scene(settings: Mapping[str, str], place: Path) -> AsyncIterator[Scene]:
    """Install the App on the owner, and let the bot do its jobs."""
    url, listening = address()
    async with stand_in.start(place / "github") as github:
        app = github.app(webhook_url=f"{url}/webhook")
        await github.install(app, OWNER)
        chosen = {
            **listening,
            **identity(app),
            "MULTIARCH_GITHUB_URL": github.url,
            **settings,
        }
        async with serving(url, chosen, place, "--work") as bot:
            yield Scene(github, bot)
