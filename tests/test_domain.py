"""Tests of trust domains: which builds may meet."""

from __future__ import annotations

from bot.domain import Domain


def test_who_registers_a_name_again_meets_nothing_of_before() -> None:
    """GitHub gives the name of a deleted or renamed repository to whoever asks."""
    assert Domain("calico/typha", 7).key != Domain("calico/typha", 8).key


def test_a_repository_keeps_its_domain_under_every_name() -> None:
    """It is the same code, and its caches are of use under its new owner too."""
    assert Domain("calico/typha", 7).key == Domain("tigera/Typha", 7).key


def test_a_fork_of_a_job_meets_nobody() -> None:
    """Neither the repository that it has the name of, nor its own next job."""
    domains = (
        Domain("zoe/typha", 7),
        Domain("zoe/typha", "job-1"),
        Domain("zoe/typha", "job-2"),
        Domain("zoe/typha", "7"),
    )

    assert len({one.key for one in domains}) == 4
    assert [one.kept for one in domains] == [True, False, False, False]
