"""What the operator decides about builds: images, builders and limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.images.logins import Credentials, Logins


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how big things may get on a runner.

    *seconds* bounds one build with everything that belongs to it, *answer*
    one question to the engine, *smoke* the smoke run. *context* and *output*
    bound, in bytes, what a recipe's container may hand to this process.
    """

    seconds: float = 3600.0
    answer: float = 60.0
    transfer: float = 900.0
    smoke: float = 20.0
    memory: str = "8g"
    smoke_memory: str = "1g"
    pids: int = 8192
    smoke_pids: int = 512
    cpus: float = 1.0
    lines: int = 40_000
    context: int = 4 * 1024**3
    output: int = 64 * 1024**2
    calls: int = 500


@dataclass(frozen=True, slots=True)
class Options:
    """How the bot uses its runners.

    *job* names whoever builds in the labels of what is created. *prepare* is
    the image in which recipe commands run unless the recipe names another.
    *builder* forces ``classic``, ``buildkit`` or ``buildx``; empty takes the
    best. *logins* are those of whoever builds, by registry; *given* are all that the
    operator has given, and *helpers* the programs that Docker asks for more.
    """

    job: str = ""
    prepare: str = "buildpack-deps:bookworm"
    builder: str = ""
    logins: Mapping[str, Credentials] = field(default_factory=dict)
    given: Logins = field(default_factory=Logins)
    helpers: Mapping[str, object] = field(default_factory=dict)
    limits: Limits = Limits()

    def of_repository(self, repository: str) -> Options:
        """Return these options with the logins of ``owner/name`` and no other."""
        return replace(self, logins=self.given.of_repository(repository), helpers={})
