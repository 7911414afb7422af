"""A build that prints secrets: none of them is shown, stored or posted."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import repair
from bot.builds import pool
from bot.builds.nested.options import NestedOptions
from bot.builds.nested.reach import parse
from bot.builds.options import Options
from bot.builds.runner import DockerRunner
from bot.project import Project
from bot.proof import Trial
from bot.recipe import Prepare, Recipe
from bot.redaction import MOST_GIVEN
from tests.catalogue import snapshot
from tests.redaction.samples import BODY, KEY, TOKENS

pytestmark = pytest.mark.engine

PLATFORM = "linux/amd64"
ARGUMENT = "swordfish in a barrel"
PRINTED = (
    *(secret for _, secret in TOKENS.values()),
    *KEY,
    "https://robot:hunter2000@h.example/x",
    "Authorization: Basic cm9ib3Q6aHVudGVyMjAwMA==",
    "DB_PASSWORD=hunter2000",
)
SECRETS = (
    ARGUMENT,
    "hunter2000",
    "cm9ib3Q6aHVudGVyMjAwMA",
    *BODY,
    *(secret for _, secret in TOKENS.values()),
)
DOCKERFILE = (
    "FROM busybox\nARG NPM_TOKEN\nCOPY printed /printed\n"
    'RUN cat /printed; echo "with $NPM_TOKEN"\n'
    "RUN DB_PASSWORD=hunter2000 /bin/no-such-program\n"
)


@pytest.fixture(params=["buildkit", "classic"])
def runner(request: pytest.FixtureRequest, local_engine: str) -> DockerRunner:
    """Give a runner with each of the builders."""
    options = Options(builder=request.param, prepare="busybox")
    return pool.runners([f"here={local_engine}"], options)[0]


def tree(folder: Path) -> Path:
    """Write a project that prints every kind of secret."""
    (folder / "Dockerfile").write_text(DOCKERFILE)
    (folder / "printed").write_text("\n".join((*PRINTED, "")))
    return folder


def found(texts: list[str]) -> list[str]:
    """Return the secrets that are in any of *texts*."""
    whole = "\n".join(texts)
    return [secret for secret in SECRETS if secret in whole]


async def test_a_dockerfile_prints_secrets(
    runner: DockerRunner, tmp_path: Path
) -> None:
    """The log has none, and still tells where the build failed and why."""
    said: list[str] = []
    recipe = Recipe("x", dockerfile="Dockerfile", args=(("NPM_TOKEN", ARGUMENT),))
    result = await runner.build(tree(tmp_path), recipe, PLATFORM, said.append)

    lines = [line.text for line in result.log.lines]
    assert (found(said), found(lines)) == ([], [])
    assert any("with [struck out: secret]" in line for line in lines)

    trial = Trial(None, result.log, result.seconds)
    why = repair.setback(trial, Project.of(snapshot({"Dockerfile": DOCKERFILE})), ())
    assert "not found" in why.quote or "no-such-program" in why.quote
    assert why.place is not None
    assert DOCKERFILE[why.place.start :].startswith("RUN DB_PASSWORD=")


async def test_a_recipe_prints_secrets(runner: DockerRunner, tmp_path: Path) -> None:
    """What a command prints, and what its own containers print, is a log too."""
    said: list[str] = []
    command = (
        'cat printed; echo "with $NPM_TOKEN"; '
        "docker run -e MY_TOKEN=another-barrel busybox "
        "sh -c 'echo of $MY_TOKEN'; exit 3"
    )
    recipe = Recipe(
        "x",
        dockerfile="Dockerfile",
        args=(("NPM_TOKEN", ARGUMENT),),
        prepare=Prepare("busybox", command),
    )
    result = await runner.build(tree(tmp_path), recipe, PLATFORM, said.append)

    lines = [line.text for line in result.log.lines]
    assert (found(said), found(lines)) == ([], [])
    assert "with [struck out: secret]" in lines
    assert "of [struck out: secret]" in lines


async def test_a_recipe_gives_more_secrets_than_can_be_looked_for(
    local_engine: str, tmp_path: Path
) -> None:
    """Its call is refused, and what the operator hides stays hidden."""
    nested = NestedOptions(flags=("--registry-mirror=https://mirror.corp:5000",))
    options = Options(nested=nested, prepare="busybox")
    (runner,) = pool.runners([local_engine], options)
    given = " ".join(f"-e A{n}_TOKEN={n:04}{'y' * 61}" for n in range(MOST_GIVEN + 1))
    command = (
        f"docker run {given} busybox true || true; "
        "docker run -e A_TOKEN=another-barrel busybox "
        "sh -c 'echo of $A_TOKEN at mirror.corp:5000'; exit 3"
    )
    recipe = Recipe("x", dockerfile="x", prepare=Prepare("busybox", command))
    result = await runner.build(tmp_path, recipe, PLATFORM, lambda _: None)

    said = [line.text for line in result.log.lines]
    assert any(line.startswith("docker: More than 200 different") for line in said)
    assert "of [struck out: secret] at [struck out: secret]" in said


async def test_an_engine_says_where_a_mirror_is(
    local_engine: str, tmp_path: Path
) -> None:
    """Its words about a pull that failed stand in the log, and anybody reads that."""
    nested = NestedOptions(
        reach=(parse("registry.corp=10.1.2.3:5000"),),
        flags=("--registry-mirror=https://mirror.corp:5000",),
    )
    (runner,) = pool.runners([local_engine], Options(nested=nested))
    words = 'Get "https://mirror.corp:5000/v2/": dial tcp 10.1.2.3:5000: refused'
    (tmp_path / "Dockerfile").write_text(
        "FROM busybox\nCOPY said /\nRUN cat said; false"
    )
    (tmp_path / "said").write_text(words)
    recipe = Recipe("x", dockerfile="Dockerfile")
    result = await runner.build(tmp_path, recipe, PLATFORM, lambda _: None)

    said = "\n".join(line.text for line in result.log.lines)
    assert (
        'Get "https://[struck out: secret]/v2/": dial tcp [struck out: secret]:5000: '
        "refused"
    ) in said
    assert "mirror.corp" not in said


async def test_an_image_prints_secrets(runner: DockerRunner, tmp_path: Path) -> None:
    """What it prints when it is started stands in the report."""
    (tmp_path / "printed").write_text("\n".join((*PRINTED[-3:], "")))
    (tmp_path / "Dockerfile").write_text("FROM busybox\nCOPY printed /\n")
    recipe = Recipe("x", dockerfile="Dockerfile")
    result = await runner.build(tmp_path, recipe, PLATFORM, lambda _: None)
    assert result.built is not None
    try:
        smoke = await runner.smoke(
            result.built.image, PLATFORM, "cat /printed; echo --password hunter2000"
        )
    finally:
        await runner.discard(result.built.image)

    assert found([smoke.output, smoke.command]) == []
    assert smoke.output.count("[struck out: ") == 4
