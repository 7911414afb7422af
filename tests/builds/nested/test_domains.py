"""Tests of a domain's engine: its disk, its end, and the way to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from docker import APIClient
from docker.errors import NotFound

from bot.builds import pool
from bot.builds.domain_runner import DomainHost
from bot.builds.nested import errand, isolation, pruning
from bot.builds.nested.container import Place
from bot.builds.options import Options
from bot.domain import Domain
from bot.recipe import Recipe
from tests.builds import certificates
from tests.world import base_images, engines, trust_domains
from tests.world.fixtures import had

pytestmark = [pytest.mark.engine, pytest.mark.timeout(300)]

DOMAIN = Domain("somebody/something", "a-job")
NAME = Place(DOMAIN.key).name
MIB = 1024**2
FILLED = "FROM busybox\nRUN dd if=/dev/zero of=/filled bs=1M count={}\n"


def host_at(url: str, **limits: int) -> DomainHost:
    """Return the runner at *url*; *limits* are fields of NestedOptions."""
    nested = replace(trust_domains.options(url), **limits)  # type: ignore[arg-type]  # ints
    (outer,) = pool.runners([url], Options(builder="classic", nested=nested))
    return DomainHost(outer)


@pytest.fixture
async def host(local_engine: str) -> AsyncIterator[DomainHost]:
    """Give a runner whose domains may store 1 GiB; what it stored goes."""
    made = host_at(local_engine, disk=1)
    yield made
    await made.leave(DOMAIN)
    made.close()


async def ask(host: DomainHost, work: Callable[[APIClient], object]) -> object:
    """Ask the runner's own engine."""
    return await host.outer.engine.call(work)


async def within(host: DomainHost, script: str) -> None:
    """Run *script* where the domain's engine runs."""

    def run(client: APIClient) -> None:
        told = client.exec_create(NAME, ["/bin/sh", "-c", script])
        client.exec_start(told["Id"])

    await ask(host, run)


async def taken(host: DomainHost) -> int:
    """Return how many MiB the domain takes on the runner."""
    image = host.outer.options.nested.image

    def measure(client: APIClient) -> int:
        volumes = {DOMAIN.key: client.inspect_volume(NAME)}
        sizes, disk = pruning.measured(client, image, volumes)
        assert disk.total > disk.free > 0
        return sizes[NAME] // MIB

    found = await ask(host, measure)
    assert isinstance(found, int)
    return found


async def fill(host: DomainHost, folder: Path, mebibytes: int) -> str:
    """Build an image of that size in the domain; return its name."""
    (folder / "Dockerfile").write_text(FILLED.format(mebibytes))
    recipe = Recipe("filled", dockerfile="Dockerfile")
    async with host.inside(DOMAIN) as runner:
        result = await runner.build(folder, recipe, "linux/amd64", print)
    assert result.built is not None
    return result.built.image


async def test_what_is_removed_in_a_domain_is_free_on_the_runner(
    host: DomainHost, tmp_path: Path
) -> None:
    """A domain counts with what it holds, and not with what it may hold."""
    image = await fill(host, tmp_path, 300)
    full = await taken(host)
    async with host.inside(DOMAIN) as runner:
        await runner.discard(image)
    await asyncio.sleep(1)

    assert 300 < full < 500
    assert await taken(host) < 200


async def test_a_disk_that_is_nearly_full_is_made_anew(
    host: DomainHost, tmp_path: Path
) -> None:
    """What it holds are caches; a build that finds no room would fail for ever."""
    await fill(host, tmp_path, 100)
    await within(host, "dd if=/dev/zero of=/var/lib/docker/filled bs=1M count=800")
    await ask(host, lambda client: client.stop(NAME))
    async with host.inside(DOMAIN) as runner:
        images = await runner.engine.call(lambda client: client.images())
    told = await ask(host, lambda client: client.logs(NAME))

    assert images == []
    assert b"the disk of this domain is nearly full (" in told  # type: ignore[operator]
    assert await taken(host) < 100
    await fill(host, tmp_path, 100)


async def test_an_engine_that_was_about_to_end_is_started_again(
    host: DomainHost, tmp_path: Path
) -> None:
    """It was idle for ten minutes, and its watch has just told it to stop."""
    image = await fill(host, tmp_path, 1)

    def start(client: APIClient) -> None:
        command = ["sh", "-c", "trap '' TERM; while :; do sleep 1; done"]
        client.start(client.create_container(image, command=command)["Id"])

    async with host.inside(DOMAIN) as runner:
        await runner.engine.call(start)  # it keeps the engine from ending at once
    await within(host, "kill -TERM $(cat /multiarch/run/docker.pid)")
    await asyncio.sleep(0.5)
    ending = await ask(host, lambda client: client.inspect_container(NAME)["State"])
    host.close()  # whoever was idle for so long has no line open any more
    async with host.inside(DOMAIN) as runner:
        answers = await runner.engine.call(APIClient.ping)

    assert ending["Running"]  # type: ignore[index]
    assert answers


async def test_what_a_worker_that_died_left_is_thrown_away(
    host: DomainHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fork's domain is for one job, and a helper's container for moments."""
    async with host.inside(DOMAIN):
        pass
    image = host.outer.options.nested.image

    def leave(client: APIClient) -> object:
        client.stop(NAME)
        told = client.create_container(image, "true", labels={errand.LABEL: ""})
        return told["Id"]

    left = await ask(host, leave)
    assert await host.prune() == 0
    monkeypatch.setattr(pruning, "_YOUNG", -2.0)

    assert await host.prune() == 1
    for find in (
        lambda client: client.inspect_volume(NAME),
        lambda client: client.inspect_container(NAME),
        lambda client: client.inspect_container(left),
    ):
        with pytest.raises(NotFound):
            await ask(host, find)


async def test_a_try_in_which_nothing_works_does_not_count(
    host: DomainHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is reached either where asking itself is broken."""
    monkeypatch.setattr(isolation, "FILES", {**isolation.FILES, "serve": "exit 1"})
    monkeypatch.setattr(isolation, "OWN", "127.0.0.1:1")
    found = await host.isolation.get()

    assert [sentence.partition(":")[0] for sentence in found.untried] == [
        "a RUN step could not try what it reaches",
        "a recipe's command could not try what it reaches",
        "ADD could not be tried",
    ]


@pytest.fixture(scope="module")
def tls_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give an engine that wants a certificate, as a line of the operator's."""
    place = tmp_path_factory.mktemp("tls")
    own = certificates.write(place / "client", certificates.CLIENT)
    theirs = certificates.write(place / "server", certificates.SERVER)
    with had(engines.start_behind_tls(theirs, base_images.stored())) as url:
        yield f"{url}?tls={own}"


async def test_a_domain_on_a_runner_behind_tls_builds(
    tls_engine: str, tmp_path: Path
) -> None:
    """The way leads through the docker command there."""
    host = host_at(tls_engine)
    try:
        image = await fill(host, tmp_path, 1)
        audit = await host.within(DOMAIN).audit(image, "linux/amd64")
        isolation = await host.isolation.get()
    finally:
        await host.leave(DOMAIN)
        host.close()

    assert audit.wrong == ()
    assert audit.files > 0
    assert isolation.holds, isolation.words
