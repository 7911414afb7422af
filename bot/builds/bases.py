"""Keep the classic builder from standing on a base image of another platform.

It takes an image that lies on the engine under the right name, whichever
platform it is for: on an engine that builds for two, often the other one's.
BuildKit asks for the platform each time.
"""

from __future__ import annotations

from dataclasses import replace

from docker import APIClient

from bot.builds.build import Order, Shop
from bot.builds.engine import Engine
from bot.builds.inspection import inspect


async def renewed(
    order: Order, shop: Shop, engine: Engine, names: frozenset[str]
) -> Order:
    """Return *order*, pulling its bases *names* where one is not the platform's."""
    if shop.builder != "classic" or order.pull or not names:
        return order

    def others(client: APIClient) -> bool:
        known = (inspect(client, name) for name in names)
        return any(one and not one.is_for(order.platform) for one in known)

    return replace(order, pull=await engine.call(others))
