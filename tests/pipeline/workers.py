"""An engine and a registry that answer from a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from bot import logs
from bot.domain import Domain
from bot.errors import EngineUnavailableError
from bot.facts import Facts, Published, Upgrade
from bot.isolation import Isolation
from bot.ports import Abilities, BuildResult, Say
from bot.proof import Audit, Built, Smoke
from bot.recipe import Recipe

OLD, NEW = "alpine:3.4", "alpine:3.6"
BOTH = frozenset({"linux/amd64", "linux/arm64"})
LOG = """Step 1/1 : FROM alpine:3.4
no matching manifest for linux/arm64 in the manifest list entries
"""


@dataclass(frozen=True, slots=True)
class TableRegistry:
    """Knows that alpine has arm64 from 3.6 on."""

    def of_repository(self, repository: str) -> TableRegistry:
        """Answer the same to everybody."""
        return self

    async def facts(self, images: Iterable[str], platform: str) -> Facts:
        """Answer for the two images it knows."""
        known = {
            OLD: Published(frozenset({"linux/amd64"})),
            NEW: Published(BOTH),
        }
        asked = {
            image: known.get(image, Published(None, "is not in the table"))
            for image in images
        }
        upgrades = {(OLD, platform): Upgrade(NEW, BOTH)} if OLD in asked else {}
        return Facts(asked, upgrades)


ISOLATED = Isolation("2026-11-28")


@dataclass(slots=True)
class TableRunner:
    """Builds whatever does not begin with the old image; *down* answers nothing."""

    down: bool = False
    builds: list[tuple[str, str]] = field(default_factory=list)
    isolation: Isolation | None = field(default_factory=lambda: ISOLATED)
    domains: list[Domain] = field(default_factory=list)
    left: list[Domain] = field(default_factory=list)

    def within(self, domain: Domain) -> TableRunner:
        """Note for whom something is built."""
        self.domains.append(domain)
        return self

    async def leave(self, domain: Domain) -> None:
        """Note that a domain is thrown away."""
        self.left.append(domain)

    recipes: set[str] = field(default_factory=set)

    async def abilities(self) -> Abilities:
        """Say that everything can be built."""
        if self.down:
            raise EngineUnavailableError(
                "the Docker engine arm does not answer: connection refused"
            )
        return Abilities(
            "arm",
            "linux/arm64",
            frozenset({"linux/amd64"}),
            ("classic",),
            self.isolation,
        )

    async def build(
        self, tree: Path, recipe: Recipe, platform: str, say: Say
    ) -> BuildResult:
        """Fail as an engine does on an image without the platform."""
        first = (tree / recipe.dockerfile).read_text().splitlines()[0]
        self.builds.append((platform, first))
        self.recipes.add(recipe.name)
        if first == f"FROM {OLD}" and platform == "linux/arm64":
            log = logs.read(LOG, platform=platform, dockerfile=recipe.dockerfile)
            return BuildResult(None, log, 1.0)
        native = platform == "linux/arm64"
        built = Built(
            recipe.name, "arm", platform, native, "classic", "sha256:1", seconds=2.0
        )
        return BuildResult(built, logs.read("", platform=platform), 2.0)

    async def audit(self, image: str, platform: str) -> Audit:
        """Find five programs, none of them foreign."""
        return Audit(5)

    async def smoke(self, image: str, platform: str, command: str) -> Smoke:
        """Start it, and be content."""
        return Smoke(passed=True, command="/app", exit_code=0, output="", seconds=0.1)

    async def discard(self, image: str) -> None:
        """Forget it."""
