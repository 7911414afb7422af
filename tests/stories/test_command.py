"""The loop on a real arm64 engine walks the way of the engineer, and ends there.

Nothing is scripted: the errors are those that the engine gives.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.stories import engineer
from tests.stories.command import Person, Told
from tests.world.registry import Registry

pytestmark = [pytest.mark.arm64, pytest.mark.engine, pytest.mark.registry]

ARM64 = "linux/arm64"
DOCKERFILE = "docker-image/Dockerfile"


@dataclass(frozen=True, slots=True)
class Walk:
    """What is to be met on the way: cause, place, and part of the quoted line."""

    sample: str
    builder: str
    errors: tuple[tuple[str, str, str], ...] = ()

    def __str__(self) -> str:
        """Name the test."""
        return f"{self.sample}-{self.builder}"


CLASSIC_BASE = (
    "base-image-without-platform",
    f"{DOCKERFILE}:1",
    "no matching manifest for linux/arm64",
)
BUILDKIT_BASE = (
    "base-image-without-platform",
    f"{DOCKERFILE}:1",
    "no match for platform in manifest",
)
WALKS = (
    Walk(
        "typha",
        "classic",
        (
            CLASSIC_BASE,
            (
                "foreign-copy-source",
                f"{DOCKERFILE}:12",
                "stat bin/calico-typha-amd64: file does not exist",
            ),
        ),
    ),
    Walk(
        "typha",
        "buildkit",
        (
            BUILDKIT_BASE,
            (
                "foreign-copy-source",
                f"{DOCKERFILE}:12",
                '"/bin/calico-typha-amd64"',
            ),
        ),
    ),
    Walk(
        "felix",
        "classic",
        (
            CLASSIC_BASE,
            (
                "foreign-program-as-script",
                f"{DOCKERFILE}:9",
                'line 1: syntax error: unexpected "("',
            ),
            (
                "missing-program",
                f"{DOCKERFILE}:9",
                "/usr/glibc-compat/sbin/ldconfig: not found",
            ),
            ("foreign-program-in-image", f"{DOCKERFILE}:9", "/usr/glibc-compat/lib/"),
        ),
    ),
    Walk(
        "cni-plugin",
        "classic",
        (
            (
                "foreign-copy-source",
                "Dockerfile:5",
                "stat dist/amd64/calico: file does not exist",
            ),
            (
                "ignored-copy-source",
                "Dockerfile:6",
                "stat dist/arm64/calico: file does not exist",
            ),
        ),
    ),
    Walk("go-build", "buildkit"),
)


@pytest.fixture(scope="module", params=WALKS, ids=str)
def walk(request: pytest.FixtureRequest) -> Walk:
    """Return one walk after the other."""
    chosen: Walk = request.param
    return chosen


@pytest.fixture(scope="module")
def person(
    walk: Walk,
    arm64_engine: str,
    local_engine: str,
    registry_with_images: Registry,
    tmp_path_factory: pytest.TempPathFactory,
) -> Person:
    """Return somebody with a checkout of the sample and both engines."""
    return Person(
        engineer.checkout(walk.sample, tmp_path_factory.mktemp("checkout")),
        {"arm64": arm64_engine, "amd64": local_engine},
        registry_with_images,
        docker_buildkit="0" if walk.builder == "classic" else "",
    )


@pytest.fixture(scope="module")
def told(person: Person) -> Told:
    """Return what the loop told; it runs once for all tests of a walk."""
    return person.prove()


def test_meets_the_errors_of_the_engineer_in_order(walk: Walk, told: Told) -> None:
    """Each is recognised, found in the file, and quoted from the log."""
    met = [(cause, where) for _, cause, where in told.errors]

    assert met == [(cause, where) for cause, where, _ in walk.errors]
    assert {platform for platform, _, _ in told.errors} <= {ARM64}
    quoted = zip((quote for _, _, quote in walk.errors), told.quotes, strict=True)
    assert [quote for quote, line in quoted if quote not in line] == []


def test_ends_where_the_engineer_ended(walk: Walk, person: Person, told: Told) -> None:
    """Every file, byte for byte; the tree itself is changed."""
    assert person.files() == engineer.mended(walk.sample)


def test_proves_it(walk: Walk, told: Told) -> None:
    """Both platforms natively, no foreign program, and the image starts."""
    proof = told.answer["proof"]
    built = {
        name: [(one["runner"], one["native"], one["builder"]) for one in proof[name]]
        for name in ("arm64", "amd64")
    }

    assert (told.status, told.answer["proven"], told.answer["missing"]) == (0, True, [])
    builder = "classic" if walk.builder == "classic" else built["arm64"][0][2]
    assert (builder == "classic") == (walk.builder == "classic")
    assert built == {
        "arm64": [("arm64", True, builder)],
        "amd64": [("amd64", True, builder)],
    }
    assert proof["audit"]["files"] > 0
    assert proof["audit"]["wrong"] == []
    assert [one["passed"] for one in proof["smoke"]] == [True]


def test_a_second_fix_changes_nothing(walk: Walk, person: Person, told: Told) -> None:
    """Where it ended, nothing is left to say."""
    engineer.commit(person.tree, "Take the fix") if walk.errors else None
    again = person.say("fix")

    known = again.answer.pop("images")
    assert all(image["platforms"] for image in known.values())
    assert again.answer == {
        "schema": 1,
        "changes": [],
        "complete": True,
        "findings": [],
        "skipped": [],
    }
    assert again.status == 0
    assert person.files() == engineer.mended(walk.sample)
