"""Pull requests, conversations, reactions and labels, as people see them."""

from __future__ import annotations

import pytest

from tests.world.github.client import as_app, as_token
from tests.world.github.fixtures import described, github
from tests.world.github.place import NAME, REPO, Scene, git, scene

__all__ = ["described", "github", "scene"]


async def test_a_pull_request_is_opened_listed_and_merged(scene: Scene) -> None:
    """The bot looks for its own pull request by head before it opens another."""
    await scene.github.commit("alice", NAME, {"Makefile": "all:\n"}, branch="fix")
    body = {"title": "Fix", "head": "fix", "base": "main", "body": "why"}
    made = await scene.bot.call("POST", f"{REPO}/pulls", body)
    twice = await scene.bot.call("POST", f"{REPO}/pulls", body)
    mine = await scene.bot.call(
        "GET", f"{REPO}/pulls?head=octo:fix&base=main&state=all"
    )
    other = await scene.bot.call("GET", f"{REPO}/pulls?head=octo:main")
    files = await scene.bot.call("GET", f"{REPO}/pulls/1/files?per_page=1")
    changed = await scene.bot.call("PATCH", f"{REPO}/pulls/1", {"body": "because"})
    merged = await scene.alice.call("PUT", f"{REPO}/pulls/1/merge", {})
    after = (await scene.bot.call("GET", f"{REPO}/pulls/1")).body
    await scene.github.settle()

    assert (made.status, twice.status, changed.body["body"]) == (201, 422, "because")
    assert twice.body["errors"][0]["message"] == (
        "A pull request already exists for octo:fix."
    )
    assert ([p["number"] for p in mine.body], other.body) == ([1], [])
    assert [f["patch"] for f in files.body] == ["@@ -0,0 +1 @@\n+all:"]
    assert (made.body["mergeable"], made.body["changed_files"]) == (True, 1)
    assert (merged.body["merged"], after["state"], after["merged"]) == (
        True,
        "closed",
        True,
    )
    actions = [p["action"] for p in scene.inbox.of("pull_request")]
    assert actions == ["opened", "closed"]
    push = scene.inbox.of("push")[-1]
    assert [c["modified"] for c in push["commits"]] == [["Makefile"], ["Makefile"]]
    assert await scene.github.read(NAME, "Makefile") == "all:\n"


async def test_conflicts_and_needless_pull_requests_are_refused(scene: Scene) -> None:
    """A branch that conflicts or says nothing new cannot be merged."""
    await scene.github.commit("alice", NAME, {"Makefile": "a\n"}, branch="x")
    await scene.github.open_pull("alice", NAME, "x")
    await scene.github.commit("alice", NAME, {"Makefile": "b\n"})
    told = (await scene.bot.call("GET", f"{REPO}/pulls/1")).body
    merge = await scene.alice.call("PUT", f"{REPO}/pulls/1/merge", {})
    head = await scene.github.head(NAME)
    ref = {"ref": "refs/heads/same", "sha": head}
    await scene.bot.call("POST", f"{REPO}/git/refs", ref)
    same = {"title": "t", "head": "same", "base": "main"}
    needless = await scene.bot.call("POST", f"{REPO}/pulls", same)
    nowhere = {"title": "t", "head": "nowhere", "base": "main"}
    unknown = await scene.bot.call("POST", f"{REPO}/pulls", nowhere)

    assert (told["mergeable"], told["mergeable_state"], merge.status) == (
        False,
        "dirty",
        405,
    )
    message = "No commits between main and same"
    assert needless.body["errors"][0]["message"] == message
    assert unknown.body["errors"][0]["field"] == "head"


async def test_a_fork_brings_a_pull_request(scene: Scene) -> None:
    """The bot may read a fork's branch but never write to it."""
    bob = scene.github.person("bob")
    fork = await scene.github.fork("bob", NAME)
    await scene.github.commit("bob", "bob/typha", {"Makefile": "x\n"}, branch="mine")
    made = await scene.github.open_pull("bob", NAME, "bob:mine")
    token = as_token(scene.github, bob.token)
    sha = await scene.github.commit(
        "bob", "bob/typha", {"Makefile": "y\n"}, branch="mine"
    )
    files = (await scene.bot.call("GET", f"{REPO}/pulls/1/files")).body
    tree = await scene.bot.call("GET", f"{REPO}/git/trees/{sha}")
    write = {"ref": "refs/heads/z", "sha": sha}
    refused = await scene.bot.call("POST", "/repos/bob/typha/git/refs", write)
    seen = await token.call("GET", "/repos/bob/typha")
    await scene.github.settle()
    actions = [p["action"] for p in scene.inbox.of("pull_request")]

    assert made["head"]["repo"]["full_name"] == fork.full_name == "bob/typha"
    assert files[0]["patch"].endswith("+y")
    assert (tree.status, refused.status) == (200, 403)
    assert seen.body["parent"]["full_name"] == NAME
    assert actions == ["opened", "synchronize"]


async def test_a_pull_request_can_be_fetched_by_its_number(
    scene: Scene, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Git itself sees the head under refs/pull, also that of a fork."""
    place = tmp_path_factory.mktemp("clone")
    scene.github.person("bob")
    await scene.github.fork("bob", NAME)
    sha = await scene.github.commit("bob", "bob/typha", {"a": "b"}, branch="mine")
    await scene.github.open_pull("bob", NAME, "bob:mine")
    token = scene.github.person("alice").token
    await git("init", "-q", ".", cwd=place)
    await git("fetch", "-q", scene.clone_url(token), "refs/pull/1/head", cwd=place)

    assert (await git("rev-parse", "FETCH_HEAD", cwd=place)).strip() == sha


async def test_a_comment_is_heard_reacted_to_and_answered(scene: Scene) -> None:
    """People talk to the bot like this; its own words come back to it, too."""
    await scene.github.commit("alice", NAME, {"a": "b"}, branch="x")
    await scene.github.open_pull("alice", NAME, "x")
    said = await scene.github.comment("alice", NAME, 1, "/multiarch help")
    path = f"{REPO}/issues/comments/{said['id']}"
    eyes = await scene.bot.call("POST", f"{path}/reactions", {"content": "eyes"})
    twice = await scene.bot.call("POST", f"{path}/reactions", {"content": "eyes"})
    odd = await scene.bot.call("POST", f"{path}/reactions", {"content": "nope"})
    answer = await scene.bot.call("POST", f"{REPO}/issues/1/comments", {"body": "hi"})
    own = f"{REPO}/issues/comments/{answer.body['id']}"
    edited = await scene.bot.call("PATCH", own, {"body": "hello"})
    read = (await scene.bot.call("GET", path)).body
    listed = (await scene.bot.call("GET", f"{REPO}/issues/1/comments")).body
    long = await scene.bot.call(
        "POST", f"{REPO}/issues/1/comments", {"body": "x" * 65_537}
    )
    await scene.github.settle()
    heard = scene.inbox.of("issue_comment")

    assert (eyes.status, twice.status, odd.status, long.status) == (201, 200, 422, 422)
    assert read["reactions"]["eyes"] == 1
    assert [c["body"] for c in listed] == ["/multiarch help", "hello"]
    assert edited.body["performed_via_github_app"]["slug"] == "multiarch"
    assert [p["sender"]["login"] for p in heard] == ["alice", "multiarch[bot]"]
    assert "pull_request" in heard[0]["issue"]


async def test_labels_are_made_put_on_and_taken_off(scene: Scene) -> None:
    """The bot marks its pull requests with a label of its own."""
    await scene.bot.call("POST", f"{REPO}/issues", {"title": "t"})
    path = f"{REPO}/issues/1/labels"
    label = {"name": "multiarch", "color": "0e8a16", "description": "d"}
    made = await scene.bot.call("POST", f"{REPO}/labels", label)
    twice = await scene.bot.call("POST", f"{REPO}/labels", label)
    put = await scene.bot.call("POST", path, {"labels": ["multiarch", "new"]})
    off = await scene.bot.call("DELETE", f"{path}/new")

    assert (made.status, twice.status) == (201, 422)
    assert [one["name"] for one in put.body] == ["multiarch", "new"]
    assert [one["name"] for one in off.body] == ["multiarch"]


async def test_statuses_are_set_and_summed_up(scene: Scene) -> None:
    """Other tools' verdicts on a commit stand beside check runs."""
    app = scene.github.app("ci", permissions={"statuses": "write"})
    installation = await scene.github.install(app, "octo")
    path = f"/app/installations/{installation.id}/access_tokens"
    told = await as_app(scene.github, app).call("POST", path)
    ci = as_token(scene.github, told.body["token"])
    sha = await scene.github.head(NAME)
    states = (("pending", "a"), ("success", "a"), ("failure", "b"))
    for state, context in states:
        body = {"state": state, "context": context}
        await ci.call("POST", f"{REPO}/statuses/{sha}", body)
    both = (await ci.call("GET", f"{REPO}/commits/main/status")).body
    every = (await ci.call("GET", f"{REPO}/commits/main/statuses")).body

    assert (both["state"], both["total_count"], len(every)) == ("failure", 2, 3)


async def test_a_workflow_is_dispatched_and_its_log_is_read(scene: Scene) -> None:
    """Actions runners will be a second kind of runner."""
    name = ".github/workflows/arm64.yml"
    await scene.github.commit("alice", NAME, {name: "on: workflow_dispatch\n"})
    runs = f"{REPO}/actions/workflows/arm64.yml"
    body = {"ref": "main", "inputs": {"platform": "linux/arm64"}}
    sent = await scene.alice.call("POST", f"{runs}/dispatches", body)
    (run,) = scene.github.repository(NAME).workflow_runs.values()
    scene.github.finish_run(run, {"build": "exec format error\n"}, "failure")
    listed = (await scene.alice.call("GET", f"{runs}/runs?status=completed")).body
    jobs = (await scene.alice.call("GET", f"{REPO}/actions/runs/{run.id}/jobs")).body
    job = jobs["jobs"][0]["id"]
    link = await scene.alice.call("GET", f"{REPO}/actions/jobs/{job}/logs")
    place = link.headers["Location"].removeprefix(scene.github.url)
    log = await as_token(scene.github, "").call("GET", place)

    assert (sent.status, run.inputs) == (204, {"platform": "linux/arm64"})
    assert [r["conclusion"] for r in listed["workflow_runs"]] == ["failure"]
    assert log.body == b"exec format error\n"
