"""``multiarch`` on a checkout, as a person types it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.stories import engineer
from tests.world.registry import Registry
from tests.world.surroundings import surroundings

ROOT = Path(__file__).parent.parent.parent
SECONDS = 1800.0


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a checkout, engines and a registry."""

    tree: Path
    engines: Mapping[str, str]
    registry: Registry
    docker_buildkit: str = ""

    def prove(self, *words: str) -> Told:
        """Say ``multiarch fix --prove --format json`` and read the answer."""
        runners = [f"--runner={name}={url}" for name, url in self.engines.items()]
        return self.say("fix", "--prove", *runners, *words)

    def say(self, verb: str, *words: str) -> Told:
        """Say ``multiarch VERB PATH --format json`` and read the answer."""
        command = (sys.executable, "-m", "bot", verb, str(self.tree), "--format=json")
        done = subprocess.run(  # noqa: S603 - our own command
            (*command, *words),
            cwd=ROOT,
            env=surroundings(**self._environment()),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert done.returncode in {0, 1}, done.stderr
        return Told(done.returncode, json.loads(done.stdout), done.stderr)

    def files(self) -> dict[str, str]:
        """Return every file of the checkout."""
        names = engineer.git(self.tree, "ls-files", "-co", "--exclude-standard")
        return {name: (self.tree / name).read_text() for name in names.splitlines()}

    def _environment(self) -> dict[str, str]:
        settings = images(self.registry)
        if self.docker_buildkit:
            settings["DOCKER_BUILDKIT"] = self.docker_buildkit
        return settings


@dataclass(frozen=True, slots=True)
class Told:
    """How the command ended, what it printed, and what it showed on the way."""

    status: int
    answer: Any
    progress: str

    @property
    def errors(self) -> list[tuple[str, str, str | None]]:
        """Return platform, cause and place of the attempts that did not stand."""
        failed = [one for one in self.answer["attempts"] if not one["passed"]]
        return [(one["platform"], one["cause"], place(one)) for one in failed]

    @property
    def quotes(self) -> list[str]:
        """Return the log lines that the errors were recognised by."""
        failed = [one for one in self.answer["attempts"] if not one["passed"]]
        return [one["quote"] for one in failed]

    @property
    def rules(self) -> list[list[str]]:
        """Return, per attempt, the rules that changed something after it."""
        made = [one["changes"] for one in self.answer["attempts"]]
        return [sorted({change["rule"] for change in changes}) for changes in made]


def place(attempt: Any) -> str | None:  # noqa: ANN401 - JSON
    """Return where an attempt failed, as ``path:line``."""
    return f"{attempt['path']}:{attempt['line']}" if attempt["path"] else None


def images(registry: Registry) -> dict[str, str]:
    """Return the settings that let *registry* answer for Docker Hub."""
    return {
        "MULTIARCH_REGISTRY_MIRRORS": f"docker.io={registry.host}",
        "MULTIARCH_REGISTRY_PLAIN_HTTP": registry.host,
    }
