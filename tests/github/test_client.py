"""How the client meets GitHub's bad days."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.github.app import connect
from bot.github.credentials import Identity
from bot.github_ports import GitHubRefusedError, GitHubUnavailableError, Place
from bot.publishing import CheckReport
from tests.github.conftest import NAME, Home


async def test_a_read_that_broke_is_tried_again(home: Home) -> None:
    """One 502 of GitHub's load balancer is nobody's news."""
    home.github.faults.break_down(f"GET /repos/{NAME}$", times=1)

    assert await home.repository.default_branch() == "main"


async def test_a_read_that_stays_broken_is_left_to_the_job(home: Home) -> None:
    """The job waits and starts again; the author is not blamed."""
    home.github.faults.break_down(f"GET /repos/{NAME}$", times=5)

    with pytest.raises(GitHubUnavailableError, match="502"):
        await home.repository.default_branch()


async def test_a_write_whose_answer_was_lost_is_not_made_twice(home: Home) -> None:
    """The check run was made, the answer did not arrive, the job starts again."""
    head = await home.github.head(NAME)
    report = CheckReport("Building", "It builds.")
    home.github.faults.break_down("POST .*/check-runs", after_effect=True)

    with pytest.raises(GitHubUnavailableError):
        await home.publisher.find_or_create_check(head, "job", report)
    await home.publisher.find_or_create_check(head, "job", report)

    assert len(home.github.check_runs(NAME)) == 1


async def test_a_short_wait_is_waited_out(home: Home) -> None:
    """GitHub asks to slow down for a second."""
    home.github.faults.limit(f"GET /repos/{NAME}$", retry_after=1)

    assert await home.repository.default_branch() == "main"


async def test_a_long_wait_is_left_to_the_job(home: Home) -> None:
    """A worker does not sit for an hour on one job."""
    home.github.faults.limit(f"GET /repos/{NAME}$", retry_after=3600)

    with pytest.raises(GitHubUnavailableError) as caught:
        await home.repository.default_branch()

    assert caught.value.seconds == 3600


async def test_a_github_that_is_down_is_told_calmly(home: Home, tmp_path: Path) -> None:
    """No connection is an answer for the job, not a stack trace."""
    app = next(iter(home.github.state.apps.values()))
    identity = Identity(str(app.id), app.key)
    async with connect("http://127.0.0.1:9", identity, tmp_path / "other") as down:
        with pytest.raises(GitHubUnavailableError, match="cannot be reached"):
            await down.repository(Place(NAME, 1)).default_branch()


async def test_a_repository_that_is_gone_is_a_refusal(home: Home) -> None:
    """Renamed, deleted or taken from the installation: to try again is no use."""
    gone = Place("octo/gone", home.place.installation)

    with pytest.raises(GitHubRefusedError, match="gives the App no token"):
        await home.app.repository(gone).default_branch()
