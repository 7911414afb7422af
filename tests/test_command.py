"""Which lines of a comment are commands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.command import Command, Invocation, Permission, UsageError, choose, find


@pytest.mark.parametrize(
    "comment",
    [
        "",
        "Try /multiarch fix",
        "> /multiarch fix",
        "    /multiarch fix",
        "`/multiarch fix`",
        "```\n/multiarch fix\n```",
        "```sh\n/multiarch fix",
        "~~~\n```\n/multiarch fix\n~~~",
        "````\n```\n/multiarch fix\n````",
        "```\n``` not the end\n/multiarch fix\n```",
        "<!-- /multiarch fix -->",
        "<!--\n/multiarch fix\n-->",
        "/multiarchy fix",
        "/multi arch fix",
        "> a quote goes on\n/multiarch fix",
        "> quoted\u2028/multiarch fix",
        "> quoted\x0b/multiarch fix",
        "- ```\n  /multiarch fix\n  ```",
        "1. ~~~\n   /multiarch fix\n   ~~~",
        "<pre>\n/multiarch fix\n</pre>",
    ],
)
def test_leaves_alone(comment: str) -> None:
    """To write about a command is not to give it."""
    assert find(comment) == ()


@pytest.mark.parametrize(
    ("comment", "found"),
    [
        ("/multiarch fix", [Invocation("fix")]),
        ("  /multiarch\tFIX  ", [Invocation("fix")]),
        ("/MultiArch explain a b", [Invocation("explain", ("a", "b"))]),
        ("/multiarch", [Invocation("help")]),
        ("Please:\r\n/multiarch fix\r\n", [Invocation("fix")]),
        ("```\ncode\n```\n/multiarch fix", [Invocation("fix")]),
        ("<!-- hidden\n-->\n/multiarch fix", [Invocation("fix")]),
        ("```\n<!--\n```\n/multiarch fix", [Invocation("fix")]),
        ("``` a`b\n/multiarch fix", [Invocation("fix")]),
        ("/multiarch fix <!-- now -->", [Invocation("fix")]),
        ("> a quote\n\n/multiarch fix", [Invocation("fix")]),
        ("> ```\n> code\n> ```\n\n/multiarch fix", [Invocation("fix")]),
        ("- ```\n  code\n  ```\n/multiarch fix", [Invocation("fix")]),
        ("<pre>\ncode\n</pre>\n/multiarch fix", [Invocation("fix")]),
        (
            "/multiarch fix\n/multiarch help\n/multiarch fix",
            [Invocation("fix"), Invocation("help")],
        ),
    ],
)
def test_finds(comment: str, found: list[Invocation]) -> None:
    """A line that starts with it is a command, once each."""
    assert list(find(comment)) == found


def test_reads_no_more_than_three() -> None:
    """A comment of a thousand commands is an attack, not a wish."""
    lines = (f"/multiarch c{number}" for number in range(1000))

    assert len(find("\n".join(lines))) == 3


@given(st.text(alphabet="/multiarch fx`~<!->\n\t ", max_size=200))
def test_any_text_is_read(comment: str) -> None:
    """Nobody can break the reader from a comment."""
    assert all(isinstance(one, Invocation) for one in find(comment))


async def _run(request: None, desk: None) -> str:
    return "done"


KNOWN = {
    name: Command(name, name, name, Permission.READ, lambda words: None, _run)
    for name in ("fix", "help")
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "part",
    [
        *("-    ", "1.\t ", "- 1. * ", "```\n", "~~~ `", "<!--", "<pre>\n", "> "),
        *(" ", "/multiarch ", "/multiarch a\n", "/multiarch    \t"),
    ],
)
def test_no_comment_keeps_the_endpoint_busy(part: str) -> None:
    """It is read where webhooks arrive, and anybody may write one."""
    most = 65_536
    comment = (part * (most // len(part)) + "x")[:most]

    assert len(find(comment)) <= 10


def test_chooses_the_command_that_is_named() -> None:
    """The name decides."""
    assert choose(Invocation("fix"), KNOWN) is KNOWN["fix"]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("fxi", "Did you mean `/multiarch fix`?"),
        ("hlep", "Did you mean `/multiarch help`?"),
        ("deploy", "Try `/multiarch help`."),
    ],
)
def test_a_typo_is_answered_with_the_nearest_command(name: str, hint: str) -> None:
    """And what was typed is not repeated: it is a stranger's text."""
    with pytest.raises(UsageError) as caught:
        choose(Invocation(name), KNOWN)

    assert str(caught.value) == f"There is no such command. {hint}"
