"""Webhooks that GitHub really sent, from the official examples."""

from __future__ import annotations

import functools
import json
import tarfile
from dataclasses import dataclass

from tests.world.github.answers import Json
from tests.world.github.packages import WEBHOOKS, fetch_or_skip

_MEMBER = "package/api.github.com/index.json"


@dataclass(frozen=True, slots=True)
class Recorded:
    """One payload with the event it belongs to."""

    event: str
    payload: Json


@functools.cache
def recorded_webhooks() -> tuple[Recorded, ...]:
    """Return every recorded payload, event by event."""
    with tarfile.open(fetch_or_skip(WEBHOOKS)) as archive:
        member = archive.extractfile(_MEMBER)
        events = json.load(member) if member else []
    return tuple(
        Recorded(event["name"], payload)
        for event in events
        for payload in event["examples"]
    )
