"""Check runs: limits on annotations, actions, and the buttons people press."""

from __future__ import annotations

from tests.world.github.answers import Json
from tests.world.github.client import Reply
from tests.world.github.fixtures import described, github
from tests.world.github.place import NAME, REPO, Scene, scene

__all__ = ["described", "github", "scene"]

RUNS = f"{REPO}/check-runs"


def _annotations(count: int) -> list[Json]:
    return [
        {
            "path": "Dockerfile",
            "start_line": number,
            "end_line": number,
            "annotation_level": "warning",
            "message": f"line {number}",
        }
        for number in range(1, count + 1)
    ]


def _output(count: int) -> Json:
    return {"title": "t", "summary": "s", "annotations": _annotations(count)}


async def _create(scene: Scene, **fields: object) -> Reply:
    body = {"name": "arm64", "head_sha": await scene.github.head(NAME), **fields}
    return await scene.bot.call("POST", RUNS, body)


async def test_annotations_come_fifty_at_a_time_and_add_up(scene: Scene) -> None:
    """A large project has more than fifty findings; later batches are updates."""
    first = await _create(scene, status="in_progress", output=_output(50))
    path = f"{RUNS}/{first.body['id']}"
    done = {"conclusion": "neutral", "status": "completed", "output": _output(11)}
    second = await scene.bot.call("PATCH", path, done)
    pages = [
        await scene.bot.call("GET", f"{path}/annotations?per_page=50&page={page}")
        for page in (1, 2)
    ]
    await scene.github.settle()

    assert first.body["output"]["annotations_count"] == 50
    assert second.body["output"]["annotations_count"] == 61
    assert (second.body["status"], second.body["conclusion"]) == (
        "completed",
        "neutral",
    )
    assert [len(page.body) for page in pages] == [50, 11]
    assert 'rel="next"' in pages[0].headers["Link"]
    assert 'rel="next"' not in pages[1].headers["Link"]
    actions = [p["action"] for p in scene.inbox.of("check_run")]
    assert actions == ["created", "completed"]


async def test_fifty_one_annotations_are_refused(scene: Scene) -> None:
    """The limit is GitHub's; a whole check run would be lost."""
    reply = await _create(scene, output=_output(51))

    assert reply.status == 422
    assert (
        "No more than 50 items are allowed; 51 were supplied." in reply.body["message"]
    )
    assert scene.github.check_runs(NAME) == []


async def test_other_limits_of_check_runs_hold_too(scene: Scene) -> None:
    """Long texts and labels come from logs and from people."""
    long = {"title": "t", "summary": "x" * 65_536}
    action = {"label": "x" * 21, "description": "d", "identifier": "i"}
    four = [{"label": "l", "description": "d", "identifier": str(n)} for n in range(4)]
    backwards = {**_annotations(1)[0], "start_line": 2}
    wide = {**_annotations(1)[0], "end_line": 2, "start_column": 3}
    replies = [
        await _create(scene, output=long),
        await _create(scene, actions=[action]),
        await _create(scene, actions=four),
        await _create(scene, output={**_output(0), "annotations": [backwards]}),
        await _create(scene, output={**_output(0), "annotations": [wide]}),
        await _create(scene, status="completed"),
        await _create(scene, head_sha="0" * 40),
    ]

    assert [reply.status for reply in replies] == [422] * 7


async def test_buttons_reach_the_app(scene: Scene) -> None:
    """A person asks for a fix or another run from the check itself."""
    button = {"label": "Fix", "description": "Open a pull request", "identifier": "fix"}
    await _create(scene, conclusion="failure", actions=[button])
    (run,) = scene.github.check_runs(NAME)
    scene.github.request_action("alice", NAME, run, "fix")
    scene.github.rerequest("alice", NAME, run)
    await scene.github.settle()
    asked, again = scene.inbox.of("check_run")[-2:]

    assert asked["action"] == "requested_action"
    assert asked["requested_action"] == {"identifier": "fix"}
    assert asked["sender"]["login"] == "alice"
    assert again["action"] == "rerequested"


async def test_check_runs_and_suites_of_a_commit_are_listed(scene: Scene) -> None:
    """The bot looks for its own run before it makes a second one."""
    await scene.github.commit("alice", NAME, {"a": "b"})
    for conclusion in ("failure", "success"):
        await _create(scene, conclusion=conclusion, external_id="job")
    at = f"{REPO}/commits/main"
    latest = await scene.bot.call("GET", f"{at}/check-runs?check_name=arm64")
    every = await scene.bot.call("GET", f"{at}/check-runs?filter=all")
    none = await scene.bot.call("GET", f"{at}/check-runs?check_name=other")
    suites = (await scene.bot.call("GET", f"{at}/check-suites")).body
    suite = suites["check_suites"][0]
    inside = await scene.bot.call(
        "GET", f"{REPO}/check-suites/{suite['id']}/check-runs"
    )
    await scene.github.settle()

    assert [r["conclusion"] for r in latest.body["check_runs"]] == ["success"]
    assert (every.body["total_count"], none.body["total_count"]) == (2, 0)
    assert (suites["total_count"], suite["head_branch"]) == (1, "main")
    assert inside.body["check_runs"] == latest.body["check_runs"]
    assert [p["action"] for p in scene.inbox.of("check_suite")] == ["requested"]
