"""The loop without an engine: builds that end as a script says, and its doors."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from bot import logs, workspace
from bot.errors import EngineUnavailableError
from bot.facts import Facts
from bot.ports import Abilities, BuildResult, Say
from bot.proof import Audit, Built, Smoke, WrongFile
from bot.proving import Result, Workshop
from bot.recipe import Recipe
from tests.catalogue import Files
from tests.catalogue import facts as facts_of

T = TypeVar("T")

ARM64, AMD64 = "linux/arm64", "linux/amd64"
RECORDED = Path(__file__).parent / "logs" / "recorded"
IMAGES = facts_of("alpine:3.4: linux/amd64\nalpine:3.4 -> alpine:3.6\n")
"""What the registry of a rehearsal knows; about the rest it cannot tell."""
STARTS = Smoke(passed=True, command="app", exit_code=0, output="", seconds=0.5)
IMAGE = "sha256:1"


@dataclass(frozen=True, slots=True)
class Play:
    """How one build ends: with *log*, and with an image where it *passes*.

    *made* are files that the recipe makes in the workspace before it builds.
    """

    log: str = ""
    passes: bool = False
    wrong: tuple[WrongFile, ...] = ()
    smoke: Smoke = STARTS
    made: tuple[str, ...] = ()


PASSES = Play(passes=True)
FLAKY = Play("Step 1/1 : FROM alpine:3.6\ntoomanyrequests: Rate exceeded\n")
"""A setback that is nobody's fault."""


def recorded(name: str, *made: str) -> Play:
    """Return a build that failed with a log that a real engine wrote."""
    return Play((RECORDED / f"{name}.log").read_text(), made=made)


@dataclass(slots=True)
class ScriptedRunner:
    """An engine whose builds end as *plays* say, and then pass.

    It writes down the build files that it was given, and what it discarded.
    """

    plays: Mapping[str, Iterable[Play]] = field(default_factory=dict)
    dockerfile: str = "Dockerfile"
    native: str = ARM64
    emulated: frozenset[str] = frozenset({AMD64})
    name: str = "scripted"
    down: bool = False
    builds: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    _left: dict[str, list[Play]] = field(default_factory=dict)
    _last: Play = PASSES

    async def abilities(self) -> Abilities:
        """Say what can be built, or that nothing answers."""
        if self.down:
            raise EngineUnavailableError(f"the engine {self.name} does not answer")
        return Abilities(self.name, self.native, self.emulated, ("classic",))

    async def build(
        self, tree: Path, recipe: Recipe, platform: str, say: Say
    ) -> BuildResult:
        """End as the next play for *platform* says."""
        seen = workspace.read(tree)
        files = {path: source.text for path, source in seen.sources.items()}
        self.builds.append((platform, files))
        plays = self._left.setdefault(platform, list(self.plays.get(platform, ())))
        self._last = plays.pop(0) if plays else PASSES
        for line in self._last.log.splitlines():
            say(line)
        paths = (*seen.paths, *self._last.made)
        log = logs.read(self._last.log, platform, self.dockerfile, paths)
        return BuildResult(self._built(recipe, platform), log, 1.0)

    async def audit(self, image: str, platform: str) -> Audit:
        """Find what the play says."""
        self.done.append(f"audit {image} {platform}")
        return Audit(3, self._last.wrong)

    async def smoke(self, image: str, platform: str, command: str) -> Smoke:
        """Start it as the play says."""
        self.done.append(f"smoke {image} {platform} {command}".rstrip())
        return self._last.smoke

    async def discard(self, image: str) -> None:
        """Forget an image."""
        self.done.append(f"discard {image}")

    def _built(self, recipe: Recipe, platform: str) -> Built | None:
        if not self._last.passes:
            return None
        native = platform == self.native
        return Built(recipe.name, self.name, platform, native, "classic", IMAGE, 1.0)


@dataclass(slots=True)
class TableRegistry:
    """Answers about images from a table, and counts how often it is asked."""

    table: Facts = IMAGES
    asked: list[tuple[str, ...]] = field(default_factory=list)

    def of_repository(self, repository: str) -> TableRegistry:
        """Answer the same to everybody."""
        return self

    async def facts(self, images: Iterable[str], platform: str) -> Facts:
        """Return what the table says about *images*."""
        names = tuple(images)
        self.asked.append(names)
        table = self.table
        return Facts(
            {name: table.images[name] for name in names if name in table.images},
            {key: up for key, up in table.upgrades.items() if key[0] in names},
        )


class CrashError(Exception):
    """The process dies."""


@dataclass(slots=True)
class Memory:
    """A checkpoint that keeps what a step returned, by its name and count.

    The step after *steps* steps never begins: the process dies there.
    """

    steps: int = 1000
    done: list[str] = field(default_factory=list)
    results: dict[tuple[str, int], Any] = field(default_factory=dict)
    _calls: Counter[str] = field(default_factory=Counter)

    def again(self) -> Memory:
        """Return the checkpoint of the process that goes on."""
        return Memory(results=self.results)

    async def __call__(self, name: str, step: Callable[[], Awaitable[T]]) -> T:
        """Return what the step returns, or what it returned the last time."""
        call = (name, self._calls[name])
        self._calls[name] += 1
        if call not in self.results:
            if len(self.done) == self.steps:
                raise CrashError(name)
            self.results[call] = await step()
            self.done.append(name)
        result: T = self.results[call]
        return result


@dataclass(slots=True)
class Notes:
    """What the loop said, and how long it waited."""

    said: list[str] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)

    async def wait(self, seconds: float) -> None:
        """Let no time pass."""
        self.waited.append(seconds)


def workshop(
    tree: Path, *runners: ScriptedRunner, notes: Notes | None = None
) -> Workshop:
    """Return a workshop for *tree* that forgets, and waits for nothing."""
    told = notes or Notes()
    return Workshop(
        tree, runners, TableRegistry(), Memory(), told.said.append, told.wait
    )


def remembering(shop: Workshop, memory: Memory) -> Workshop:
    """Return *shop* with *memory* as its checkpoint."""
    return replace(shop, checkpoint=memory)


def planted(folder: Path, files: Files) -> Path:
    """Write *files* below *folder* and return it."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


def changed(result: Result) -> dict[str, str]:
    """Return the files that the loop changed."""
    return {source.path: source.text for source in result.changed}


def run(work: Awaitable[T]) -> T:
    """Return what *work* comes to."""

    async def whole() -> T:
        return await work

    return asyncio.run(whole())
