"""What the operator decides about the engines of trust domains."""

from __future__ import annotations

from dataclasses import dataclass

from bot.builds.nested.reach import Allowed

IMAGE = "docker:28-dind"
"""Docker's own image of an engine, with everything the first process calls."""


@dataclass(frozen=True, slots=True)
class NestedOptions:
    """How engines of trust domains are run.

    *memory* and *disk* are GiB, *processors* a number of them (0: all); they
    bound a domain's containers and RUN steps together, as *processes* and
    *connections*, to other machines at one time, do.
    An engine ends when it was not used for *idle_seconds*, or when less than
    *free_mebibytes* are left on the runner's disk. *reach* lists what builds may
    reach besides public addresses, *authorities* is PEM text of further
    authorities that registries are trusted by, *flags* are further words for
    ``dockerd``. *kept_days* is how long the caches of a domain are kept when
    nobody uses them, *oldest_days* how long in any case, *total* how many GiB all
    domains together may store on one runner, *free_share* the part of its disk
    that is to be free before those that rest are thrown away.
    """

    image: str = IMAGE
    memory: int = 8
    processors: float = 0.0
    processes: int = 8192
    connections: int = 4096
    disk: int = 40
    free_mebibytes: int = 2048
    idle_seconds: int = 600
    reach: tuple[Allowed, ...] = ()
    authorities: str = ""
    flags: tuple[str, ...] = ()
    kept_days: int = 7
    oldest_days: int = 30
    total: int = 200
    free_share: float = 0.15

    @property
    def unseen(self) -> tuple[str, ...]:
        """Return what no log may show: where mirrors are, and where names lead."""
        flags = (flag.partition("=") for flag in self.flags)
        mirrors = (url for name, _, url in flags if name == "--registry-mirror")
        hosts = (url.partition("://")[2] for url in mirrors)
        return (*hosts, *(one.address for one in self.reach if one.address))
