"""One file per webhook event: it reads, decides to work, and queues."""

from gidgethub.routing import Router

from bot.plugins import discover

ROUTER = Router(*discover(__name__, "router"))
