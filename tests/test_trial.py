"""One trial: a copy of the tree, a build, an audit, a start, and nothing left."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bot import trial
from bot.errors import EngineUnavailableError, UserError
from bot.model import Source
from bot.ports import BuildResult, Say
from bot.proof import Audit, Smoke, WrongFile
from bot.recipe import Recipe
from tests.rehearsing import (
    ARM64,
    IMAGE,
    STARTS,
    Notes,
    Play,
    ScriptedRunner,
    planted,
    run,
)
from tests.test_workspace import as_nobody

RECIPE = Recipe("app", dockerfile="Dockerfile", smoke="app --version")
FILES = {"Dockerfile": "FROM alpine:3.4\n", "app.sh": "true\n"}
FOR_EVER = 3600.0
SKIPPED = Smoke(False, "", None, "nothing to start", 0.0)
NEW = Source("Dockerfile", "FROM alpine:3.6\n")


@dataclass(slots=True)
class Failing(ScriptedRunner):
    """An engine that goes down in the middle of *what*."""

    what: str = ""
    trees: list[Path] = field(default_factory=list)

    async def build(
        self, tree: Path, recipe: Recipe, platform: str, say: Say
    ) -> BuildResult:
        """Build, unless it is the build that fails."""
        self.trees.append(tree)
        self._fail("build")
        return await ScriptedRunner.build(self, tree, recipe, platform, say)

    async def audit(self, image: str, platform: str) -> Audit:
        """Audit, unless it is the audit that fails."""
        self._fail("audit")
        return await ScriptedRunner.audit(self, image, platform)

    async def smoke(self, image: str, platform: str, command: str) -> Smoke:
        """Start it, unless it is the start that fails."""
        self._fail("smoke")
        return await ScriptedRunner.smoke(self, image, platform, command)

    def _fail(self, what: str) -> None:
        if what == self.what:
            raise EngineUnavailableError(what)


class Unreadable(ScriptedRunner):
    """An engine whose images the audit cannot read."""

    async def audit(self, image: str, platform: str) -> Audit:
        """Say so."""
        raise UserError("zstd")


@dataclass(slots=True)
class Meeting(ScriptedRunner):
    """An engine whose audit and start end only when both have begun.

    Where it is *lost*, the start fails and the audit would go on for ever.
    """

    lost: bool = False
    begun: dict[str, asyncio.Event] = field(
        default_factory=lambda: {what: asyncio.Event() for what in ("audit", "smoke")}
    )

    async def audit(self, image: str, platform: str) -> Audit:
        """Audit once the image is started."""
        self.begun["audit"].set()
        await self.begun["smoke"].wait()
        try:
            await asyncio.sleep(FOR_EVER if self.lost else 0)
        finally:
            self.done.append("the audit ended")
        return await ScriptedRunner.audit(self, image, platform)

    async def smoke(self, image: str, platform: str, command: str) -> Smoke:
        """Start it once the audit has begun."""
        self.begun["smoke"].set()
        await asyncio.wait_for(self.begun["audit"].wait(), 5)
        if self.lost:
            await asyncio.sleep(0)
            raise EngineUnavailableError("gone")
        return await ScriptedRunner.smoke(self, image, platform, command)


class Twofold(ScriptedRunner):
    """An engine whose recipes make a second image beside the first."""

    async def build(
        self, tree: Path, recipe: Recipe, platform: str, say: Say
    ) -> BuildResult:
        """Build both."""
        result = await ScriptedRunner.build(self, tree, recipe, platform, say)
        return replace(result, beside=(("sha256:2", "beside/Dockerfile"),))


def order(tree: Path, *, checked: bool = True) -> trial.Order:
    """Return an order for *tree* with another Dockerfile."""
    return trial.Order(tree, (NEW,), RECIPE, ARM64, checked)


def test_builds_the_tree_with_the_changed_files_in_place(tmp_path: Path) -> None:
    """The repair is tried, and the tree itself is not touched."""
    runner = ScriptedRunner()
    tree = planted(tmp_path, FILES)
    done = run(trial.run(runner, order(tree), Notes().said.append))

    assert runner.builds == [(ARM64, {"Dockerfile": NEW.text})]
    assert {path: (tree / path).read_text() for path in FILES} == FILES
    assert (done.stands, done.audit, done.smoke) == (True, Audit(3), STARTS)


def test_says_what_no_build_can_read() -> None:
    """A build that misses it is not explained by anything else."""
    said: list[str] = []
    with as_nobody() as folder:
        tree = planted(folder / "tree", {**FILES, "pgdata/PG_VERSION": "16\n"})
        (tree / "pgdata").chmod(0)
        run(trial.run(ScriptedRunner(), order(tree), said.append))
        (tree / "pgdata").chmod(0o700)

    assert "left out of the build, because it cannot be read: pgdata" in said


def test_audits_starts_and_discards_what_was_built(tmp_path: Path) -> None:
    """With the command of the recipe, and nothing is left behind."""
    runner, notes = ScriptedRunner(), Notes()
    run(trial.run(runner, order(planted(tmp_path, FILES)), notes.said.append))

    assert sorted(runner.done[:2]) == [
        f"audit {IMAGE} {ARM64}",
        f"smoke {IMAGE} {ARM64} app --version",
    ]
    assert runner.done[2:] == [f"discard {IMAGE}"]
    assert notes.said == [f"auditing {IMAGE} and starting it"]


def test_the_audit_does_not_wait_for_the_start(tmp_path: Path) -> None:
    """A server runs until time is up; a large image is read for as long."""
    runner = Meeting()
    done = run(trial.run(runner, order(planted(tmp_path, FILES)), Notes().said.append))

    assert (done.stands, done.audit, done.smoke) == (True, Audit(3), STARTS)


def test_an_audit_ends_with_the_engine_that_is_lost(tmp_path: Path) -> None:
    """It would go on alone, and complain of an image that is gone."""
    runner = Meeting(lost=True)
    with pytest.raises(EngineUnavailableError):
        run(trial.run(runner, order(planted(tmp_path, FILES)), Notes().said.append))

    assert runner.done == ["the audit ended", f"discard {IMAGE}"]


def test_a_build_that_failed_leaves_nothing_to_discard(tmp_path: Path) -> None:
    """There is no image, so nothing is asked about one."""
    runner, notes = ScriptedRunner({ARM64: [Play("oops\n\n  \n")]}), Notes()
    done = run(trial.run(runner, order(planted(tmp_path, FILES)), notes.said.append))

    assert (done.stands, done.audit, done.smoke, runner.done) == (False, None, None, [])
    assert [line.text for line in done.log.lines if line.text] == ["oops"]
    assert notes.said == ["  | oops"]


def test_an_order_may_ask_for_the_build_alone(tmp_path: Path) -> None:
    """The image is still discarded."""
    runner = ScriptedRunner()
    tree = planted(tmp_path, FILES)
    done = run(trial.run(runner, order(tree, checked=False), Notes().said.append))

    assert (done.stands, done.audit, done.smoke) == (True, None, None)
    assert runner.done == [f"discard {IMAGE}"]


def test_an_image_that_cannot_be_audited_does_not_stand(tmp_path: Path) -> None:
    """It may hold anything; the other parts of the proof are still told."""
    runner = Unreadable()
    done = run(trial.run(runner, order(planted(tmp_path, FILES)), Notes().said.append))

    assert (done.stands, done.audit, done.smoke) == (False, None, STARTS)
    assert done.unaudited == "zstd"
    assert runner.done[-1] == f"discard {IMAGE}"


@pytest.mark.parametrize(
    ("files", "smoke", "stands"),
    [(0, SKIPPED, True), (1, SKIPPED, False), (1, STARTS, True)],
)
def test_only_an_image_without_programs_may_start_nothing(
    tmp_path: Path,
    files: int,
    smoke: Smoke,
    stands: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """A program that was not started is not known to run; data need not."""
    done = run(
        trial.run(
            ScriptedRunner(), order(planted(tmp_path, FILES)), Notes().said.append
        )
    )

    assert replace(done, audit=Audit(files), smoke=smoke).stands is stands


def test_every_image_of_a_recipe_is_checked_and_discarded(tmp_path: Path) -> None:
    """A make target may build several, and all of them are shipped."""
    runner = Twofold()
    done = run(trial.run(runner, order(planted(tmp_path, FILES)), Notes().said.append))

    assert (done.stands, done.audit) == (True, Audit(6))
    assert sorted(runner.done[:2]) == [
        f"audit sha256:2 {ARM64}",
        f"smoke sha256:2 {ARM64}",
    ]
    assert sorted(runner.done[2:4]) == [
        f"audit {IMAGE} {ARM64}",
        f"smoke {IMAGE} {ARM64} app --version",
    ]
    assert runner.done[4:] == ["discard sha256:2", f"discard {IMAGE}"]


def test_the_image_that_does_not_stand_is_the_one_that_is_told(tmp_path: Path) -> None:
    """The author has to look into its Dockerfile, not into the last one's."""
    wrong = (WrongFile("/app", "x86-64", "COPY app /app"),)
    runner = Twofold({ARM64: [Play(passes=True, wrong=wrong)]})
    done = run(trial.run(runner, order(planted(tmp_path, FILES)), Notes().said.append))

    assert not done.stands
    assert done.built is not None
    assert (done.built.image, done.log.dockerfile) == ("sha256:2", "beside/Dockerfile")
    assert runner.done[-2:] == ["discard sha256:2", f"discard {IMAGE}"]


@pytest.mark.parametrize("what", ["audit", "smoke"])
def test_discards_the_image_whatever_happens(tmp_path: Path, what: str) -> None:
    """An owner's disk does not fill up with what failed half-way."""
    runner = Failing(what=what)
    with pytest.raises(EngineUnavailableError, match=what):
        run(trial.run(runner, order(planted(tmp_path, FILES)), Notes().said.append))

    assert runner.done[-1] == f"discard {IMAGE}"


@pytest.mark.parametrize("what", ["", "build"])
def test_leaves_no_copy_behind(tmp_path: Path, what: str) -> None:
    """Neither after a build nor after a crash of the engine in it."""
    runner = Failing(what=what)
    with suppress(EngineUnavailableError):
        run(trial.run(runner, order(planted(tmp_path, FILES)), Notes().said.append))

    assert [path.exists() for path in runner.trees] == [False]
