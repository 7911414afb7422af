"""What the bot needs to give trust domains their engines on an engine of the world."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

from docker import APIClient

from bot.builds.nested import container
from bot.builds.nested.dialer import Dialer
from bot.builds.nested.options import NestedOptions
from bot.builds.nested.reach import Allowed
from bot.builds.private_socket import PrivateSocket
from tests.world import arm_disk, engine_images
from tests.world.engine_images import OLD, EngineImage
from tests.world.registry import NAMES
from tests.world.trust import authority

GATE = "172.17.0.1"
"""The engine's own network as its containers see it; the registry answers there."""
REACH = tuple(Allowed(name, GATE, 443) for name in NAMES)
REACH_ON_ARM64 = tuple(Allowed(name, arm_disk.ADDRESS, 443) for name in NAMES)


def settings(url: str, image: EngineImage = OLD) -> dict[str, str]:
    """Return the bot's settings for the engine at *url*, which gets *image*."""
    reach = ",".join(f"{one.host}={one.address}:{one.port}" for one in REACH)
    return {
        "MULTIARCH_ENGINE_IMAGE": engine_images.put(url, image),
        "MULTIARCH_REACH": reach,
        "MULTIARCH_REGISTRY_AUTHORITIES": str(authority().certificate),
        "MULTIARCH_BUILD_DISK": "4",
    }


def options(url: str, image: EngineImage = OLD) -> NestedOptions:
    """Return the same as the options of runners."""
    return NestedOptions(
        image=engine_images.put(url, image),
        memory=4,
        disk=4,
        reach=REACH,
        authorities=authority().certificate.read_text("ascii"),
    )


def options_on_arm64(url: str, image: EngineImage = OLD) -> NestedOptions:
    """Return what fits the arm64 machine at *url*: it stores in its small memory."""
    return NestedOptions(
        image=engine_images.put(url, image, "arm64"),
        memory=1,
        processes=150,
        disk=1,
        free_mebibytes=128,
        reach=REACH_ON_ARM64,
        authorities=authority().certificate.read_text("ascii"),
    )


@contextmanager
def inside(url: str, repository: str) -> Iterator[APIClient | None]:
    """Give a look at the engine of *repository*, None where it does not run."""
    label = f"{container.REPOSITORY}={repository}"
    with closing(APIClient(url, version="auto")) as outer:
        running = outer.containers(filters={"label": label, "status": "running"})
    if not running:
        yield None
        return
    name = running[0]["Names"][0].removeprefix("/")
    dialer = Dialer(lambda: APIClient(url, version="auto"), name)
    socket = PrivateSocket(dialer.lead)
    dialer.rest()
    try:
        with closing(APIClient(socket.url, version="1.40")) as client:
            yield client
    finally:
        socket.close()
