"""What is kept of a repository goes by its number, not by its name."""

from __future__ import annotations

from bot.domain import Domain
from tests.pipeline.conftest import NAME, Town

FIRST = {"Dockerfile": "FROM alpine:3.4\nRUN true\n"}
SECOND = {"Dockerfile": "FROM alpine:3.4\nRUN false\n"}


async def test_a_renamed_repository_keeps_its_domain(town: Town) -> None:
    """Its caches are its own; what is shown and who has a login goes by the name."""
    await town.github.commit("alice", NAME, FIRST)
    await town.work()
    repository = town.github.repository(NAME)
    repository.name = "moved"
    town.github.person("alice", {"octo/moved": "write"})
    await town.github.commit("alice", "octo/moved", SECOND)
    await town.work()

    number = repository.id
    assert town.runner.domains == [Domain(NAME, number), Domain("octo/moved", number)]


async def test_who_takes_the_name_gets_another_domain(town: Town) -> None:
    """Nothing of before is there to be read, and nothing is left to be used."""
    await town.github.commit("alice", NAME, FIRST)
    await town.work()
    town.github.repository(NAME).name = "moved"
    other = await town.github.create_repository("octo/other", {})
    other.name = "app"
    town.github.person("alice", {NAME: "write"})
    await town.github.commit("alice", NAME, SECOND)
    await town.work()

    one, two = town.runner.domains
    assert (one.repository, two.repository) == (NAME, NAME)
    assert one.key != two.key
