"""A name that was given up may be another repository's."""

from __future__ import annotations

import pytest

from bot.events import Place
from bot.github_ports import GitHubRefusedError
from tests.github.conftest import NAME, Home


async def squat(home: Home) -> None:
    """Rename the repository, and give its name to another one."""
    home.github.repository(NAME).name = "moved"
    other = await home.github.create_repository("octo/other", {"Dockerfile": "FROM b"})
    other.name = "app"


async def test_another_repository_of_that_name_is_not_read(home: Home) -> None:
    """It would be built among the caches of the one that was meant."""
    await squat(home)
    with pytest.raises(GitHubRefusedError) as caught:
        await home.repository.branch_head("main")

    assert str(caught.value) == (
        "octo/app is called octo/moved now. Nothing is done under a name that may be "
        "another repository's; the next push or comment goes by the new one."
    )
    assert [call.path for call in home.github.calls() if NAME in call.path] == []


async def test_it_is_read_under_its_own_number(home: Home) -> None:
    """Each delivery tells the number that goes with the name."""
    await squat(home)
    number = home.github.repository(NAME).id
    place = Place(NAME, home.place.installation, number)

    assert number != home.place.id
    assert await home.app.repository(place).default_branch() == "main"


async def test_github_tells_no_case_apart(home: Home) -> None:
    """A repository whose name changed its letters only is the same."""
    home.github.repository(NAME).name = "App"

    assert await home.repository.default_branch() == "main"
