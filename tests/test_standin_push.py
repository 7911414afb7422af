"""Git over HTTP: what is pushed is there, and the App hears of it truly."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import shutil
from pathlib import Path

from tests.world.github.answers import Json
from tests.world.github.client import as_app, as_installation
from tests.world.github.fixtures import described, github
from tests.world.github.git import ZERO, environment
from tests.world.github.place import NAME, REPO, Scene, git, scene

__all__ = ["described", "github", "scene"]


async def _clone(scene: Scene, place: Path, token: str) -> Path:
    tree = place / "clone"
    await git("clone", "--quiet", scene.clone_url(token), str(tree), cwd=place)
    return tree


def _lists(push: Json) -> list[tuple[str, list[str], list[str], list[str]]]:
    return [
        (c["message"], c["added"], c["modified"], c["removed"]) for c in push["commits"]
    ]


async def test_a_push_arrives_signed_with_its_file_lists(
    scene: Scene, tmp_path: Path
) -> None:
    """The App decides from these lists alone whether a push concerns it."""
    alice = scene.github.person("alice")
    tree = await _clone(scene, tmp_path, alice.token)
    (tree / "Dockerfile").write_text("FROM alpine:3.6\n")
    (tree / "sub dir").mkdir()
    (tree / "sub dir" / "ünï.txt").write_text("x")
    await git("add", "-A", cwd=tree)
    await git("commit", "-qm", "one", cwd=tree)
    await git("rm", "-q", "Makefile", cwd=tree)
    await git("commit", "-qm", "two", cwd=tree)
    await git("push", "-q", "origin", "HEAD:main", cwd=tree)
    await scene.github.settle()
    letter = next(one for one in scene.inbox.letters if one.event == "push")
    head = (await git("rev-parse", "HEAD", cwd=tree)).strip()
    digest = hmac.new(scene.app.secret.encode(), letter.body, hashlib.sha256)

    assert _lists(letter.payload) == [
        ("one", ["sub dir/ünï.txt"], ["Dockerfile"], []),
        ("two", [], [], ["Makefile"]),
    ]
    assert letter.payload["after"] == head
    assert letter.payload["sender"]["login"] == "alice"
    assert letter.payload["installation"]["id"] == scene.installation.id
    assert letter.headers["X-Hub-Signature-256"] == f"sha256={digest.hexdigest()}"
    assert await scene.github.head(NAME) == head


async def test_an_installation_token_clones_fetches_and_pushes(
    scene: Scene, tmp_path: Path
) -> None:
    """The bot's own commits go this way, and a commit id alone can be fetched."""
    token = scene.bot.authorization.removeprefix("token ")
    tree = await _clone(scene, tmp_path, token)
    sha = (await git("rev-parse", "HEAD", cwd=tree)).strip()
    empty = tmp_path / "empty"
    await git("init", "-q", str(empty), cwd=tmp_path)
    url = scene.clone_url(token)
    await git("fetch", "-q", "--depth=1", "--filter=blob:none", url, sha, cwd=empty)
    await git("push", "-q", "origin", "HEAD:refs/heads/multiarch/fix", cwd=tree)
    await scene.github.settle()
    (push,) = scene.inbox.of("push")

    assert push["ref"] == "refs/heads/multiarch/fix"
    assert (push["created"], push["before"], push["commits"]) == (True, ZERO, [])
    assert push["sender"]["login"] == "multiarch[bot]"


async def _refused(scene: Scene, place: Path, token: str) -> str:
    process = await asyncio.create_subprocess_exec(
        "git",
        "push",
        scene.clone_url(token),
        "HEAD:refs/heads/new",
        cwd=place,
        env=environment(),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await process.communicate()

    assert process.returncode != 0
    return out.decode()


async def test_who_may_not_write_cannot_push(scene: Scene, tmp_path: Path) -> None:
    """A token without contents:write must not be able to change code."""
    reads = {"permissions": {"contents": "read"}}
    narrow = await as_installation(scene.github, scene.installation, reads)
    token = narrow.authorization.removeprefix("token ")
    stranger = scene.github.person("mallory").token
    tree = await _clone(scene, tmp_path, token)

    assert "403" in await _refused(scene, tree, token)
    assert "403" in await _refused(scene, tree, stranger)
    assert "Authentication failed" in await _refused(scene, tree, "ghs_wrong")


async def test_a_push_of_many_commits_is_cut_in_the_payload(
    scene: Scene, tmp_path: Path
) -> None:
    """Beyond 2,048 commits the lists are not whole; the compare API must serve."""
    alice = scene.github.person("alice")
    tree = await _clone(scene, tmp_path, alice.token)
    stream = "".join(
        f"commit refs/heads/many\ncommitter A <a@b.c> {number} +0000\n"
        f"data 1\nx\n{'from refs/heads/main^0' * (number == 1)}\n"
        for number in range(1, 2052)
    )
    (tmp_path / "stream").write_text(stream)
    await git("-c", "alias.in=!git fast-import --quiet <../stream", "in", cwd=tree)
    await git("push", "-q", "origin", "many:main", cwd=tree)
    await scene.github.settle()
    (push,) = scene.inbox.of("push")
    head = (await git("rev-parse", "many", cwd=tree)).strip()

    assert len(push["commits"]) == 2048
    assert push["head_commit"]["id"] == push["after"] == head
    shutil.rmtree(tree)


async def test_deliveries_are_listed_and_delivered_again(scene: Scene) -> None:
    """A bot that was down asks for its failed deliveries; the GUID stays."""
    scene.inbox.status = 500
    await scene.github.commit("alice", NAME, {"a": "b"})
    await scene.github.settle()
    app = as_app(scene.github, scene.app)
    listed = await app.call("GET", "/app/hook/deliveries?per_page=100")
    failed = next(one for one in listed.body if one["event"] == "push")
    scene.inbox.status = 202
    path = f"/app/hook/deliveries/{failed['id']}"
    again = await app.call("POST", f"{path}/attempts")
    await scene.github.settle()
    first = await app.call("GET", path)
    newest = (await app.call("GET", "/app/hook/deliveries?per_page=1")).body[0]

    assert again.status == 202
    assert (failed["status_code"], failed["redelivery"]) == (500, False)
    assert (newest["status_code"], newest["redelivery"]) == (202, True)
    assert newest["guid"] == failed["guid"]
    assert first.body["request"]["payload"]["ref"] == "refs/heads/main"
    assert first.body["response"]["payload"] == "taken"


async def test_forced_and_deleting_pushes_say_so(scene: Scene) -> None:
    """A rewritten branch has no common history to read lists from."""
    base = await scene.github.head(NAME)
    await scene.github.commit("alice", NAME, {"a": "1"}, branch="x")
    ref = f"{REPO}/git/refs/heads/x"
    refused = await scene.alice.call("PATCH", ref, {"sha": base})
    forced = await scene.alice.call("PATCH", ref, {"sha": base, "force": True})
    gone = await scene.alice.call("DELETE", ref)
    await scene.github.settle()
    pushes = scene.inbox.of("push")

    assert refused.body["message"] == "Update is not a fast forward"
    assert (refused.status, forced.status, gone.status) == (422, 200, 204)
    assert [(p["created"], p["forced"], p["deleted"]) for p in pushes] == [
        (True, False, False),
        (False, True, False),
        (False, False, True),
    ]


async def test_webhooks_wait_no_longer_than_the_receiver_lives(scene: Scene) -> None:
    """A receiver that is gone is a failed delivery, never a crash."""
    scene.app.webhook_url = "http://127.0.0.1:9/"
    await scene.github.commit("alice", NAME, {"a": "1"})
    await scene.github.settle()
    last = scene.github.deliveries[-1]

    assert (last.status, last.status_code) == ("failed to connect to host", 0)
