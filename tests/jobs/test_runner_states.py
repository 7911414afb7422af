"""Tests of what workers tell the endpoint about their runners."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.isolation import Isolation
from bot.jobs import runner_states
from tests.jobs.conftest import fresh


@pytest.mark.parametrize(
    "kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def test_the_endpoint_reads_what_the_last_worker_found(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """The endpoint itself may reach no runner at all."""
    postgres = kind == "postgres"
    url = (
        fresh(request.getfixturevalue("postgres_url"), tmp_path.name)
        if postgres
        else f"sqlite:///{tmp_path}/jobs.sqlite"
    )
    open_ = Isolation("2026-11-27", ("ADD reaches what the runner serves",))
    held = Isolation("2026-11-28")
    runner_states.write(url, "arm", runner_states.told(open_))
    runner_states.write(url, "pi", runner_states.told(open_))
    runner_states.write(url, "arm", runner_states.told(held))

    assert runner_states.read(url) == {
        "arm": "isolated: from inside a build only public addresses can be reached "
        "(tried on 2026-11-28)",
        "pi": "NOT ISOLATED: something answered from inside a build that builds must "
        "not reach, so no fork is built there; whoever runs Multiarch finds in its log "
        "what",
    }


def test_a_runner_without_a_bounded_disk_is_told() -> None:
    """The log says so, and so does whoever asks the endpoint."""
    assert runner_states.told(Isolation("2026-11-28", disk=False)) == (
        "isolated: from inside a build only public addresses can be reached (tried on "
        "2026-11-28); it mounts no file as a disk, so what one repository stores there "
        "is bounded by the free space alone"
    )


def test_a_runner_that_cannot_have_an_engine_is_no_matter_of_isolation() -> None:
    """And where the image was asked for is nobody's business but the operator's."""
    reason = "the engine image registry.corp:5000/dind cannot be pulled"
    found = Isolation("2026-11-28", untried=(reason,), engine=False)

    assert runner_states.told(found) == (
        "NOT USABLE: it cannot have the engine that repositories are built on, so "
        "nothing is built there; whoever runs Multiarch finds in its log why"
    )


def test_a_runner_is_expected_before_anything_is_known_of_it(tmp_path: Path) -> None:
    """What another worker has found out stays."""
    url = f"sqlite:///{tmp_path}/jobs.sqlite"
    runner_states.write(url, "arm", "isolated: so it is")
    runner_states.expect(url, "arm")
    runner_states.expect(url, "amd")

    assert runner_states.read(url) == {
        "arm": "isolated: so it is",
        "amd": "not tried yet",
    }
