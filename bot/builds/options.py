"""What the operator decides about builds: images, builders and limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.builds.budget import Allowance
from bot.builds.nested.options import NestedOptions
from bot.builds.reading import Reading
from bot.images.logins import Credentials, Logins


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how big things may get on a runner.

    *seconds* bounds one build with everything that belongs to it, *answer*
    one question to the engine, *smoke* the smoke run. What the containers of one
    run may hand to this process is bounded in all: *context* in bytes, *entries*
    in files, *calls* in calls of docker, *transfer* in seconds; *output* are the
    bytes that are kept in memory at one time.
    """

    seconds: float = 3600.0
    answer: float = 60.0
    transfer: float = 900.0
    smoke: float = 20.0
    memory: str = "8g"
    smoke_memory: str = "1g"
    pids: int = 8192
    smoke_pids: int = 512
    cpus: float = 4.0
    smoke_cpus: float = 1.0
    shared_memory: str = "256m"
    lines: int = 40_000
    context: int = 8 * 1024**3
    entries: int = 1_000_000
    output: int = 64 * 1024**2
    calls: int = 500

    def allowance(self) -> Allowance:
        """Return what the containers of one run may cost this machine."""
        return Allowance(
            self.context, self.entries, self.calls, self.transfer, self.output
        )


@dataclass(frozen=True, slots=True)
class Options:
    """How the bot uses its runners.

    *job* names whoever builds in the labels of what is created. *prepare* is
    the image in which recipe commands run unless the recipe names another.
    *builder* forces ``classic``, ``buildkit`` or ``buildx``; empty takes the
    best. *logins* are those of whoever builds, by registry; *given* are all that the
    operator has given, and *helpers* the programs that Docker asks for more.
    *reading* is who reads Dockerfiles, and the frontends that are trusted.
    """

    job: str = ""
    prepare: str = "buildpack-deps:bookworm"
    builder: str = ""
    logins: Mapping[str, Credentials] = field(default_factory=dict)
    given: Logins = field(default_factory=Logins)
    helpers: Mapping[str, object] = field(default_factory=dict)
    reading: Reading = field(default_factory=Reading)
    limits: Limits = Limits()
    nested: NestedOptions = field(default_factory=NestedOptions)

    def of_repository(self, repository: str) -> Options:
        """Return these options with the logins of ``owner/name`` and no other."""
        return replace(self, logins=self.given.of_repository(repository), helpers={})
