"""The pull request that carries a fix: its branch, its title, its story. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from shlex import quote

from bot.model import Finding
from bot.proof import Story
from bot.publishing import PullRequestText
from bot.recipe import Recipe
from bot.report import evidence
from bot.report.markdown import bounded, code, fence, one_line, prose

_REMAINING = 20
_EMULATED = (
    "The arm64 build was emulated, so programs for the build machine's own "
    "architecture may have run in it unnoticed."
)
_KEPT = (
    "Multiarch brings this pull request up to date when build files change on its "
    "base, until somebody else pushes to its branch. `/multiarch help` in a comment "
    "shows what it can be asked for."
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A fix with its story: how it was built, and what is left to tell."""

    story: Story
    recipes: tuple[Recipe, ...] = ()
    remaining: tuple[Finding, ...] = ()
    platform: str = "linux/arm64"
    branch: str = ""


def branch(base: str) -> str:
    """Return the branch that carries the fix for *base*, always the same one."""
    return f"multiarch/arm64-for-{base}"


def render(offer: Offer) -> PullRequestText:
    """Return the title and the story of the fix."""
    story = offer.story
    title = "Build and run on arm64" if story.proven else "Towards arm64, not proven"
    return PullRequestText(title, bounded(_blocks(offer)))


def _blocks(offer: Offer) -> Iterator[str]:
    story = offer.story
    yield _opening(story)
    if not story.proven:
        yield "## What is missing"
        yield evidence.missing(story)
    if story.mistakes:
        yield "## Mistakes in the configuration"
        yield evidence.mistakes(story)
    yield "## Errors met, and what was changed"
    yield evidence.errors(story)
    yield "## Proof"
    yield evidence.proof(story.proof, offer.platform)
    yield from _shortcomings(story)
    yield "## How to reproduce it"
    yield fence("\n".join(_commands(offer)), "sh")
    yield from _remaining(offer.remaining)
    yield from evidence.diffs(story)
    yield from evidence.outputs(story.proof.smoke or ())
    yield _KEPT


def _opening(story: Story) -> str:
    if story.proven:
        return (
            "This project was built for arm64, and each error on the way was "
            "repaired, until the image built, held only arm64 programs and started."
        )
    return (
        "This project was built for arm64, and the errors that are understood were "
        "repaired. It is **not proven**: read what is missing before merging."
    )


def _shortcomings(story: Story) -> Iterator[str]:
    audit = story.proof.audit
    if audit and audit.wrong:
        yield evidence.foreign(audit)
    if any(not one.native for one in story.proof.arm64 or ()):
        yield _EMULATED
        if audit and not audit.wrong:
            yield "The audit shows that none of them is left in the image."


def _commands(offer: Offer) -> Iterator[str]:
    if offer.branch:
        fetched = f"git fetch origin {quote(offer.branch)}"
        yield f"{fetched} && git switch --detach FETCH_HEAD"
    yield "# all of it: build, audit, start"
    yield f"multiarch build . --platform {offer.platform}"
    for recipe in offer.recipes:
        yield f"# {one_line(recipe.found or recipe.name)}"
        yield _command(recipe, offer.platform)


def _command(recipe: Recipe, platform: str) -> str:
    """Return what a person would type on a machine of the platform."""
    if recipe.command:
        architecture = platform.split("/")[1]
        return f"TARGETARCH={architecture} sh -c {quote(recipe.command)}"
    words = ["docker", "build", "--platform", platform, "-f", recipe.dockerfile]
    for name, value in recipe.args:
        words += ["--build-arg", f"{name}={value}"]
    return " ".join(quote(word) for word in (*words, recipe.context))


def _remaining(findings: Iterable[Finding]) -> Iterator[str]:
    found = tuple(findings)
    if not found:
        return
    yield "## What is left to decide"
    rows = [
        f"- {code(one.match.span.path)}, {code(one.rule)}: {prose(one.match.message)}"
        for one in found[:_REMAINING]
    ]
    left = len(found) - len(rows)
    yield "\n".join([*rows, f"- and {left} more"] if left else rows)
