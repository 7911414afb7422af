"""SIGKILL in the middle of a build: the job is finished, and nothing is said twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from docker import APIClient

from bot.builds import labels
from bot.report import pull_request
from tests.jobs.conftest import fresh
from tests.stories import engineer, telling
from tests.stories.town import Town, found, until
from tests.world import trust_domains
from tests.world.github.fixtures import described

__all__ = ["described"]

pytestmark = [pytest.mark.engine, pytest.mark.registry]

NAME = "calico/typha"
ERRORS = ["base-image-without-platform", "foreign-copy-source"]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return an empty database of each kind; no name means SQLite."""
    if request.param == "sqlite":
        return ""
    return fresh(request.getfixturevalue("postgres_url"), tmp_path.name)


@pytest_asyncio.fixture
async def town(
    settings: dict[str, str], described: None, database: str, tmp_path: Path
) -> AsyncIterator[Town]:
    """Found a town whose bot keeps its jobs in *database*."""
    async with found(tmp_path, settings, database) as town:
        yield town


def left(engine: str) -> tuple[list[str], list[str], list[str]]:
    """Return the containers, volumes and image names of bots in the domain."""
    with trust_domains.inside(engine, NAME) as client:
        return ([], [], []) if client is None else _left(client)


def _left(client: APIClient) -> tuple[list[str], list[str], list[str]]:
    chosen = {"label": labels.JOB}
    containers = client.containers(all=True, filters=chosen)
    volumes = client.volumes(filters=chosen)["Volumes"] or ()
    tags = [tag for one in client.images("multiarch-run") for tag in one["RepoTags"]]
    return [one["Id"] for one in containers], [one["Name"] for one in volumes], tags


def temporary(town: Town) -> list[Path]:
    """Return the copies of projects that bots have on this machine's disk."""
    made = town.folder.rglob("multiarch-*")
    return [path for path in made if "people" not in path.parts]


def builds(town: Town, number: int) -> int:
    """Return how often the recipe was begun for the attempt *number* for arm64."""
    words = f"building calico/typha for linux/arm64 (attempt {number})"
    parts = town.bot.log.split(words)[1:]
    # What a replay passes by is named in the log, but no line of a build follows.
    return sum("  | " in part.partition("building calico")[0] for part in parts)


async def test_a_killed_worker_finishes_its_job_and_says_nothing_twice(
    town: Town, emulating_engine: str
) -> None:
    """Nothing stays on the engine or the disk; what was built is not built again."""
    author = town.author()
    await author.begin(NAME)
    await author.push_sample(NAME, "typha")

    async def builds_again() -> bool:
        return builds(town, 2) == 1 and left(emulating_engine)[0] != []

    await until(builds_again, "the second build is under way")
    await town.bot.kill()
    orphans, files = left(emulating_engine), temporary(town)
    await town.bot.start()
    await town.rest()

    assert [bool(kind) for kind in (*orphans[:2], files)] == [True, True, True]
    assert town.checks(NAME) == [("A proven fix is ready", "failure")]
    (pull,) = town.github.pulls(NAME)
    body = pull.body or ""
    assert [cause for _, cause, _ in telling.errors(body)] == ERRORS
    assert pull.comments == {}
    assert pull.pull is not None
    assert (pull.pull.reviews, pull.pull.comments) == ({}, {})
    branch = pull_request.branch("main")
    assert await town.tree(NAME, branch) == engineer.mended("typha")
    assert sorted(await town.github.repository(NAME).git.refs()) == [
        "refs/heads/main",
        f"refs/heads/{branch}",
    ]
    assert [builds(town, number) for number in (1, 2, 3)] == [1, 2, 1]
    assert (left(emulating_engine), temporary(town)) == (([], [], []), [])
    assert len(await town.bot.jobs()) == 2
