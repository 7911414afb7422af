"""Reviews: only lines of the diff take comments, and the comments follow them."""

from __future__ import annotations

import pytest

from tests.world.github.answers import Json
from tests.world.github.fixtures import described, github
from tests.world.github.place import DOCKERFILE, NAME, REPO, Scene, scene

__all__ = ["described", "github", "scene"]

PULL = f"{REPO}/pulls/1"


async def _open(scene: Scene) -> str:
    """Open a pull request that changes line 10 and return its head."""
    changed = DOCKERFILE.replace("RUN step 10\n", "RUN step ten\nRUN more\n")
    files = {"Dockerfile": changed}
    sha = await scene.github.commit("alice", NAME, files, branch="change")
    await scene.github.open_pull("alice", NAME, "change")
    return sha


def _review(*comments: Json, body: str = "Two remarks.") -> Json:
    return {"event": "COMMENT", "body": body, "comments": list(comments)}


def _on(line: int, **more: int | str) -> Json:
    return {"path": "Dockerfile", "line": line, "body": f"on {line}", **more}


async def test_a_review_lands_with_its_comments(scene: Scene) -> None:
    """Suggestions are comments on one line or on several."""
    sha = await _open(scene)
    asked = _review(
        _on(10, side="RIGHT"),
        _on(11, side="RIGHT", start_line=10, start_side="RIGHT"),
        _on(10, side="LEFT"),
    )
    made = await scene.bot.call("POST", f"{PULL}/reviews", {**asked, "commit_id": sha})
    listed = await scene.bot.call("GET", f"{PULL}/comments")
    own = await scene.bot.call("GET", f"{PULL}/reviews/{made.body['id']}/comments")
    places = [
        (c["line"], c["start_line"], c["side"], c["position"]) for c in listed.body
    ]
    await scene.github.settle()

    assert (made.status, made.body["state"]) == (200, "COMMENTED")
    assert places == [
        (10, None, "RIGHT", 5),
        (11, 10, "RIGHT", 6),
        (10, None, "LEFT", 4),
    ]
    assert listed.body[0]["diff_hunk"].endswith("-RUN step 10\n+RUN step ten")
    assert own.body == listed.body
    assert listed.body[0]["user"]["login"] == "multiarch[bot]"
    assert len(scene.inbox.of("pull_request_review_comment")) == 3


@pytest.mark.parametrize(
    ("comment", "error"),
    [
        (_on(1), "Line could not be resolved"),
        (_on(12, side="LEFT", start_line=99), "Start line could not be resolved"),
        (_on(10, start_line=11), "Start line must precede the end line."),
        ({**_on(10), "path": "Makefile"}, "Path could not be resolved"),
        ({**_on(10), "path": "nowhere"}, "Path could not be resolved"),
    ],
)
async def test_a_line_outside_the_diff_is_refused_and_nothing_lands(
    scene: Scene, comment: Json, error: str
) -> None:
    """One wrong line loses the whole review; the bot must not send one."""
    await _open(scene)
    reply = await scene.bot.call("POST", f"{PULL}/reviews", _review(_on(10), comment))
    listed = await scene.bot.call("GET", f"{PULL}/comments")
    reviews = await scene.bot.call("GET", f"{PULL}/reviews")

    assert (reply.status, reply.body["message"]) == (422, "Unprocessable Entity")
    assert reply.body["errors"] == [error]
    assert (listed.body, reviews.body) == ([], [])


async def test_a_comment_follows_its_line_until_the_line_changes(scene: Scene) -> None:
    """The bot recognises its own remarks by where they are now."""
    await _open(scene)
    await scene.bot.call("POST", f"{PULL}/reviews", _review(_on(10), _on(13)))
    moved = "RUN step 0\n" + DOCKERFILE.replace(
        "RUN step 10\n", "RUN other\nRUN more\n"
    )
    head = await scene.github.commit(
        "alice", NAME, {"Dockerfile": moved}, branch="change"
    )
    changed, shifted = (await scene.bot.call("GET", f"{PULL}/comments")).body
    await scene.github.settle()
    actions = [p["action"] for p in scene.inbox.of("pull_request")]

    assert (changed["line"], changed["position"]) == (None, None)
    assert changed["original_line"] == 10
    assert (shifted["line"], shifted["original_line"]) == (14, 13)
    assert shifted["commit_id"] == head
    assert actions == ["opened", "synchronize"]


async def test_one_comment_is_made_answered_edited_and_removed(scene: Scene) -> None:
    """The thread of a remark is a conversation of its own."""
    sha = await _open(scene)
    asked = {"body": "hm", "path": "Dockerfile", "line": 10, "commit_id": sha}
    made = await scene.bot.call("POST", f"{PULL}/comments", {**asked, "side": "RIGHT"})
    wrong = await scene.bot.call("POST", f"{PULL}/comments", {**asked, "line": 1})
    thread = f"{PULL}/comments/{made.body['id']}/replies"
    answer = await scene.alice.call("POST", thread, {"body": "done"})
    path = f"{REPO}/pulls/comments/{made.body['id']}"
    edited = await scene.bot.call("PATCH", path, {"body": "hm!"})
    reacted = await scene.alice.call("POST", f"{path}/reactions", {"content": "+1"})
    gone = await scene.bot.call("DELETE", path)

    assert (made.status, wrong.status, reacted.status) == (201, 422, 201)
    error = wrong.body["errors"][0]
    assert error["message"] == (
        "pull_request_review_thread.line must be part of the diff"
    )
    assert answer.body["in_reply_to_id"] == made.body["id"]
    assert answer.body["line"] == 10
    assert (edited.body["body"], gone.status) == ("hm!", 204)


async def test_a_pending_review_is_seen_by_its_author_alone(scene: Scene) -> None:
    """Without an event GitHub keeps a review as a draft: easily forgotten."""
    await _open(scene)
    draft = await scene.bot.call(
        "POST", f"{PULL}/reviews", {"comments": [_on(10)], "body": "wait"}
    )
    hidden = (await scene.alice.call("GET", f"{PULL}/reviews")).body
    path = f"{PULL}/reviews/{draft.body['id']}/events"
    sent = await scene.bot.call("POST", path, {"event": "COMMENT", "body": "now"})
    seen = (await scene.alice.call("GET", f"{PULL}/reviews")).body

    assert (draft.body["state"], hidden) == ("PENDING", [])
    assert sent.body["state"] == "COMMENTED"
    assert [r["body"] for r in seen] == ["now"]


async def test_nobody_approves_their_own_pull_request(scene: Scene) -> None:
    """The bot's fix pull requests are approved by people."""
    await _open(scene)
    own = await scene.alice.call("POST", f"{PULL}/reviews", {"event": "APPROVE"})
    other = await scene.bot.call("POST", f"{PULL}/reviews", {"event": "APPROVE"})

    assert own.body["errors"] == ["Can not approve your own pull request"]
    assert (own.status, other.body["state"]) == (422, "APPROVED")
