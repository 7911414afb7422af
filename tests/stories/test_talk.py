"""A pull request and what is said on it: remarks, suggestions, ``/multiarch fix``.

The stories of a repository follow one another: each begins where the last ended.
"""

from __future__ import annotations

import pytest

from tests.stories import engineer, telling
from tests.stories.town import Town
from tests.world.github.entities import Comment, Issue, Pull
from tests.world.github.fixtures import described

__all__ = ["described"]

pytestmark = [
    pytest.mark.engine,
    pytest.mark.registry,
    pytest.mark.asyncio(loop_scope="module"),
]
NAME = "calico/typha-daemon"
PLUGINS = "calico/plugins"
CONFIG = ".github/multiarch.yml"
CALL = (
    "\tdocker build --build-arg ARCHITECTURE=$(ARCH) --pull -t calico/typha$(ARCHTAG) "
    "docker-image -f docker-image/Dockerfile$(ARCHTAG)"
)
LABEL = 'LABEL maintainer="the multiarch authors"'
COPIED = """\
ADD bin/calico-typha-$ARCHITECTURE /code
WORKDIR /code
RUN ln -s /code/calico-typha-$ARCHITECTURE /usr/bin/calico-typha"""
REFUSED = (
    "`/multiarch fix` changes this repository, so it is for people with write "
    "access. Ask one of them to say it."
)
SUGGESTIONS = [
    ("docker-image/Dockerfile", "FROM alpine:3.6"),
    ("docker-image/Dockerfile", f"ARG ARCHITECTURE=amd64\n{LABEL}"),
    ("docker-image/Dockerfile", COPIED),
    ("Makefile", CALL),
]


def pull_of(town: Town, number: int, name: str = NAME) -> tuple[Issue, Pull]:
    """Return a pull request as GitHub remembers it."""
    issue = town.github.repository(name).issues[number]
    assert issue.pull is not None
    return issue, issue.pull


def comments(town: Town, number: int) -> list[Comment]:
    """Return the conversation of a pull request."""
    return list(pull_of(town, number)[0].comments.values())


async def test_a_pull_request_gets_one_review_with_suggestions(town: Town) -> None:
    """On the lines that it touches, each a click away; nothing is built for it."""
    author = town.author()
    await author.begin(NAME)
    await author.push_sample(NAME, "typha", "topic")
    await town.github.open_pull(author.login, NAME, "topic")
    await town.rest()
    _, pull = pull_of(town, 1)

    assert [one.state for one in pull.reviews.values()] == ["COMMENTED"]
    assert telling.suggestions(list(pull.comments.values())) == SUGGESTIONS
    assert town.checks(NAME) == [("3 findings", "failure")]
    assert comments(town, 1) == []


async def test_the_next_push_repeats_no_remark(town: Town) -> None:
    """Its own check run it gets, and nothing that was said before."""
    text = engineer.sample("typha")["docker-image/Dockerfile"]
    files = {"docker-image/Dockerfile": text + "# The end.\n"}
    head = await town.author().push(NAME, files, "topic")
    await town.rest()
    _, pull = pull_of(town, 1)

    assert len(pull.reviews) == 1
    assert len(pull.comments) == len(SUGGESTIONS)
    assert town.check(NAME, head).title == "3 findings"


async def test_a_stranger_cannot_have_it_fixed(town: Town) -> None:
    """Seen, refused, and nothing built or pushed."""
    head = await town.github.head(NAME, "topic")
    jobs = await town.bot.jobs()
    town.github.person("stranger", {NAME: "read"})
    await town.github.comment("stranger", NAME, 1, "/multiarch fix")
    await town.rest()

    asked, _ = comments(town, 1)
    assert [one.content for one in asked.reactions] == ["eyes"]
    assert telling.by_the_bot(comments(town, 1)) == [REFUSED]
    assert await town.github.head(NAME, "topic") == head
    new = set(await town.bot.jobs()) - set(jobs)
    assert [one.partition("~")[0] for one in new] == ["comment"]


async def test_fix_commits_the_proven_fix_to_the_branch(town: Town) -> None:
    """For whoever may write: acknowledged, built, committed, and told."""
    town.github.person("wendy", {NAME: "write"})
    before = await town.github.head(NAME, "topic")
    await town.github.comment("wendy", NAME, 1, "Please:\n\n/multiarch fix")
    await town.rest()

    asked = comments(town, 1)[2]
    assert [one.content for one in asked.reactions] == ["eyes"]
    _, told = telling.by_the_bot(comments(town, 1))
    head = await town.github.head(NAME, "topic")
    assert told.startswith(
        "The fix is proven: with it, the project builds and runs on arm64.\n\n"
        f"It is on `topic` as commit {head}.\n"
    )
    causes = [cause for _, cause, _ in telling.errors(told)]
    assert causes == ["base-image-without-platform", "foreign-copy-source"]
    assert len(telling.proof(told)) == 5
    git = town.github.repository(NAME).git
    assert (await git.run("rev-parse", f"{head}^")).decode().strip() == before
    expected = engineer.mended("typha")
    expected["docker-image/Dockerfile"] += "# The end.\n"
    assert await town.tree(NAME, "topic") == expected


async def test_what_the_fix_mended_is_not_remarked_on_again(town: Town) -> None:
    """The bot's own commit is judged like any other, and is healthy."""
    head = await town.github.head(NAME, "topic")

    assert town.check(NAME, head).title == "Nothing keeps this from arm64"
    assert len(pull_of(town, 1)[1].reviews) == 1


async def test_a_fork_gets_the_proven_fix_as_suggestions(town: Town) -> None:
    """Its branch is not ours to write to; the fix is proven all the same.

    How it is built is for the repository to say, not for the fork.
    """
    author = town.author()
    await author.begin(PLUGINS)
    await author.push(PLUGINS, {CONFIG: engineer.sample("cni-plugin")[CONFIG]})
    town.github.person("wendy", {PLUGINS: "write"})
    zoe = town.author("zoe")
    fork = await zoe.fork(PLUGINS)
    head = await zoe.push_sample(fork, "cni-plugin", "plugins")
    opened = await town.github.open_pull("zoe", PLUGINS, "zoe:plugins")
    await town.rest()
    number: int = opened["number"]
    said = len(pull_of(town, number, PLUGINS)[1].comments)
    await town.github.comment("wendy", PLUGINS, number, "/multiarch fix")
    await town.rest()
    issue, pull = pull_of(town, number, PLUGINS)

    fix = telling.suggestions(list(pull.comments.values())[said:])
    assert [path for path, _ in fix] == [".dockerignore", "Dockerfile", "Makefile"]
    lines = {line for _, text in fix for line in text.splitlines()}
    mended = engineer.changed("cni-plugin")
    after = {line for text in mended.values() for line in text.splitlines()}
    before = set("\n".join(engineer.sample("cni-plugin").values()).splitlines())
    assert after - before <= lines <= after
    (told,) = telling.by_the_bot(list(issue.comments.values()))
    assert "belongs to a fork, where Multiarch does not write" in told
    assert await town.github.head(fork, "plugins") == head
