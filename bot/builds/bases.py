"""Keep the classic builder from standing on a base image of another platform.

It takes an image that lies on the engine under the right name, whichever
platform it is for: on an engine that builds for two, often the other one's.
BuildKit asks for the platform each time.
"""

from __future__ import annotations

from dataclasses import replace

from docker import APIClient

from bot import references
from bot.builds.build import Order, Shop
from bot.builds.engine import Engine
from bot.builds.inspection import inspect
from bot.model import Source
from bot.parse import dockerfile
from bot.workspace import LARGEST


async def renewed(order: Order, shop: Shop, engine: Engine) -> Order:
    """Return *order*, pulling its base images where one is not the platform's."""
    if shop.builder != "classic" or order.pull or not order.dockerfile.is_file():
        return order
    names = _bases(order)

    def others(client: APIClient) -> bool:
        known = (inspect(client, name) for name in names)
        return any(one and not one.is_for(order.platform) for one in known)

    return replace(order, pull=await engine.call(others))


def _bases(order: Order) -> frozenset[str]:
    if order.dockerfile.stat().st_size > LARGEST:
        return frozenset()  # no author's, and reading it is the worker's time
    text = order.dockerfile.read_bytes().decode("utf-8", errors="replace")
    given = dict(one.partition("=")[::2] for one in order.args)
    file = dockerfile.parse(Source(order.dockerfile.name, text))
    return references.images(file, given, "")
