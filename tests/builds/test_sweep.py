"""Tests that a killed process's things are found and removed, and no others."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from docker import APIClient

from bot.builds import labels, pool, probe
from bot.builds.labels import Mark
from bot.builds.options import Options

pytestmark = pytest.mark.engine

CHILD = """
import asyncio, sys
from pathlib import Path
from bot.builds import pool
from bot.builds.options import Options
from bot.recipe import Recipe
(runner,) = pool.runners([sys.argv[1]], Options(prepare="busybox"))
recipe = Recipe("slow", command="docker build -t a . && echo begun && sleep 600")
say = lambda line: print(line, flush=True)
asyncio.run(runner.build(Path(sys.argv[2]), recipe, "linux/amd64", say))
"""


@pytest.fixture
def client(local_engine: str) -> Iterator[APIClient]:
    """Give a look at the engine that does not go through the runner."""
    with contextlib.closing(APIClient(local_engine, version="auto")) as client:
        yield client


def marked(client: APIClient) -> tuple[list[str], list[str], list[str]]:
    """Return the containers, volumes and image names that runners have made."""
    chosen = {"label": labels.JOB}
    containers = client.containers(all=True, filters=chosen)
    volumes = client.volumes(filters=chosen)["Volumes"] or ()
    tags = [tag for one in client.images("multiarch-run") for tag in one["RepoTags"]]
    return [one["Id"] for one in containers], [one["Name"] for one in volumes], tags


def kill_while_building(engine: str, tree: Path) -> None:
    """Start a process that builds *tree*, and kill it when it has an image."""
    command = (sys.executable, "-c", CHILD, engine, str(tree))
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:  # noqa: S603 - our own program
        assert child.stdout is not None
        assert any(line.strip() == "begun" for line in child.stdout)
        child.send_signal(signal.SIGKILL)


async def test_what_a_killed_process_left_is_removed(
    local_engine: str, client: APIClient, tmp_path: Path
) -> None:
    """A worker that is killed cannot clean up; the next start does."""
    (tmp_path / "Dockerfile").write_text("FROM busybox\n")
    kill_while_building(local_engine, tmp_path)
    left = marked(client)
    said: list[str] = []
    await pool.sweep(pool.runners([f"here={local_engine}"], Options()), said.append)

    assert [len(kind) for kind in left] == [1, 1, 1]
    assert said == ["removed 3 things that an earlier run left on here"]
    assert marked(client) == ([], [], [])


def test_the_next_command_removes_what_a_killed_one_left(
    local_engine: str, client: APIClient, tmp_path: Path
) -> None:
    """Who has no worker, only the command line, has crashes too."""
    mark = Mark.fresh("job")
    told = {**mark.labels(), labels.CREATED: "1", labels.OWNER: "elsewhere.1.1"}
    client.create_volume(mark.name("workspace"), labels=told)
    (tmp_path / "Dockerfile").write_text("FROM scratch\nENV A=b\n")
    words = ("build", str(tmp_path), "--offline", "--platform", "linux/amd64")
    runner = ("--runner", f"here={local_engine}")
    command = (sys.executable, "-m", "bot", *words, *runner)
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own program

    assert "removed 1 things that an earlier run left on here" in done.stderr
    assert marked(client)[1] == []


class DiedError(Exception):
    """The process ends here."""


class Dying(APIClient):
    """A client whose process does not live to remove an image."""

    def remove_image(self, image: str) -> None:  # type: ignore[override]  # as it is called
        """Die."""
        raise DiedError(image)


async def test_what_finds_out_about_an_engine_is_found_again(
    local_engine: str, client: APIClient
) -> None:
    """A worker may be killed while it asks, too."""
    mark = Mark.fresh("job")
    with (
        contextlib.closing(Dying(local_engine, version="auto")) as dying,
        pytest.raises(DiedError),
    ):
        probe.runs(dying, "linux/arm64", mark)
    left = marked(client)[2]
    labels.remove_run(client, mark, ())

    assert [mark.run in name for name in left] == [True]
    assert marked(client) == ([], [], [])


async def test_what_a_living_process_uses_is_left_alone(
    local_engine: str, client: APIClient
) -> None:
    """Several workers may share an engine, one of them just starting."""
    mark = Mark.fresh("job")
    client.create_volume(mark.name("workspace"), labels=mark.labels())
    (runner,) = pool.runners([local_engine], Options())
    swept = await runner.sweep()
    kept = marked(client)[1]
    labels.remove_run(client, mark, ())

    assert swept == 0
    assert kept == [mark.name("workspace")]


async def test_what_is_older_than_any_build_is_removed(
    local_engine: str, client: APIClient
) -> None:
    """A process of another machine cannot be looked up; its age tells."""
    mark = Mark.fresh("job")
    told = {**mark.labels(), labels.CREATED: "1", labels.OWNER: "elsewhere.1.1"}
    client.create_volume(mark.name("workspace"), labels=told)
    (runner,) = pool.runners([local_engine], Options())

    assert await runner.sweep() == 1
    assert marked(client)[1] == []


async def test_a_container_of_the_owner_is_left_alone(
    local_engine: str, client: APIClient
) -> None:
    """Whoever copies our labels into an image of theirs keeps its containers."""
    (runner,) = pool.runners([local_engine], Options())
    told = {labels.JOB: "x", labels.CREATED: "1"}
    name = "their-own"
    image = client.images("busybox")[0]["Id"]
    client.create_container(image, ["true"], name=name, labels=told)
    swept = await runner.sweep()
    client.remove_container(name)

    assert swept == 0
