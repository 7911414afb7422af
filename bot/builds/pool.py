"""The runners that the operator has, made from one line each."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Iterable
from pathlib import Path

from docker.errors import APIError

from bot.builds import endpoint
from bot.builds.domain_runner import DomainHost
from bot.builds.engine import Engine
from bot.builds.nested import reach
from bot.builds.nested.options import NestedOptions
from bot.builds.options import Limits, Options
from bot.builds.reading import Reading
from bot.builds.runner import DockerRunner
from bot.errors import EngineUnavailableError, UserError
from bot.judge import Judge, here
from bot.ports import Runner, Say
from bot.settings import Settings

LOG = logging.getLogger(__name__)

_PRUNED_EVERY = 600.0


def runners(
    urls: Iterable[str], chosen: Settings | Options | None = None
) -> tuple[DockerRunner, ...]:
    """Return a runner for each of *urls* (see ``bot.builds.endpoint``)."""
    how = options(chosen) if isinstance(chosen, Settings) else chosen or Options()
    places = [endpoint.parse(url, os.environ) for url in urls]
    return tuple(
        DockerRunner(Engine(place, how.limits.answer), how) for place in places
    )


def hosts(settings: Settings, judge: Judge = here) -> tuple[DomainHost, ...]:
    """Return the operator's machines, each of which keeps trust domains apart."""
    how = options(settings, judge)
    found = [_public(number, url, how) for number, url in _numbered(settings)]
    names = [one.name for one in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise UserError(
            f"MULTIARCH_RUNNERS holds two runners with the name {twice}, which the "
            "log, reports and /ready could not tell apart. Give each its own: "
            "NAME=ADDRESS."
        )
    return tuple(DomainHost(one) for one in found)


def _numbered(settings: Settings) -> Iterable[tuple[int, str]]:
    return enumerate(settings.runners, start=1)


def _public(number: int, url: str, how: Options) -> DockerRunner:
    """Return a runner under a name that reports may show to anybody.

    Where the operator has given it none, where it is would be told.
    """
    place = endpoint.parse(url, os.environ, unnamed=f"runner-{number}")
    LOG.info("the runner %s is %s", place.name, place.url)
    return DockerRunner(Engine(place, how.limits.answer), how)


def options(settings: Settings, judge: Judge = here) -> Options:
    """Return how the operator's settings have runners used: for nobody yet.

    *judge* reads the Dockerfiles that strangers write.
    """
    return Options(
        given=settings.registries.logins,
        reading=Reading(judge, settings.frontends),
        limits=Limits(
            seconds=settings.build_minutes * 60.0,
            memory=f"{settings.build_memory}g",
        ),
        nested=nested(settings),
    )


def nested(settings: Settings) -> NestedOptions:
    """Return how the engines of trust domains are run."""
    known = settings.registries
    mirrors = [host for host in known.mirrors.get("docker.io", ()) if _elsewhere(host)]
    plain = [host for host in sorted(known.plain_http_hosts) if _elsewhere(host)]
    schemes = {host: "http" if host in plain else "https" for host in mirrors}
    flags = [f"--registry-mirror={schemes[host]}://{host}" for host in mirrors]
    flags += [f"--insecure-registry={host}" for host in plain]
    listed = sorted({*known.private_hosts, *plain, *mirrors})
    return NestedOptions(
        image=settings.engine_image,
        memory=settings.build_memory,
        processors=settings.build_processors,
        disk=settings.build_disk,
        reach=(*settings.reach, *(reach.parse(one) for one in listed)),
        authorities=_text(known.certificate_authorities),
        flags=tuple(flags),
    )


def _elsewhere(host: str) -> bool:
    """Tell whether *host* can mean the same to the bot and to a domain's engine."""
    name = host.partition(":")[0].strip("[").lower()
    return name != "localhost" and not name.startswith("127.") and bool(name)


def _text(file: str) -> str:
    try:
        return Path(file).read_text("ascii") if file else ""
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            f"The authorities in {file} cannot be read: {error}. "
            "MULTIARCH_REGISTRY_AUTHORITIES names a PEM file."
        ) from error


def docker(engines: Iterable[Runner]) -> tuple[DockerRunner, ...]:
    """Return those of *engines* that can be swept."""
    return tuple(engine for engine in engines if isinstance(engine, DockerRunner))


async def prune(machines: Iterable[DomainHost], say: Say) -> None:
    """Remove what trust domains keep for too long or too much of, from now on."""
    while True:
        for machine in machines:
            try:
                count = await machine.prune()
            except (EngineUnavailableError, UserError, APIError) as error:
                say(f"{machine.name}: {error}")
                continue
            if count:
                say(
                    f"threw away what {count} repositories had stored on {machine.name}"
                )
        await asyncio.sleep(_PRUNED_EVERY)


async def sweep(engines: Iterable[DockerRunner], say: Say) -> None:
    """Remove what crashed builds left on each engine that answers."""
    for engine in engines:
        try:
            count = await engine.sweep()
        except EngineUnavailableError as error:
            say(str(error))
            continue
        if count:
            say(f"removed {count} things that an earlier run left on {engine.name}")
