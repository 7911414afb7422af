"""A recipe that wants images of the engine which are not its own."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.builds import endpoint, pool
from bot.builds.inspection import inspect
from bot.builds.options import Limits, Options
from bot.builds.runner import DockerRunner
from bot.recipe import Prepare, Recipe

pytestmark = pytest.mark.engine

PLATFORM = "linux/amd64"
SECRET = "of-another-project"  # noqa: S105 - a marker of these tests
Other = tuple[str, str]


@pytest.fixture(params=["buildkit", "classic"])
def runner(request: pytest.FixtureRequest, local_engine: str) -> DockerRunner:
    """Give a runner with each of the builders."""
    options = Options(builder=request.param, prepare="busybox")
    return pool.runners([local_engine], options)[0]


@pytest.fixture
async def other(local_engine: str, tmp_path: Path) -> AsyncIterator[Other]:
    """Give the id of an image that another project built, and our name for it."""
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "Dockerfile").write_text(
        f"FROM busybox\nENV NAME={SECRET}\nRUN echo $NAME > /secret\n"
    )
    runner = pool.runners([local_engine])[0]
    recipe = Recipe("other", dockerfile="Dockerfile")
    result = await runner.build(folder, recipe, PLATFORM, lambda _: None)
    assert result.built is not None
    image = result.built.image
    where = endpoint.parse(local_engine, {})
    with closing(endpoint.connect(where, 10, "1.41")) as client:
        client.tag(image, "them/private", "1")
        details = inspect(client, image)
        assert details is not None
        names = [name for name in details.names if name.startswith("multiarch-run:")]
        yield image, names[0]
        client.remove_image("them/private:1")
    await runner.discard(image)


async def outcome(runner: DockerRunner, tree: Path, recipe: Recipe) -> str:
    """Return the log of *recipe*, having removed what it made."""
    result = await runner.build(tree, recipe, PLATFORM, print)
    if result.built is not None:
        await runner.discard(result.built.image)
    return "\n".join(line.text for line in result.log.lines)


ATTACKS = [
    "docker inspect -f -f {id} --format='{{{{json .Config.Env}}}}'",
    "docker inspect --type -f {id} --format '{{{{json .}}}}'",
    "docker inspect -s {id}",
    "docker image inspect {short}",
    "docker inspect {name}",
    "docker inspect them/private:1",
    "docker run --rm {two} cat /secret",
    "docker run --rm {short} cat /secret",
    "docker run --rm {id} cat /secret",
    "docker run --rm {digits} cat /secret",
    "docker run --rm {name} cat /secret",
    "docker run --rm docker.io/library/{name} cat /secret",
    "docker run --rm them/private:1 cat /secret",
    "docker run --rm them/private@{id} cat /secret",
    "docker tag {id} mine && docker run --rm mine cat /secret",
    "docker images -q {short}; docker run --rm $(docker images -q {name}) cat /secret",
    r"printf 'FROM {id}\nRUN cat /secret\n' | docker build -",
    r"printf 'FROM {two}\nRUN cat /secret\n' | docker build -",
    r"printf 'FROM {name}\nRUN cat /secret\n' | docker build -",
    r"printf 'ARG A={one}\nFROM ${{A}}{last}\nRUN cat /secret\n' | docker build -",
    r"printf 'ARG A\nFROM $A\nRUN cat /secret\n' | docker build --build-arg A={name} -",
    (
        r"printf 'FROM busybox\nCOPY --from={short} /secret /s\nRUN cat /s\n' >D"
        "; docker build -f D ."
    ),
    (
        r"printf 'FROM busybox\nCOPY --from={name} /secret /s\nRUN cat /s\n' >D"
        "; docker build -f D ."
    ),
    (
        r"printf 'FROM busybox\nRUN --mount=from={short},target=/x cat /x/secret\n' >D"
        "; docker build -f D ."
    ),
    (
        r"printf 'FROM busybox\nONBUILD COPY --from={short} /secret /s\n' >D"
        r"; docker build -t b -f D . && printf 'FROM b\nRUN cat /s\n' | docker build -"
    ),
]


@pytest.mark.parametrize("attack", ATTACKS)
async def test_no_name_leads_to_an_image_of_somebody_else(
    runner: DockerRunner, other: Other, tmp_path: Path, attack: str
) -> None:
    """Neither its files nor its settings, by whatever an engine takes for a name."""
    image, name = other
    digits = image.removeprefix("sha256:")
    words = {"id": image, "digits": digits, "short": digits[:12], "two": digits[:2]}
    words |= {"name": name, "one": digits[:1], "last": digits[1:3]}
    script = f"echo begun; {attack.format(**words)}"
    log = await outcome(runner, tmp_path, Recipe("x", command=script))

    assert "begun" in log
    assert SECRET not in log


@pytest.mark.parametrize("kind", ["id", "short", "two", "name"])
@pytest.mark.parametrize("place", ["prepare", "dockerfile"])
async def test_neither_a_dockerfile_nor_prepare_names_it(
    runner: DockerRunner, other: Other, tmp_path: Path, kind: str, place: str
) -> None:
    """Both are files of the repository."""
    image, name = other
    digits = image.removeprefix("sha256:")
    words = {"id": image, "short": digits[:12], "two": digits[:2], "name": name}
    (tmp_path / "Dockerfile").write_text(f"FROM {words[kind]}\nRUN cat /secret\n")
    recipe = Recipe("x", dockerfile="Dockerfile")
    if place == "prepare":
        prepare = Prepare(words[kind], "cat /secret")
        recipe = Recipe("x", prepare=prepare, dockerfile="Dockerfile")
    log = await outcome(runner, tmp_path, recipe)

    assert "is refused" in log
    assert SECRET not in log


async def test_a_template_is_no_program(local_engine: str, tmp_path: Path) -> None:
    """It doubled the worker's memory as often as it was asked to."""
    doubling = '{{define "a"}}' + "x" * 1000 + "{{end}}"
    for _ in range(20):
        doubling += '{{template "a"}}{{template "a"}}'
    script = f"docker version --format '{doubling}' || echo ended $?\n"
    script += "docker version --format '{{json .Server.Version}}'\n"
    script += "docker --version; docker info --format '{{.OSType}}/{{.Architecture}}'\n"
    runner = pool.runners([local_engine], Options(prepare="busybox"))[0]
    log = (await outcome(runner, tmp_path, Recipe("x", command=script))).splitlines()
    words = [line for line in log if "is not answered" in line]

    assert len(words) == 1
    assert "ended 125" in log
    assert json.loads(next(line for line in log if line.startswith('"')))
    assert any(line.startswith("Docker version ") for line in log)
    assert "linux/x86_64" in log


async def test_calls_without_an_end_end_the_run(
    local_engine: str, tmp_path: Path
) -> None:
    """Each costs the worker something, and the recipe nothing."""
    options = Options(prepare="busybox", limits=Limits(calls=20))
    runner = pool.runners([local_engine], options)[0]
    recipe = Recipe("x", command="while :; do docker ps; done")
    log = await outcome(runner, tmp_path, recipe)

    assert "comes to more than 20 calls of docker" in log


async def test_a_context_of_holes_is_refused_and_gone(
    local_engine: str, tmp_path: Path
) -> None:
    """``truncate`` costs the runner nothing; the bound is one for the whole run."""
    options = Options(prepare="busybox", limits=Limits(context=64 << 20))
    runner = pool.runners([local_engine], options)[0]
    script = r"""
        mkdir c && truncate -s 40M c/hole
        printf 'FROM scratch\nCOPY . /\n' > c/Dockerfile
        docker build -t first c && docker build -t second c || echo second ended $?
        truncate -s 4G c/hole && docker build -t third c || echo third ended $?
    """
    log = await outcome(runner, tmp_path, Recipe("x", command=script))

    assert "second ended 125" in log
    assert "third ended 125" in log
    assert log.count("comes to more than 64 MiB") >= 2
