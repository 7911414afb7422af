"""What the bot answers when it is spoken to."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from bot.command import Permission
from bot.errors import UserError
from bot.proof import Story
from bot.report import reply
from bot.report.reply import Landed
from tests.report.expecting import expected
from tests.report.rendered import Shown
from tests.report.stories import EVIL, HEALTHY, HOSTILE, PROVEN, UNPROVEN


@dataclass(frozen=True, slots=True)
class Command:
    """A command as the help shows it."""

    usage: str
    summary: str
    needs: Permission


def test_a_fix_that_landed_tells_its_story() -> None:
    """Who asked sees what was changed and why to believe it."""
    landed = Landed("feature", commit="0123456789abcdef0123456789abcdef01234567")

    assert reply.fixed(PROVEN, landed) == expected("reply_landed")


def test_a_fix_for_a_fork_says_where_the_suggestions_are() -> None:
    """Multiarch writes to no repository that it is not installed on."""
    few = reply.fixed(PROVEN, Landed("feature", suggestions=2)).split("\n\n")[1]
    one = reply.fixed(PROVEN, Landed("feature", suggestions=1)).split("\n\n")[1]
    none = reply.fixed(PROVEN, Landed("feature")).split("\n\n")[1]

    where = "The branch `feature` belongs to a fork, where Multiarch does not write"
    assert few == f"{where}: 2 suggestions carry the changes."
    assert one == f"{where}: 1 suggestion carries the changes."
    assert none == (
        f"{where}, and the lines to change are not part of this diff: "
        "the changes are below."
    )


def test_a_fix_that_could_not_land_tells_why_and_its_story() -> None:
    """What was proven is not lost because a rule forbids to commit it."""
    told = reply.hindered(PROVEN, UserError("The branch is protected."))

    assert told == f"The branch is protected.\n\n{reply.fixed(PROVEN, None)}"


def test_an_unproven_fix_says_what_is_missing() -> None:
    """Nothing lands, and the reason is there to read."""
    assert reply.fixed(UNPROVEN, None) == expected("reply_unproven")


@pytest.mark.parametrize(
    ("story", "first"),
    [
        (
            HEALTHY,
            "Nothing has to be changed: the project builds and runs on arm64.",
        ),
        (
            Story(False, ("no recipe",), (), HEALTHY.proof),
            "No repair is known for what keeps the project from arm64.",
        ),
    ],
)
def test_the_first_sentence_is_the_outcome(story: Story, first: str) -> None:
    """Most people read no further."""
    assert reply.fixed(story, None).split("\n\n")[0] == first


def test_mistakes_of_the_configuration_are_told_with_the_proof() -> None:
    """The project is proven, but not as its owner meant."""
    mistake = ".github/multiarch.yml:3:5: `smok` is not a key of a build. <b>"
    told = reply.fixed(replace(HEALTHY, mistakes=(mistake,)), None).split("\n\n")

    assert told[:5] == [
        "Nothing has to be changed: the project builds and runs on arm64.",
        "### Mistakes in the configuration",
        "What these lines of the configuration were meant to say is not in this proof.",
        "- .github/multiarch.yml:3:5: `smok` is not a key of a build. \\<b\\>",
        "### Proof",
    ]


def test_the_help_lists_every_command() -> None:
    """What to type, what it does, and who may."""
    commands = [
        Command("/multiarch help", "Says what can be said.", Permission.NONE),
        Command("/multiarch fix", "Proves and `commits` a fix.", Permission.WRITE),
    ]

    assert reply.help_text(commands) == (
        "| Command | What it does | For |\n"
        "| --- | --- | --- |\n"
        "| `/multiarch help` | Says what can be said. | everybody |\n"
        "| `/multiarch fix` | Proves and `commits` a fix. "
        "| people with write access |"
    )


def test_a_refusal_says_who_may() -> None:
    """It is no mistake to ask."""
    assert reply.not_allowed("fix", Permission.WRITE) == (
        "`/multiarch fix` changes this repository, so it is for people with write "
        "access. Ask one of them to say it."
    )


def test_errors_are_calm_and_say_what_to_do() -> None:
    """One sentence each: what is so, why it matters, what is next."""
    actual = [
        reply.moved("main"),
        reply.mistaken(UserError("There is no such command. Try `/multiarch help`.")),
        reply.no_runner("rack-7"),
        reply.crashed("72d3162e"),
    ]

    assert actual == [
        (
            "`main` is gone, or somebody pushed to it while the fix was being proven, "
            "so the fix was not "
            "committed: it belongs to a commit that is no longer the newest. "
            "Say `/multiarch fix` again."
        ),
        "There is no such command. Try `/multiarch help`.",
        (
            "The runner `rack-7` does not answer, so nothing could be built. "
            "The build is tried again by itself; this comment will change then."
        ),
        (
            "An error in Multiarch itself ended this; nobody here is to blame. "
            "Tell whoever runs Multiarch the job `72d3162e`."
        ),
    ]


@pytest.mark.parametrize(
    "text",
    [
        reply.fixed(HOSTILE, Landed(EVIL, EVIL)),
        reply.fixed(HOSTILE, Landed(EVIL, suggestions=1)),
        reply.moved(EVIL),
        reply.mistaken(UserError(EVIL)),
        reply.no_runner(EVIL),
        reply.not_allowed(EVIL, Permission.WRITE),
        reply.crashed(EVIL),
    ],
)
def test_hostile_text_stays_text(text: str) -> None:
    """A branch is named by whoever made it."""
    shown = Shown(text)

    assert set(shown.tags) <= {
        *("h3", "p", "strong", "code", "pre", "ul", "li", "details", "summary"),
        *("table", "thead", "tbody", "tr", "th", "td"),
    }
    assert shown.calls == shown.comments == []
