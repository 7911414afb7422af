"""Branches may be called almost anything."""

from __future__ import annotations

import pytest

from bot.model import Source
from bot.publishing import Commit, PullRequestText
from tests.github.conftest import NAME, Home

FIXED = Commit("Use alpine:3.6\n", (Source("Dockerfile", "FROM alpine:3.6\n"),))


@pytest.mark.parametrize(
    "branch",
    ["feat/ü#1", "50%25", "a+b&c=d", "{owner}", "it's", "@me", "a;b", "refs/heads/x"],
)
async def test_a_branch_of_any_name_is_read_and_written(
    home: Home, branch: str
) -> None:
    """What git allows reaches GitHub as it is."""
    files = {"Dockerfile": "FROM a\n"}
    head = await home.github.commit("octocat", NAME, files, branch=branch)
    made = await home.publisher.commit(branch, head, FIXED)
    ours = f"multiarch/arm64-for-{branch}"
    await home.publisher.put_branch(ours, head, FIXED)
    base = await home.github.commit("octocat", NAME, {"a": "b\n"}, branch=branch)
    moved = await home.publisher.put_branch(ours, base, FIXED)
    text = PullRequestText("Title", "Body.")
    await home.github.commit("octocat", NAME, files, branch=branch)
    first = await home.publisher.put_pull_request(ours, branch, text)
    again = await home.publisher.put_pull_request(ours, branch, text)

    assert await home.repository.branch_head(ours) == moved
    assert made == (
        await home.github.repository(NAME).git.text("rev-parse", f"{base}^")
    )
    assert first == again
