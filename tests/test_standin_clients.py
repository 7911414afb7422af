"""Clients that others wrote for GitHub find nothing amiss on the stand-in."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from github import Auth, Github, GithubException, GithubIntegration, GithubRetry
from githubkit import AppAuthStrategy, AppInstallationAuthStrategy, GitHub, Response
from githubkit.cache import MemCacheStrategy
from githubkit_schemas.latest.models import CheckRun

from tests.world.fixtures import had
from tests.world.github.fixtures import described, github
from tests.world.github.place import NAME, REPO, Scene, scene
from tests.world.packages import program

__all__ = ["described", "github", "scene"]

NOTE: dict[str, str | int] = {
    "path": "Dockerfile",
    "start_line": 1,
    "end_line": 1,
    "annotation_level": "warning",
    "message": "m",
}


def _kit(scene: Scene) -> GitHub[AppInstallationAuthStrategy]:
    auth = AppAuthStrategy(scene.app.id, scene.app.key)
    # Its default cache is shared: it would show one stand-in's token to the next.
    kit = GitHub(
        auth,
        base_url=f"{scene.github.url}/",
        http_cache=False,
        cache_strategy=MemCacheStrategy(),
    )
    return kit.with_auth(kit.auth.as_installation(scene.installation.id))


def _strictly(response: Response[Any, Any]) -> Any:  # noqa: ANN401 - JSON
    """Let githubkit's models check the answer, and return its JSON."""
    assert response.parsed_data is not None
    return response.json()


async def _pull(scene: Scene) -> str:
    sha = await scene.github.commit("alice", NAME, {"Makefile": "all:\n"}, branch="x")
    await scene.github.open_pull("alice", NAME, "x")
    return sha


async def test_githubkit_reads_repositories_strictly(scene: Scene) -> None:
    """Its models refuse any answer that is not exactly GitHub's."""
    kit = _kit(scene)
    await _pull(scene)
    place = ("octo", "typha")
    repository = _strictly(await kit.rest.repos.async_get(*place))
    tree = _strictly(await kit.rest.git.async_get_tree(*place, "main", recursive="1"))
    compared = _strictly(await kit.rest.repos.async_compare_commits(*place, "main...x"))
    branch = _strictly(await kit.rest.repos.async_get_branch(*place, "x"))
    files = _strictly(await kit.rest.pulls.async_list_files(*place, 1))
    pull = _strictly(await kit.rest.pulls.async_get(*place, 1))
    listed = _strictly(
        await kit.rest.apps.async_list_repos_accessible_to_installation()
    )

    assert repository["full_name"] == NAME
    assert [entry["path"] for entry in tree["tree"]] == ["Dockerfile", "Makefile"]
    assert compared["status"] == "ahead"
    assert branch["commit"]["commit"]["message"] == "Change"
    assert [file["patch"] for file in files] == ["@@ -0,0 +1 @@\n+all:"]
    assert pull["mergeable"] is True
    assert listed["total_count"] == 1


async def test_githubkit_writes_what_the_bot_writes(scene: Scene) -> None:
    """Check run, review, comment and reaction, each through its models."""
    kit = _kit(scene)
    sha = await _pull(scene)
    place = ("octo", "typha")
    output = {"title": "t", "summary": "s", "annotations": [NOTE]}
    run = {"name": "arm64", "head_sha": sha, "conclusion": "neutral", "output": output}
    checks = f"{REPO}/check-runs"
    made = (
        await kit.arequest("POST", checks, json=run, response_model=CheckRun)
    ).json()
    notes = _strictly(await kit.rest.checks.async_list_annotations(*place, made["id"]))
    review = _strictly(
        await kit.rest.pulls.async_create_review(
            *place,
            1,
            event="COMMENT",
            body="b",
            comments=[{"path": "Makefile", "line": 1, "body": "c"}],
        )
    )
    remarks = _strictly(await kit.rest.pulls.async_list_review_comments(*place, 1))
    comment = _strictly(
        await kit.rest.issues.async_create_comment(*place, 1, body="hello")
    )
    reaction = _strictly(
        await kit.rest.reactions.async_create_for_issue_comment(
            *place, comment["id"], content="eyes"
        )
    )

    assert [note["message"] for note in notes] == ["m"]
    assert review["state"] == "COMMENTED"
    assert [remark["line"] for remark in remarks] == [1]
    assert reaction["content"] == "eyes"


def _with_pygithub(scene: Scene, sha: str) -> list[object]:
    auth = Auth.AppAuth(scene.app.id, scene.app.key)
    url, retry = scene.github.url, GithubRetry(total=0)
    with GithubIntegration(auth=auth, base_url=url, retry=retry) as integration:
        number = integration.get_repo_installation("octo", "typha").id
    token = Auth.AppInstallationAuth(auth, number)
    with Github(auth=token, base_url=url, retry=retry, seconds_between_writes=0) as hub:
        repository = hub.get_repo(NAME)
        pull = repository.get_pull(1)
        told: list[object] = [file.patch for file in pull.get_files()]
        output: dict[str, str | list[dict[str, str | int]]] = {
            "title": "t",
            "summary": "s",
            "annotations": [NOTE],
        }
        run = repository.create_check_run(
            "arm64", sha, status="completed", conclusion="success", output=output
        )
        told += [note.message for note in run.get_annotations()]
        comment = pull.create_issue_comment("hello")
        comment.create_reaction("rocket")
        told += [one.content for one in comment.get_reactions()]
        with pytest.raises(GithubException) as refused:
            repository.create_git_ref("refs/heads/x", sha)
        return [*told, refused.value.status, refused.value.message]


async def test_pygithub_walks_the_same_way(scene: Scene) -> None:
    """The oldest Python client, with a retry and a connection of its own."""
    sha = await _pull(scene)
    told = await asyncio.to_thread(_with_pygithub, scene, sha)

    assert told == [
        "@@ -0,0 +1 @@\n+all:",
        "m",
        "rocket",
        422,
        "Reference already exists",
    ]


@contextmanager
def _command_line_client() -> Iterator[str]:
    """Give the path of GitHub's own command, installed where that is allowed."""
    yield program("gh", "gh")


async def test_the_command_line_client_pages_through_lists(scene: Scene) -> None:
    """GitHub's own command follows Link headers and picks fields."""
    with had(_command_line_client()) as command:
        assert command
    for number in range(3):
        await scene.bot.call("POST", f"{REPO}/issues", {"title": str(number)})
    host = scene.github.url.removeprefix("http://")
    process = await asyncio.create_subprocess_exec(
        command,
        "api",
        "--paginate",
        "--jq",
        ".[].title",
        f"{scene.github.url}{REPO}/issues?per_page=1",
        env={
            "PATH": os.defpath,
            "HOME": "/nowhere",
            "GH_HOST": host,
            "GH_ENTERPRISE_TOKEN": scene.github.person("alice").token,
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()

    assert (out.decode().split(), err.decode()) == (["2", "1", "0"], "")
