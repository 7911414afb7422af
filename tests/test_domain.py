"""Tests of trust domains: which builds may meet, by name."""

from __future__ import annotations

from bot.domain import Domain


def test_github_tells_no_case_apart_and_neither_do_we() -> None:
    """One repository is one domain, however its name is written."""
    assert Domain("Calico/Typha").key == Domain("calico/typha").key


def test_a_fork_of_a_job_meets_nobody() -> None:
    """Neither the repository that it has the name of, nor its own next job."""
    keys = {
        Domain("zoe/typha").key,
        Domain("zoe/typha", "job-1").key,
        Domain("zoe/typha", "job-2").key,
    }

    assert len(keys) == 3
    assert [one.kept for one in (Domain("a/b"), Domain("a/b", "job"))] == [True, False]


def test_a_name_cannot_be_made_to_look_like_another() -> None:
    """Repository and job are joined by what neither can hold."""
    assert Domain("a/b", "c").key != Domain("a/bc").key
