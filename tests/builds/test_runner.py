"""Tests of the runner on a real Docker engine, with both of its builders."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from docker import APIClient
from docker.errors import NotFound

from bot.builds import pool
from bot.builds.options import Limits, Options
from bot.builds.runner import DockerRunner
from bot.errors import EngineUnavailableError
from bot.ports import BuildResult
from bot.proof import Built
from bot.recipe import Recipe

pytestmark = pytest.mark.engine

PLATFORM = "linux/amd64"
DOCKERFILE = "FROM busybox\nARG WHO\nCOPY word /word\nRUN echo hello $WHO\n"
RECIPE = Recipe("hello", dockerfile="Dockerfile", args=(("WHO", "$TARGETARCH"),))
FAILING = "FROM busybox\nRUN echo once >/x\nRUN echo oops; exit 7\n"
NO_NAME = "<none>:<none>"
Make = Callable[[Options], DockerRunner]


@pytest.fixture
def make(local_engine: str) -> Make:
    """Return how to make a runner with chosen options."""
    return lambda options: pool.runners([f"here={local_engine}"], options)[0]


@pytest.fixture(params=["buildkit", "classic"])
def runner(request: pytest.FixtureRequest, make: Make) -> DockerRunner:
    """Give a runner with each of the builders."""
    return make(Options(builder=request.param))


@pytest.fixture
def client(local_engine: str) -> Iterator[APIClient]:
    """Give a look at the engine that does not go through the runner."""
    with contextlib.closing(APIClient(local_engine, version="auto")) as client:
        yield client


def write(tree: Path, files: dict[str, str]) -> Path:
    """Write *files* below *tree* and return it."""
    for name, text in files.items():
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tree


def things(client: APIClient) -> tuple[object, ...]:
    """Return everything that the runner may have left on the engine."""
    containers = [one["Names"] for one in client.containers(all=True)]
    volumes = sorted(one["Name"] for one in client.volumes()["Volumes"] or ())
    images = client.images(all=True)
    tags = [tag for one in images for tag in one["RepoTags"] or ()]
    own = sorted(tag for tag in tags if tag.startswith("multiarch"))
    nameless = [one["Id"] for one in images if one["RepoTags"] in (None, [NO_NAME])]
    return containers, volumes, own, nameless


def text(result: BuildResult) -> list[str]:
    """Return the lines of a build's log."""
    return [line.text for line in result.log.lines]


async def test_an_engine_says_what_it_can_do(make: Make) -> None:
    """The best builder is used unless the operator forces one."""
    able = await make(Options()).abilities()
    forced = await make(Options(builder="classic")).abilities()

    assert (able.name, able.native, able.builders[-1]) == ("here", PLATFORM, "classic")
    assert able.builders[0] in {"buildx", "buildkit"}
    assert forced == replace(able, builders=("classic",))


async def test_an_engine_that_is_down_is_unavailable(tmp_path: Path) -> None:
    """The job is tried again; the author did nothing wrong."""
    (runner,) = pool.runners([f"gone=unix://{tmp_path}/none.sock"], Options())
    with pytest.raises(EngineUnavailableError, match="Docker engine gone does not"):
        await runner.abilities()


async def test_a_builder_that_nobody_has_is_no_runner(make: Make) -> None:
    """A forced builder is a promise; another one in its place would break it."""
    with pytest.raises(EngineUnavailableError, match="can build with nonsense"):
        await make(Options(builder="nonsense")).abilities()


async def test_a_dockerfile_is_built_live_and_leaves_only_its_image(
    runner: DockerRunner, client: APIClient, tmp_path: Path
) -> None:
    """Arguments name the platform, lines come as they are printed."""
    before = things(client)
    said: list[str] = []
    tree = write(tmp_path, {"Dockerfile": DOCKERFILE, "word": "x"})
    result = await runner.build(tree, RECIPE, PLATFORM, said.append)
    assert result.built is not None
    image = client.inspect_image(result.built.image)  # type: ignore[no-untyped-call]  # SDK
    after = things(client)
    await runner.discard(result.built.image)

    builder = (await runner.abilities()).builders[0]
    assert result.built == Built(
        "hello", "here", PLATFORM, True, builder, image["Id"], result.seconds
    )
    assert any("hello amd64" in line for line in said)
    assert result.log.dockerfile == "Dockerfile"
    assert result.log.files == {"Dockerfile", "word"}
    assert (image["Config"]["Labels"] or {}) == {}
    assert after[:2] == before[:2]
    assert things(client) == before


async def test_a_stage_that_is_not_shipped_leaves_nothing(
    runner: DockerRunner, client: APIClient, tmp_path: Path
) -> None:
    """The classic builder keeps an image of every instruction of every stage."""
    before = things(client)
    dockerfile = (
        "FROM busybox AS made\nRUN echo x >/x\nRUN echo y >/y\n"
        "FROM busybox\nCOPY --from=made /x /x\nRUN echo z >/z\n"
    )
    tree = write(tmp_path, {"Dockerfile": dockerfile})
    result = await runner.build(tree, RECIPE, PLATFORM, print)
    assert result.built is not None
    smoke = await runner.smoke(result.built.image, PLATFORM, "cat /x /z")
    await runner.discard(result.built.image)

    assert smoke.output == "x\nz"
    assert things(client) == before


async def test_a_failed_build_has_a_log_and_no_image(
    runner: DockerRunner, client: APIClient, tmp_path: Path
) -> None:
    """The causes read that log; nothing may be left behind."""
    before = things(client)
    tree = write(tmp_path, {"Dockerfile": FAILING})
    result = await runner.build(tree, RECIPE, PLATFORM, print)

    assert result.built is None
    assert any("oops" in line for line in text(result))
    assert any("7" in line for line in text(result)[-4:])
    assert things(client) == before


async def test_an_ignored_file_is_kept_out_by_docker_itself(
    runner: DockerRunner, tmp_path: Path
) -> None:
    """The .dockerignore of the context has Docker's own meaning."""
    files = {"Dockerfile": DOCKERFILE, "word": "x", ".dockerignore": "w*\n"}
    result = await runner.build(write(tmp_path, files), RECIPE, PLATFORM, print)

    assert result.built is None
    assert "word" in result.log.files
    assert any("word" in line for line in text(result)[-6:])


@pytest.mark.parametrize("link", ["Dockerfile", ".dockerignore", "context"])
async def test_a_link_out_of_the_project_is_not_followed(
    make: Make, tmp_path: Path, link: str
) -> None:
    """The docker command would quote our own files to a stranger."""
    secret = write(tmp_path / "outside", {"secret": "SECRET", "Dockerfile": "SECRET"})
    tree = write(tmp_path / "tree", {"README": ""})
    if link != "Dockerfile":
        write(tree, {"Dockerfile": "FROM busybox\n"})
    (tree / link).symlink_to(secret if link == "context" else secret / "secret")
    recipe = replace(RECIPE, context="context" if link == "context" else ".")
    result = await make(Options()).build(tree, recipe, PLATFORM, print)

    assert result.built is None
    assert len(text(result)) == 1
    assert "leads out of the project" in text(result)[0]


async def test_a_build_that_takes_too_long_is_stopped(
    make: Make, client: APIClient, tmp_path: Path
) -> None:
    """A build that hangs must not hold the runner for ever."""
    before = things(client)
    runner = make(Options(limits=Limits(seconds=3.0)))
    tree = write(tmp_path, {"Dockerfile": "FROM busybox\nRUN sleep 600\n"})
    result = await runner.build(tree, RECIPE, PLATFORM, print)

    assert result.built is None
    assert text(result)[-1] == "stopped: the build took longer than 3 s"
    assert things(client) == before


async def test_a_cancelled_build_stops_and_leaves_nothing(
    runner: DockerRunner, client: APIClient, tmp_path: Path
) -> None:
    """A newer push supersedes the job that is still building."""
    before = things(client)
    started = asyncio.Event()

    def say(line: str) -> None:
        if "begun" in line and "echo" not in line:
            started.set()

    tree = write(tmp_path, {"Dockerfile": "FROM busybox\nRUN echo begun; sleep 600\n"})
    building = asyncio.create_task(runner.build(tree, RECIPE, PLATFORM, say))
    await asyncio.wait_for(started.wait(), 60)
    building.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(building, 30)
    # The engine removes the step's container as soon as its builder is gone.
    for container in client.containers(all=True):
        with contextlib.suppress(NotFound):
            client.wait(container["Id"], timeout=30, condition="removed")

    assert things(client) == before


async def test_an_image_is_audited_and_started(
    runner: DockerRunner, tmp_path: Path
) -> None:
    """The proof rests on these two answers."""
    dockerfile = 'FROM busybox\nCMD ["sh", "-c", "echo up; exit 3"]\n'
    tree = write(tmp_path, {"Dockerfile": dockerfile})
    result = await runner.build(tree, RECIPE, PLATFORM, print)
    assert result.built is not None
    image = result.built.image
    native = await runner.audit(image, PLATFORM)
    foreign = await runner.audit(image, "linux/arm64")
    own = await runner.smoke(image, PLATFORM, "")
    absent = await runner.smoke(image, PLATFORM, "no-such-program")
    await runner.discard(image)

    assert native.files > 0
    assert native.wrong == ()
    assert {(one.machine) for one in foreign.wrong} == {"x86-64"}
    assert len(foreign.wrong) == foreign.files == native.files
    assert (own.passed, own.exit_code, own.output) == (True, 3, "up")
    assert own.command == "sh -c echo up; exit 3"
    assert (absent.passed, absent.exit_code) == (False, 127)


async def test_an_image_without_a_shell_starts_what_it_is_told_to(
    make: Make, tmp_path: Path
) -> None:
    """Images of one static program are the best there are; untold, none starts."""
    dockerfile = (
        "FROM busybox AS tools\nFROM scratch\nCOPY --from=tools /bin/busybox /\n"
    )
    tree = write(tmp_path, {"Dockerfile": dockerfile})
    runner = make(Options())
    result = await runner.build(tree, RECIPE, PLATFORM, print)
    assert result.built is not None
    told = await runner.smoke(result.built.image, PLATFORM, "/busybox echo 'a  b'")
    untold = await runner.smoke(result.built.image, PLATFORM, "")
    odd = await runner.smoke(result.built.image, PLATFORM, "/busybox 'open")
    await runner.discard(result.built.image)

    assert (told.passed, told.exit_code, told.output) == (True, 0, "a  b")
    assert (untold.passed, untold.skipped) == (False, True)
    assert (odd.passed, odd.skipped, odd.exit_code) == (False, False, 127)


async def test_a_program_that_keeps_running_has_started(
    make: Make, tmp_path: Path
) -> None:
    """A daemon does not end by itself."""
    runner = make(Options(limits=Limits(smoke=2.0)))
    tree = write(tmp_path, {"Dockerfile": "FROM busybox\nCMD echo up; sleep 99\n"})
    result = await runner.build(tree, RECIPE, PLATFORM, print)
    assert result.built is not None
    smoke = await runner.smoke(result.built.image, PLATFORM, "")
    await runner.discard(result.built.image)

    assert (smoke.passed, smoke.exit_code, smoke.output) == (True, None, "up")
