"""What the bot reads of a repository on GitHub."""

from __future__ import annotations

import os

import pytest

from bot.command import Permission
from bot.github.client import MissingError
from bot.github_ports import GitHubRefusedError, Place
from bot.snapshot import Skipped
from tests.github.conftest import FILES, NAME, Home


async def test_a_snapshot_is_one_read(home: Home) -> None:
    """A push must not cost an API call per file."""
    head = await home.github.head(NAME)

    snapshot = await home.repository.snapshot(head)

    assert snapshot.paths == FILES.keys()
    assert {path: item.text for path, item in snapshot.sources.items()} == {
        "Dockerfile": FILES["Dockerfile"],
        "Makefile": FILES["Makefile"],
    }
    reads = [call for call in home.github.calls(home.actor) if call.method == "GET"]
    assert len([call for call in reads if "/tarball/" in call.path]) == 1


async def test_a_snapshot_skips_what_is_no_text(home: Home) -> None:
    """Bad files in a repository are told, never a crash."""
    head = await home.github.commit(
        "octocat",
        NAME,
        {"Dockerfile": b"\xff\xfe", "big/Dockerfile": "#" * ((1 << 20) + 1)},
    )

    snapshot = await home.repository.snapshot(head)

    assert snapshot.skipped == (
        Skipped("Dockerfile", "is not UTF-8 (byte 1)"),
        Skipped("big/Dockerfile", "is larger than 1 MiB"),
    )


async def test_a_checkout_is_the_whole_tree_and_goes_away(home: Home) -> None:
    """A build needs every file; nothing of it stays on the worker."""
    head = await home.github.head(NAME)

    async with home.repository.checkout(head) as tree:
        files = {
            path.relative_to(tree).as_posix(): path.read_text()
            for path in tree.rglob("*")
            if path.is_file()
        }

    assert files == FILES
    assert not os.access(tree, os.F_OK)


async def test_compares_two_commits(home: Home) -> None:
    """A push payload that is cut leaves the comparison to say what changed."""
    base = await home.github.head(NAME)
    head = await home.github.commit(
        "octocat", NAME, {"Dockerfile": None, "docker/Dockerfile": "FROM scratch\n"}
    )

    assert await home.repository.changed_paths(base, head) == frozenset(
        {"Dockerfile", "docker/Dockerfile"}
    )


async def test_knows_branches(home: Home) -> None:
    """Slashes and odd characters are part of a branch's name."""
    await home.github.commit("octocat", NAME, {"a": "b"}, branch="fix/odd#name")
    head = await home.github.head(NAME, "fix/odd#name")

    assert await home.repository.branch_head("fix/odd#name") == head
    assert await home.repository.branch_head("absent") is None
    assert await home.repository.default_branch() == "main"


@pytest.mark.parametrize(
    ("level", "permission"),
    [
        ("admin", Permission.ADMIN),
        ("write", Permission.WRITE),
        ("read", Permission.READ),
    ],
)
async def test_asks_what_somebody_may(
    home: Home, level: str, permission: Permission
) -> None:
    """A command is obeyed for whoever may push."""
    home.github.person("mona", {NAME: level})

    assert await home.repository.permission("mona") == permission


async def test_reads_a_pull_request_and_what_it_shows(home: Home) -> None:
    """Suggestions go only on lines that the diff shows."""
    files = {"Dockerfile": "FROM alpine:3.4\nRUN true\nRUN false\n"}
    await home.github.commit("octocat", NAME, files, branch="topic")
    opened = await home.github.open_pull("octocat", NAME, "topic")
    assert isinstance(opened, dict)
    number = opened["number"]
    assert isinstance(number, int)

    pull = await home.repository.pull_request(number)

    assert (pull.branch, pull.base, pull.fork, pull.open) == (
        "topic",
        "main",
        False,
        True,
    )
    assert await home.repository.shown_lines(number) == {
        "Dockerfile": frozenset({1, 2, 3})
    }


async def test_a_fork_is_known_as_one(home: Home) -> None:
    """Nothing is pushed to a branch that lives elsewhere."""
    home.github.person("mona")
    await home.github.fork("mona", NAME)
    await home.github.commit("mona", "mona/app", {"a": "b"}, branch="topic")
    opened = await home.github.open_pull("mona", NAME, "mona:topic")
    assert isinstance(opened, dict)
    assert isinstance(opened["number"], int)

    assert (await home.repository.pull_request(opened["number"])).fork


async def test_a_read_token_can_only_read(home: Home) -> None:
    """A job that reads holds nothing that could write."""
    client = await home.app._open(home.place, write=False)  # noqa: SLF001

    with pytest.raises(GitHubRefusedError):
        await client.post(f"/repos/{NAME}/issues/1/comments", data={"body": "x"})


async def test_a_token_opens_one_repository(home: Home) -> None:
    """What leaks of one repository's job opens no other one."""
    await home.github.create_repository("octo/other", FILES, private=True)
    client = await home.app._open(home.place, write=True)  # noqa: SLF001

    with pytest.raises(GitHubRefusedError):
        await client.getitem("/repos/octo/other/git/ref/heads/main")


async def test_a_token_is_asked_for_once(home: Home) -> None:
    """Fifty reads of one job cost one token."""
    await home.repository.default_branch()
    await home.repository.default_branch()

    asked = [call for call in home.github.calls() if "access_tokens" in call.path]

    assert len(asked) == 1


async def test_what_is_gone_is_told(home: Home) -> None:
    """A commit that was deleted is no crash."""
    with pytest.raises(MissingError):
        await home.repository.snapshot("0" * 40)
    with pytest.raises(GitHubRefusedError, match="names no repository"):
        await home.app.repository(Place("a/../b", 1, 1)).default_branch()


async def test_a_repository_without_a_commit_has_no_branch(home: Home) -> None:
    """GitHub answers 409 there, not 404."""
    empty = "Git Repository is empty."
    home.github.faults.refuse("GET .*/git/ref/heads/main", empty, status=409)

    assert await home.repository.branch_head("main") is None
