"""Tests of judging an engine by its version."""

from __future__ import annotations

import pytest

from bot.builds import engine_age
from bot.builds.engine_age import Judgement


def answer(engine: str, runc: str = "1.3.3", name: str = "Engine") -> dict[str, object]:
    """Return what an engine says of its version."""
    parts = [{"Name": name, "Version": engine}, {"Name": "runc", "Version": runc}]
    return {"Components": parts}


@pytest.mark.parametrize(
    "said",
    [
        answer("28.5.2"),
        answer("25.0.2"),
        answer("24.0.9"),
        answer("30.1", "2.0.0"),
        answer("5.8.6", name="Podman Engine"),
        answer("28.5.2", "1.2.8"),
        {},
        {"Components": "none"},
    ],
)
def test_a_young_engine_is_left_alone(said: dict[str, object]) -> None:
    """So is one that counts in another way."""
    assert engine_age.judge(said) == Judgement()


@pytest.mark.parametrize("version", ["1.13.1", "18.09.1", "19.03.15"])
def test_an_old_engine_is_refused(version: str) -> None:
    """Nobody mends these any more."""
    refusal = engine_age.judge(answer(version)).refusal

    assert refusal.startswith(f"its Docker {version.replace('.0', '.')} is older")


@pytest.mark.parametrize(
    ("said", "count", "word"),
    [
        (answer("20.10.6"), 2, "CVE-2021-30465"),
        (answer("20.10.24+dfsg1", "1.3.3"), 1, "CVE-2024-24557"),
        (answer("23.0.6"), 1, "CVE-2024-21626"),
        (answer("24.0.8"), 1, "CVE-2024-23653"),
        (answer("25.0.1"), 1, "CVE-2024-23651"),
        (answer("28.5.2", "1.1.5+ds1"), 2, "CVE-2024-21626"),
        (answer("28.5.2", "1.3.0"), 1, "CVE-2025-52881"),
        (answer("28.5.2", "1.2.7"), 1, "CVE-2025-31133"),
    ],
)
def test_a_version_with_known_holes_is_told(
    said: dict[str, object], count: int, word: str
) -> None:
    """A distribution may have mended it, which its number does not say."""
    judged = engine_age.judge(said)

    assert (judged.refusal, len(judged.warnings)) == ("", count)
    assert word in judged.warnings[0]
