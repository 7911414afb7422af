"""The pull request that carries a fix tells its whole story."""

from __future__ import annotations

from dataclasses import replace

from bot.proof import Story
from bot.recipe import Recipe
from bot.report import pull_request
from bot.report.markdown import LIMIT
from bot.report.pull_request import Offer
from tests.report.expecting import expected
from tests.report.rendered import Shown
from tests.report.stories import EVIL, HOSTILE, MET, PROVEN, TINI, UNPROVEN

RECIPES = (
    Recipe("typha", command="make image ARCH=$TARGETARCH", found="Makefile:2"),
    Recipe("tools", dockerfile="a b/Dockerfile", args=(("A", "it's"),)),
)


def test_a_proven_fix_shows_its_evidence() -> None:
    """Errors, causes, changes, the proof, and how to see it for oneself."""
    branch = pull_request.branch("it's")
    actual = pull_request.render(Offer(PROVEN, RECIPES, (TINI,), branch=branch))

    assert actual.title == "Build and run on arm64"
    assert actual.body == expected("pull_request_proven")


def test_an_unproven_fix_is_not_called_proven() -> None:
    """What is missing stands above everything else."""
    actual = pull_request.render(Offer(UNPROVEN, RECIPES[:1]))

    assert actual.title == "Towards arm64, not proven"
    assert actual.body == expected("pull_request_unproven")


def test_an_emulated_proof_says_what_it_is_worth() -> None:
    """A green emulated build alone has fooled many; the audit is what counts."""
    arm = tuple(replace(one, native=False) for one in PROVEN.proof.arm64 or ())
    story = replace(PROVEN, proof=replace(PROVEN.proof, arm64=arm))

    body = pull_request.render(Offer(story)).body

    expected_words = (
        "The arm64 build was emulated, so programs for the build machine's own "
        "architecture may have run in it unnoticed.\n\n"
        "The audit shows that none of them is left in the image.\n\n"
    )
    assert expected_words in body
    assert "emulated, so" not in pull_request.render(Offer(PROVEN)).body


def test_a_branch_has_one_name_for_each_base() -> None:
    """The next proof updates the pull request that is open."""
    assert pull_request.branch("main") == "multiarch/arm64-for-main"
    assert pull_request.branch("release/v3") == "multiarch/arm64-for-release/v3"


def test_hostile_text_stays_text() -> None:
    """Logs, paths and programs are written by strangers."""
    recipe = Recipe(EVIL, command=EVIL, found=EVIL)

    shown = Shown(pull_request.render(Offer(HOSTILE, (recipe,))).body)

    assert set(shown.tags) <= {
        *("h2", "p", "strong", "code", "pre", "ul", "li", "details", "summary"),
        *("table", "thead", "tbody", "tr", "th", "td"),
    }
    assert shown.calls == shown.comments == []
    assert shown.tags.count("details") == 2
    assert shown.tags.count("td") == 5 + 3


def test_a_command_to_copy_stays_on_its_line() -> None:
    """A file name with a line feed must not become a command."""
    recipe = Recipe("x", command="make", found="Makefile\nrm -rf /:1")

    body = pull_request.render(Offer(PROVEN, (recipe,))).body

    assert "# Makefile rm -rf /:1\nTARGETARCH=arm64 sh -c make\n" in body


def test_a_long_story_is_cut_where_a_part_ends() -> None:
    """GitHub takes 65,535 characters; the evidence is worth more than diffs."""
    change = replace(MET.changes[0], diff=MET.changes[0].diff * 60)
    met = replace(MET, changes=(change,))
    story = Story(True, (), (met,) * 300, PROVEN.proof)

    body = pull_request.render(Offer(story, RECIPES)).body

    assert len(body) <= LIMIT
    assert "\n## Proof\n" in body
    assert body.endswith(f"left out: GitHub takes {LIMIT} characters.)")
    assert body.count("<details>") == body.count("</details>")


def test_more_than_a_screenful_is_counted() -> None:
    """What is left to decide is a list, not a catalogue."""
    body = pull_request.render(Offer(PROVEN, (), (TINI,) * 25)).body

    assert body.count("missing-checksum") == 20
    assert "\n- and 5 more\n" in body


def test_mistakes_of_the_configuration_are_told_with_the_proof() -> None:
    """The project is proven, but not as its owner meant."""
    mistake = ".github/multiarch.yml:3:5: `smok` is not a key of a build."
    story = replace(PROVEN, mistakes=(mistake,))
    told = pull_request.render(Offer(story)).body.split("\n\n")

    assert told[1:4] == [
        "## Mistakes in the configuration",
        "What these lines of the configuration were meant to say is not in this proof.",
        f"- {mistake}",
    ]
