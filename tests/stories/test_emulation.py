"""An engine that emulates arm64 lies; the audit does not believe it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stories import engineer
from tests.stories.command import Person
from tests.world.registry import Registry

pytestmark = [pytest.mark.engine, pytest.mark.registry]

GLIBC = "/usr/glibc-compat/"


@pytest.fixture
def person(
    emulating_engine: str, registry_with_images: Registry, tmp_path: Path
) -> Person:
    """Return somebody with a checkout of Felix and an engine that emulates."""
    tree = engineer.checkout("felix", tmp_path)
    return Person(tree, {"emulating": emulating_engine}, registry_with_images)


def test_a_build_passes_that_no_arm64_machine_would_pass(person: Person) -> None:
    """x86-64 programs run there and nobody notices, until the image is read."""
    file = person.tree / "docker-image/Dockerfile"
    file.write_text(file.read_text().replace("alpine:3.4", "alpine:3.6"))
    engine = [f"--runner={name}={url}" for name, url in person.engines.items()]
    told = person.say("build", *engine)

    (attempt,) = told.answer["attempts"]
    assert (attempt["passed"], attempt["cause"]) == (False, "foreign-program-in-image")
    proof = told.answer["proof"]
    assert [(one["native"], one["platform"]) for one in proof["arm64"]] == [
        (False, "linux/arm64")
    ]
    wrong = proof["audit"]["wrong"]
    assert {one["machine"] for one in wrong} == {"x86-64"}
    assert [one["file"] for one in wrong if not one["file"].startswith(GLIBC)] == []
    assert {GLIBC + "lib/ld-linux-x86-64.so.2", GLIBC + "sbin/ldconfig"} <= {
        one["file"] for one in wrong
    }
    (brought,) = {one["instruction"] for one in wrong}
    assert brought.startswith("RUN apk --no-cache add wget ca-certificates libgcc && ")
    assert (told.status, told.answer["proven"]) == (1, False)
