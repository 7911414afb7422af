"""The judge itself: a wrong exchange must not pass, and a right one must."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.world.github import stand_in
from tests.world.github.answers import Answer, Json
from tests.world.github.fixtures import described, webhooks
from tests.world.github.openapi import Judge
from tests.world.github.recorded import Recorded
from tests.world.github.server import Seen

__all__ = ["described", "webhooks"]

LABEL: Json = {
    "id": 1,
    "node_id": "x",
    "url": "http://localhost/label",
    "name": "bug",
    "color": "d73a4a",
    "default": True,
    "description": None,
}
LABELS = "/repos/octo/typha/labels"
REF = "/repos/octo/typha/git/ref/heads/a/b"


def _seen(line: str, answer: Answer, content: bytes = b"", **query: str) -> Seen:
    method, _, path = line.partition(" ")
    return Seen(method, path, query, content, "somebody", "", answer)


def _judged(seen: Seen) -> list[str]:
    judge = Judge()
    judge.see(seen)
    return [str(violation) for violation in judge.violations]


@pytest.mark.usefixtures("described")
def test_what_github_does_passes() -> None:
    """A judge that objects to everything would be switched off."""
    named = b'{"name": "bug", "color": "d73a4a"}'

    assert _judged(_seen(f"GET {LABELS}", Answer(200, [LABEL]), page="2")) == []
    assert _judged(_seen(f"POST {LABELS}", Answer(201, LABEL), named)) == []
    assert _judged(_seen(f"GET {LABELS}", Answer(304))) == []


@pytest.mark.usefixtures("described")
@pytest.mark.parametrize(
    ("seen", "where", "what"),
    [
        (
            _seen(f"GET {LABELS}", Answer(200, [{**LABEL, "id": "1"}])),
            "GET /repos/{owner}/{repo}/labels",
            'answer 200 0/id "1" is not of type "integer"',
        ),
        (
            _seen(f"POST {LABELS}", Answer(201, LABEL), b'{"color": "x"}'),
            "POST /repos/{owner}/{repo}/labels",
            'request  "name" is a required property',
        ),
        (
            _seen(f"GET {LABELS}", Answer(418, {})),
            "GET /repos/{owner}/{repo}/labels",
            "answer 418 is no status of this operation",
        ),
        (
            _seen(f"GET {LABELS}", Answer(200, [LABEL]), sorting="up"),
            "GET /repos/{owner}/{repo}/labels",
            "request has an unknown query parameter sorting",
        ),
        (
            _seen(f"GET {LABELS}", Answer(200, [LABEL]), page="two"),
            "GET /repos/{owner}/{repo}/labels",
            'request query page:  "two" is not of type "integer"',
        ),
        (
            _seen("GET /repos/octo/typha/lables", Answer(404, {})),
            "GET /repos/octo/typha/lables",
            "GitHub has no such operation",
        ),
        (
            _seen(f"GET {REF}", Answer(200, {"ref": 1})),
            "GET /repos/{owner}/{repo}/git/ref/{ref}",
            'answer 200  "node_id" is a required property',
        ),
    ],
)
def test_what_github_would_not_do_is_named(seen: Seen, where: str, what: str) -> None:
    """Each kind of lie is caught, and the message says where it was told."""
    assert f"{where}: {what}" in _judged(seen)


@pytest.mark.usefixtures("described")
async def test_one_wrong_answer_fails_the_whole_test(tmp_path: Path) -> None:
    """The verdict comes when the stand-in stops; nobody has to ask for it."""
    judge = Judge()
    running = stand_in.start(tmp_path, judge)
    github = await running.__aenter__()
    await github.create_repository("octo/typha", {"a": "b"})
    github.repository("octo/typha").labels["odd"] = {"id": "seven", "color": "red"}
    await github.as_person("octocat", "GET", LABELS)

    with pytest.raises(AssertionError, match='id "seven" is not of type "integer"'):
        await running.__aexit__(None, None, None)


@pytest.mark.usefixtures("described")
def test_a_wrong_webhook_is_named() -> None:
    """The payloads that the App parses are held to GitHub's description, too."""
    judge = Judge()
    judge.hear("push", {"ref": 1})
    judge.hear("push_hard", {})
    named = [str(violation) for violation in judge.violations]

    assert 'webhook push: ref 1 is not of type "string"' in named
    assert named[-1] == "webhook push-hard: GitHub has no such webhook"


def test_all_recorded_webhooks_are_there(webhooks: tuple[Recorded, ...]) -> None:
    """The receiver is fed with every one of them."""
    events = {recorded.event for recorded in webhooks}

    assert (len(webhooks), len(events)) == (329, 58)
    assert {"push", "pull_request", "check_run", "issue_comment"} <= events
