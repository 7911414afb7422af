"""Tests of judging an engine by its version."""

from __future__ import annotations

import re

import pytest

from bot.builds import engine_age
from bot.builds.engine_age import HOLES, Hole, Judgement, Version

CLASSIC = ("CVE-2024-24557",)
BUILDKIT = ("CVE-2024-23651", "CVE-2024-23652", "CVE-2024-23653")
MOUNTS = ("CVE-2021-30465",)
LEAKED = ("CVE-2024-21626",)
MASKED = ("CVE-2025-31133", "CVE-2025-52565", "CVE-2025-52881")


def answer(
    engine: str, runc: str | None = "1.3.3", name: str = "Engine"
) -> dict[str, object]:
    """Return what an engine says of its version."""
    parts = [{"Name": name, "Version": engine}]
    parts += [] if runc is None else [{"Name": "runc", "Version": runc}]
    return {"Components": parts}


def told(said: dict[str, object]) -> tuple[str, ...]:
    """Return the holes that the operator is told of."""
    judged = engine_age.judge(said)

    assert judged.refusal == ""
    return tuple(re.findall(r"CVE-\d+-\d+", "\n".join(judged.warnings)))


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(answer("28.5.2"), id="of today"),
        pytest.param(answer("30.1", "2.0.0"), id="of tomorrow"),
        pytest.param(answer("29.4.0-ce", "1.3.4"), id="of openSUSE"),
        pytest.param(answer("26.1.5+dfsg1", "1.3.3+ds1"), id="of Debian 13"),
        pytest.param(answer("28.5.2", None), id="with another runtime"),
        pytest.param(answer("5.8.6", None, name="Podman Engine"), id="podman"),
        pytest.param(answer("dev", None, name="containerd"), id="of other parts"),
        pytest.param({}, id="silent"),
        pytest.param({"Components": "none"}, id="nonsense"),
        pytest.param({"Components": ["none", {"Version": "1"}]}, id="more nonsense"),
    ],
)
def test_a_young_engine_is_left_alone(said: dict[str, object]) -> None:
    """So is one that counts in another way."""
    assert engine_age.judge(said) == Judgement()


@pytest.mark.parametrize("version", ["1.13.1", "18.09.1", "19.03.15", "20.9.99"])
def test_an_old_engine_is_refused(version: str) -> None:
    """What a stranger builds would be out of its container."""
    assert engine_age.judge(answer(version)) == Judgement(
        f"its Docker {version} is older than 20.10, which has known ways out of a "
        "container; update it"
    )


@pytest.mark.parametrize(
    ("version", "holes"),
    [
        ("20.10.0", (*CLASSIC, *BUILDKIT)),
        ("23.0.6", (*CLASSIC, *BUILDKIT)),
        ("24.0.8", (*CLASSIC, *BUILDKIT)),
        ("24.0.9", BUILDKIT),
        ("25.0.0-rc.3", (*CLASSIC, *BUILDKIT)),
        ("25.0.1", (*CLASSIC, *BUILDKIT)),
        ("25.0.2", ()),
        ("26.0.0", ()),
    ],
)
def test_a_docker_with_known_holes_is_told(
    version: str, holes: tuple[str, ...]
) -> None:
    """24.0.9 mends the classic builder and leaves BuildKit as it was."""
    assert told(answer(version)) == holes


@pytest.mark.parametrize(
    ("version", "holes"),
    [
        ("1.0.0-rc94", (*MOUNTS, *LEAKED, *MASKED)),
        ("1.0.0-rc95", (*LEAKED, *MASKED)),
        ("1.0.0", (*LEAKED, *MASKED)),
        ("1.1.11", (*LEAKED, *MASKED)),
        ("1.1.12", MASKED),
        ("1.1.15", MASKED),
        ("1.2.7", MASKED),
        ("1.2.8", ()),
        ("1.3.0-rc.1", MASKED),
        ("1.3.2", MASKED),
        ("1.3.3", ()),
        ("1.4.0-rc.2", MASKED),
        ("1.4.0-rc.3", ()),
        ("1.4.0", ()),
        ("1.5.0-rc.1", ()),
    ],
)
def test_a_runc_with_known_holes_is_told(version: str, holes: tuple[str, ...]) -> None:
    """It is runc that holds a container, whatever Docker is around it."""
    assert told(answer("28.5.2", version)) == holes


@pytest.mark.parametrize(
    ("said", "holes"),
    [
        pytest.param(
            answer("20.10.5+dfsg1", "1.0.0~rc93+ds1"),
            (*CLASSIC, *BUILDKIT, *MOUNTS, *LEAKED, *MASKED),
            id="Debian 11",
        ),
        pytest.param(
            answer("20.10.24+dfsg1", "1.1.5+ds1"),
            (*CLASSIC, *BUILDKIT, *LEAKED, *MASKED),
            id="Debian 12",
        ),
        pytest.param(
            answer("24.0.7", "1.1.12-0ubuntu2~22.04.1"),
            (*CLASSIC, *BUILDKIT, *MASKED),
            id="Ubuntu",
        ),
    ],
)
def test_a_number_does_not_tell_what_a_distribution_has_mended(
    said: dict[str, object], holes: tuple[str, ...]
) -> None:
    """All of these have revisions with the mends; the answer is the same without."""
    assert told(said) == holes


def test_the_operator_is_told_what_to_do() -> None:
    """With the version as the engine says it, the nearest mended one and a source."""
    expected = (
        "its runc 1.2.5+ds1 has the number of a version in which a program can "
        "leave its container through masked paths (CVE-2025-31133, "
        "CVE-2025-52565, CVE-2025-52881); unless its distribution has mended "
        "that, which the number does not tell, update it to 1.2.8 or later "
        "(https://github.com/opencontainers/runc/security/advisories/"
        "GHSA-9493-h29p-rfm2)"
    )
    judged = engine_age.judge(answer("28.5.2", "1.2.5+ds1"))

    assert judged == Judgement(warnings=(expected,))


def test_a_candidate_is_named_as_its_component_names_it() -> None:
    """Nobody finds a version that is written otherwise."""
    (warning,) = engine_age.judge(answer("28.5.2", "1.4.0-rc.1")).warnings

    assert "update it to 1.4.0-rc.3 or later" in warning


@pytest.mark.parametrize(
    "said", ["dev", "", "library-import", "v", "x28.5.2", "\u0662\u0668.\u0665"]
)
def test_a_version_that_cannot_be_read_is_told(said: str) -> None:
    """It may be of any age, so it is not passed over in silence."""
    assert engine_age.judge(answer(said, said)) == Judgement(
        warnings=tuple(
            f"its {name} calls its version {said!r}, which does not tell whether it "
            "has known holes; use a released version"
            for name in ("Docker", "runc")
        )
    )


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("28", None),
        ("28.5", (28, 5, 0, 1_000_000)),
        ("v28.5.2", (28, 5, 2, 1_000_000)),
        ("28.0.0-beta.1", (28, 0, 0, 0)),
        ("28.0.0-rc.1", (28, 0, 0, 1)),
        ("0.0.0-dev", (0, 0, 0, 0)),
        ("20.10.24+dfsg1", (20, 10, 24, 1_000_000)),
        ("1" * 7 + ".1", None),
    ],
)
def test_versions_are_read_as_they_are_written(
    said: str, read: tuple[int, ...] | None
) -> None:
    """Candidates come before their release, a distribution's marks after it."""
    assert engine_age.read(said) == read


@pytest.mark.parametrize("hole", HOLES, ids=lambda hole: hole.what[-16:])
def test_every_hole_has_a_source_and_is_mended_in_order(hole: Hole) -> None:
    """What is told to an operator can be looked up."""
    assert hole.source.startswith("https://github.com/")
    assert list(hole.mended) == sorted(hole.mended)


def test_a_series_that_nobody_mended_has_the_hole() -> None:
    """It came out before the last mend, whatever an older series has got."""
    hole = Hole("Engine", (Version(24, 0, 9), Version(26, 0, 2)), "", "")
    numbers = [(23, 0, 99), (24, 0, 9), (25, 0, 99), (26, 0, 1), (26, 0, 2), (27, 0, 0)]

    found = [numbers for numbers in numbers if hole.is_in(Version(*numbers))]
    assert found == [(23, 0, 99), (25, 0, 99), (26, 0, 1)]
