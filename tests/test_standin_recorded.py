"""The stand-in answers in the shape of what GitHub was once recorded to say."""

from __future__ import annotations

import base64

from tests.world.github.answers import Json
from tests.world.github.client import as_app
from tests.world.github.fixtures import described, github
from tests.world.github.place import NAME, REPO, Scene, scene
from tests.world.github.replay import Shape, shapes

__all__ = ["described", "github", "scene"]


async def _walk(scene: Scene) -> None:
    """Use every corner of the API once."""
    app = as_app(scene.github, scene.app)
    sha = await scene.github.commit("alice", NAME, {"Makefile": "all:\n"}, branch="x")
    await scene.github.open_pull("alice", NAME, "x")
    await scene.github.comment("alice", NAME, 1, "hello")
    note = {
        "path": "Makefile",
        "start_line": 1,
        "end_line": 1,
        "annotation_level": "notice",
        "message": "m",
        "title": "t",
        "raw_details": "r",
    }
    output = {"title": "t", "summary": "s", "text": "x", "annotations": [note]}
    run: Json = {"name": "arm64", "head_sha": sha, "output": output}
    run |= {"status": "completed", "conclusion": "success", "external_id": "1"}
    made = (await scene.bot.call("POST", f"{REPO}/check-runs", run)).body["id"]
    file = {"message": "m", "content": base64.b64encode(b"x").decode()}
    remark = {"path": "Makefile", "line": 1, "side": "RIGHT", "body": "b"}
    review = {"event": "COMMENT", "body": "b", "comments": [remark]}
    for path in ("/app", "/app/installations", f"{REPO}/installation"):
        await app.call("GET", path)
    for path, body in (
        (f"{REPO}/pulls/1/reviews", review),
        (f"{REPO}/pulls/1/comments", {**remark, "commit_id": sha}),
        (f"{REPO}/issues/1/comments", {"body": "hi"}),
        (f"{REPO}/issues/1/reactions", {"content": "eyes"}),
        (f"{REPO}/git/blobs", {"content": "x"}),
        (f"{REPO}/git/refs", {"ref": "refs/heads/y", "sha": sha}),
        (f"{REPO}/issues", {"title": "t"}),
        (f"{REPO}/labels", {"name": "n", "color": "ffffff"}),
    ):
        await scene.bot.call("POST", path, body)
    await scene.bot.call("PUT", f"{REPO}/contents/a", file)
    await scene.bot.call("PATCH", f"{REPO}/check-runs/{made}", {"name": "arm64"})
    await _read(scene, sha, made)


async def _read(scene: Scene, sha: str, run: int) -> None:
    for path in (
        "",
        "/branches",
        "/branches/x",
        f"/check-runs/{run}",
        f"/check-runs/{run}/annotations",
        "/commits",
        f"/commits/{sha}",
        f"/commits/{sha}/check-runs",
        f"/commits/{sha}/check-suites",
        "/compare/main...x",
        "/contents/Makefile",
        f"/git/commits/{sha}",
        "/git/matching-refs/heads",
        "/git/ref/heads/x",
        f"/git/trees/{sha}",
        "/issues",
        "/issues/1",
        "/issues/1/comments",
        "/issues/1/reactions",
        "/labels",
        "/pulls",
        "/pulls/1",
        "/pulls/1/comments",
        "/pulls/1/commits",
        "/pulls/1/files",
        "/pulls/1/reviews",
    ):
        await scene.bot.call("GET", f"{REPO}{path}")
    await scene.bot.call("GET", "/installation/repositories")


def _differences(key: str, told: Shape, recorded: Shape) -> set[str]:
    found = set()
    for place, types in told.types.items():
        known = recorded.types.get(place, types) | {"NoneType"}
        if known != {"NoneType"} and types - known:
            found.add(f"{key}{place}: {sorted(types)} is recorded as {sorted(known)}")
    for place in recorded.always():
        parent = place.rpartition(".")[0]
        if parent.endswith(".permissions"):  # each App has been granted others
            continue
        if place not in told.types and f"{parent}{{}}" in told.seen:
            found.add(f"{key}{place}: is missing")
    return found


async def test_answers_have_the_recorded_shape(scene: Scene) -> None:
    """A field that GitHub always sends is there, and has GitHub's type."""
    recorded = shapes()
    await _walk(scene)
    told: dict[str, Shape] = {}
    for seen in scene.github.calls():
        key = f"{seen.route} {seen.answer.status}"
        told.setdefault(key, Shape()).add(seen.answer.body)
    shared = sorted(told.keys() & recorded.keys())
    found = {
        line for key in shared for line in _differences(key, told[key], recorded[key])
    }

    assert len(shared) >= 20
    assert sorted(found) == []
