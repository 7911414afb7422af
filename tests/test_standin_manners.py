"""Limits, conditional requests, pages and misfortunes, as a client meets them."""

from __future__ import annotations

from tests.world.github.fixtures import described, github
from tests.world.github.place import NAME, REPO, Scene, scene

__all__ = ["described", "github", "scene"]


async def test_an_unchanged_answer_is_free(scene: Scene) -> None:
    """A conditional request costs nothing of the hourly limit."""
    first = await scene.bot.call("GET", REPO)
    tag = {"If-None-Match": first.headers["ETag"]}
    second = await scene.bot.call("GET", REPO, headers=tag)
    await scene.github.commit("alice", NAME, {"a": "b"}, branch="x")
    await scene.github.open_pull("alice", NAME, "x")
    third = await scene.bot.call("GET", REPO, headers=tag)

    assert (second.status, second.body, third.status) == (304, b"", 200)
    left = [one.headers["X-RateLimit-Remaining"] for one in (first, second, third)]
    assert left == ["4999", "4999", "4998"]


async def test_the_hourly_limit_runs_out_and_comes_back(scene: Scene) -> None:
    """The client must wait for the reset that the headers name."""
    scene.github.state.limits.most = 2
    answers = [await scene.bot.call("GET", REPO) for _ in range(3)]
    asked = await scene.bot.call("GET", "/rate_limit")

    assert [one.status for one in answers] == [200, 200, 403]
    assert answers[2].body["message"].startswith("API rate limit exceeded")
    assert answers[2].headers["X-RateLimit-Remaining"] == "0"
    assert (asked.status, asked.body["rate"]["remaining"]) == (200, 0)


async def test_a_secondary_limit_says_how_long_to_wait(scene: Scene) -> None:
    """GitHub slows down who writes too fast; Retry-After must be obeyed."""
    scene.github.faults.limit(r"POST .*/issues$", retry_after=7)
    first = await scene.bot.call("POST", f"{REPO}/issues", {"title": "t"})
    second = await scene.bot.call("POST", f"{REPO}/issues", {"title": "t"})

    assert (first.status, first.headers["Retry-After"]) == (403, "7")
    assert first.body["message"].startswith("You have exceeded a secondary rate limit")
    assert second.status == 201


async def test_a_bad_gateway_may_hide_work_that_was_done(scene: Scene) -> None:
    """Who repeats blindly posts twice: the cruellest way for an answer to be lost."""
    scene.github.faults.break_down("POST .*/issues$")
    lost = await scene.bot.call("POST", f"{REPO}/issues", {"title": "never"})
    scene.github.faults.break_down("POST .*/issues$", after_effect=True)
    hidden = await scene.bot.call("POST", f"{REPO}/issues", {"title": "done"})
    listed = (await scene.bot.call("GET", f"{REPO}/issues")).body

    assert (lost.status, hidden.status) == (502, 502)
    assert [issue["title"] for issue in listed] == ["done"]


async def test_lists_come_in_pages_with_links(scene: Scene) -> None:
    """A client follows the links; it does not guess addresses."""
    for number in range(5):
        await scene.bot.call("POST", f"{REPO}/issues", {"title": str(number)})
    page = await scene.bot.call("GET", f"{REPO}/issues?per_page=2&page=2")
    base = f"{scene.github.url}{REPO}/issues?per_page=2"

    assert [issue["title"] for issue in page.body] == ["2", "1"]
    assert page.headers["Link"] == (
        f'<{base}&page=1>; rel="prev", <{base}&page=3>; rel="next", '
        f'<{base}&page=3>; rel="last", <{base}&page=1>; rel="first"'
    )


async def test_calls_are_counted_by_who_made_them(scene: Scene) -> None:
    """How many calls a push costs is a figure to print."""
    await scene.bot.call("GET", REPO)
    await scene.bot.call("GET", f"{REPO}/contents/Makefile")
    calls = scene.github.calls(f"installation:{scene.installation.id}")

    assert [(seen.route, seen.answer.status) for seen in calls] == [
        ("GET /repos/{owner}/{repo}", 200),
        ("GET /repos/{owner}/{repo}/contents/{path}", 200),
    ]


async def test_nonsense_is_answered_and_never_a_crash(scene: Scene) -> None:
    """A client's mistake must look as it does on GitHub."""
    session, url = scene.github.outbox.session, scene.github.url
    headers = {"Authorization": scene.bot.authorization}
    address = f"{url}{REPO}/issues"
    async with session.post(address, data=b"{", headers=headers) as reply:
        broken = (reply.status, (await reply.json())["message"])
    async with session.post(address, data=b"[]", headers=headers) as reply:
        wrong = reply.status

    assert broken == (400, "Problems parsing JSON")
    assert wrong == 400
