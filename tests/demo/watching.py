"""Say what the bot does on the stand-in, once for each thing it does."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from tests.demo.telling import say
from tests.world.github.entities import CheckRun, Issue
from tests.world.github.stand_in import StandIn


@dataclass(slots=True)
class Watch:
    """Remembers what was told of each repository."""

    github: StandIn
    repositories: tuple[str, ...]
    told: set[tuple[str, ...]] = field(default_factory=set)

    async def keep(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            self.look()
            await asyncio.sleep(0.2)

    def look(self) -> None:
        """Tell what is new."""
        for name in self.repositories:
            for run in self.github.check_runs(name):
                self._check(name, run)
            for pull in self.github.pulls(name):
                self._pull(name, pull)

    def ended(self) -> bool:
        """Tell whether every repository has a check run, all of them completed."""
        runs = [self.github.check_runs(name) for name in self.repositories]
        return all(mine and all(one.conclusion for one in mine) for mine in runs)

    def _check(self, name: str, run: CheckRun) -> None:
        state, title = run.conclusion or run.status, run.title or ""
        self._once((name, "check", state, title), f"check run: {state}: {title}")

    def _pull(self, name: str, pull: Issue) -> None:
        words = f"pull request #{pull.number}: {pull.title}"
        self._once((name, "pull", str(pull.number), pull.title), words)

    def _once(self, key: tuple[str, ...], words: str) -> None:
        if key not in self.told:
            self.told.add(key)
            say(words, who=key[0])
