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
    runner_states.write(url, "arm", open_)
    runner_states.write(url, "pi", open_)
    runner_states.write(url, "arm", Isolation("2026-11-28"))

    assert runner_states.read(url) == {
        "arm": "isolated: from inside a build only public addresses can be reached "
        "(tried on 2026-11-28)",
        "pi": "NOT ISOLATED: something answered from inside a build that builds must "
        "not reach, so no fork is built there; whoever runs Multiarch finds in its log "
        "what",
    }
