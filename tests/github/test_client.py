"""How the client meets GitHub's bad days."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.github.app import connect
from bot.github.client import PATIENCE
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
            await down.repository(home.place).default_branch()


async def test_a_repository_that_is_gone_is_a_refusal(home: Home) -> None:
    """Renamed, deleted or taken from the installation: to try again is no use."""
    gone = Place("octo/gone", home.place.installation, 404)

    with pytest.raises(GitHubRefusedError, match="gives the App no token"):
        await home.app.repository(gone).default_branch()


async def test_a_limit_without_a_time_is_left_to_the_job(home: Home) -> None:
    """GitHub slows down with 429 as well as with 403, and need not say how long."""
    home.github.faults.refuse(f"GET /repos/{NAME}$", "Slow down", status=429)

    with pytest.raises(GitHubUnavailableError, match="slow down") as caught:
        await home.repository.default_branch()

    assert caught.value.seconds == PATIENCE


async def test_half_an_answer_is_left_to_the_job(home: Home) -> None:
    """What a proxy cut off is no crash of ours."""
    home.github.faults.garble(f"GET /repos/{NAME}$")

    with pytest.raises(GitHubUnavailableError, match="cannot be read"):
        await home.repository.default_branch()


async def test_a_token_that_is_taken_no_longer_is_replaced(
    home: Home, tmp_path: Path
) -> None:
    """Revoked in the middle of a job: the next try has another one."""
    head = await home.github.head(NAME)
    await home.repository.default_branch()
    home.github.state.tokens.clear()
    with pytest.raises(GitHubUnavailableError, match="401"):
        await home.repository.default_branch()
    again = await home.repository.default_branch()
    home.github.state.tokens.clear()
    with pytest.raises(GitHubUnavailableError, match="401"):
        await home.repository.snapshot(head)
    snapshot = await home.repository.snapshot(head)

    assert again == "main"
    assert "Dockerfile" in snapshot.sources


@pytest.mark.parametrize("minutes", [-30, 30])
async def test_a_clock_that_is_off_does_not_matter(home: Home, minutes: int) -> None:
    """GitHub refuses a JWT from the future or the past, and tells the time."""
    home.github.advance(timedelta(minutes=minutes))

    assert await home.repository.default_branch() == "main"


async def test_a_key_of_another_app_is_a_refusal(home: Home, tmp_path: Path) -> None:
    """To try it again is no use; what must be mended is said."""
    app = next(iter(home.github.state.apps.values()))
    other = home.github.app("other")
    identity = Identity(str(app.id), other.key)
    async with connect(home.github.url, identity, tmp_path / "other") as stranger:
        with pytest.raises(GitHubRefusedError, match="must belong together"):
            await stranger.repository(home.place).default_branch()
