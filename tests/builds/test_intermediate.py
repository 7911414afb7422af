"""Tests of removing what the classic builder leaves, with an engine of paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

import pytest
import requests
from docker import APIClient
from docker.errors import APIError, ImageNotFound

from bot.builds import intermediate

NOW = "2026-01-01T12:00:00.123456789Z"
LOG = (
    "Step 1/4 : FROM busybox",
    " ---> aaaaaaaaaaaa",
    "Step 2/4 : RUN one",
    " ---> Using cache",
    " ---> bbbbbbbbbbbb",
    "Step 3/4 : RUN two",
    " ---> Running in 0123456789ab",
    "what the command prints ---> eeeeeeeeeeee",
    " ---> cccccccccccc",
    "Step 4/4 : RUN three",
    " ---> dddddddddddd",
)


@dataclass
class Paper(APIClient):
    """An engine that knows a few images, by the first digit of their ids."""

    named: Mapping[str, list[str]] = field(default_factory=dict)
    used: frozenset[str] = frozenset()
    old: frozenset[str] = frozenset()
    removed: list[str] = field(default_factory=list)

    def inspect_image(self, image: str) -> Mapping[str, object]:
        """Return what it knows."""
        if image[0] in self.removed:
            raise ImageNotFound(image)
        created = "2026-01-01T11:00:00Z" if image[0] in self.old else NOW
        names = self.named.get(image[0])
        return {"Id": image[0], "RepoTags": names, "Created": created}

    def info(self) -> dict[str, object]:
        """Return what time it has."""
        return {"SystemTime": NOW}

    def remove_image(self, image: str) -> None:  # type: ignore[override]  # as it is called
        """Remove it, unless another stands on it."""
        if image[0] in self.used:
            answer = requests.Response()
            answer.status_code = HTTPStatus.CONFLICT
            raise APIError("it has dependent child images", answer)
        self.removed.append(image[0])


def test_what_was_there_before_is_left_alone() -> None:
    """A base image has a name, and what came from the cache is another build's."""
    engine = Paper(named={"a": ["busybox:latest"]})
    intermediate.remove(engine, LOG, (), 60.0)

    assert engine.removed == ["d", "c"]


@pytest.mark.parametrize(("kept", "used"), [("d", "c"), ("", "cd")])
def test_the_image_and_what_it_stands_on_are_left_alone(kept: str, used: str) -> None:
    """The engine knows best what is still in use."""
    engine = Paper(named={"a": ["busybox:latest"]}, used=frozenset(used))
    intermediate.remove(engine, LOG, kept, 60.0)

    assert engine.removed == []


def test_what_a_log_only_claims_to_have_made_is_left_alone() -> None:
    """A program may print the builder's words with the id of another's image."""
    engine = Paper(named={"a": ["busybox:latest"]}, old=frozenset("c"))
    intermediate.remove(engine, LOG, (), 60.0)

    assert engine.removed == ["d"]
