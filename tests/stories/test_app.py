"""From ``git push`` to a proven fix on the three projects, and what it costs.

Everything is real but GitHub, whose stand-in is held to GitHub's description.
The engine emulates arm64: it needs no second machine, and finds less by itself.
"""

from __future__ import annotations

import pytest

from bot.report import pull_request
from tests.stories import engineer, telling
from tests.stories.town import Town
from tests.world.github.fixtures import described

__all__ = ["described"]

pytestmark = [
    pytest.mark.engine,
    pytest.mark.registry,
    pytest.mark.asyncio(loop_scope="module"),
]
FIX = pull_request.branch("main")
ARM64 = "linux/arm64"
DOCKERFILE = "docker-image/Dockerfile"
NEWER_BASE = f"{DOCKERFILE} (base-image-without-arm64)"
NO_PACKAGE = f"{DOCKERFILE} (x86-only-package)"
ISOLATION = (
    "- **Isolation**: `emulating` built in a Docker engine that serves this repository "
    "alone; from inside a build only public addresses can be reached (tried on DAY)."
)
ERRORS = {
    "typha": [
        (ARM64, "base-image-without-platform", NEWER_BASE),
        (
            ARM64,
            "foreign-copy-source",
            f"Makefile (hardcoded-arch-path); {DOCKERFILE} (hardcoded-arch-path)",
        ),
    ],
    "felix": [
        (ARM64, "base-image-without-platform", NEWER_BASE),
        (ARM64, "foreign-program-in-image", NO_PACKAGE),
        (ARM64, "foreign-program-in-image", NO_PACKAGE),
        (ARM64, "missing-program", f"{DOCKERFILE} (x86-only-path)"),
    ],
    "cni-plugin": [
        (
            ARM64,
            "foreign-copy-source",
            "Dockerfile (hardcoded-arch-path); Makefile (hardcoded-arch-path)",
        ),
        (ARM64, "ignored-copy-source", ".dockerignore (ignored-arch-path)"),
    ],
}
IMAGES = {
    "typha": ("calico/typha", 2, "calico-typha"),
    "felix": ("calico/felix", 2, "calico-felix-wrapper"),
    "cni-plugin": ("calico/cni", 7, "/opt/cni/bin/calico"),
}


def reads(town: Town, name: str) -> list[str]:
    """Return what the bot read of a repository on GitHub."""
    return [line for line in town.asked(name) if line.startswith("GET ")]


@pytest.mark.parametrize("sample", ERRORS)
async def test_a_push_leads_to_a_proven_fix(town: Town, sample: str) -> None:
    """Check run, branch and pull request, with the whole story in it."""
    name = f"calico/{sample}"
    author = town.author()
    await author.begin(name)
    head = await author.push_sample(name, sample)
    await town.rest()

    assert town.checks(name) == [("A proven fix is ready", "failure")]
    assert town.check(name, head).annotations
    (pull,) = town.github.pulls(name)
    assert (pull.title, pull.user.login) == ("Build and run on arm64", "multiarch[bot]")
    assert await town.tree(name, FIX) == engineer.mended(sample)
    assert await town.tree(name, "main") == engineer.sample(sample)
    body = pull.body or ""
    image, programs, command = IMAGES[sample]
    assert telling.errors(body) == ERRORS[sample]
    assert telling.proof(body) == [
        f"- **arm64 build**: `{image}` built in N s on `emulating` (emulated).",
        f"- **amd64 build**: `{image}` built in N s on `emulating` (native).",
        f"- **Audit**: all {programs} programs in the image are for `linux/arm64`.",
        f"- **Smoke run**: `{command}` starts (exit status 0 after N s).",
        ISOLATION,
    ]
    assert "\nmultiarch build . --platform linux/arm64\n" in body
    assert len(reads(town, name)) <= 3 + len(engineer.changed(sample))


async def test_a_healthy_project_is_left_alone(town: Town) -> None:
    """Proven, and not a word more; three reads, whatever is built."""
    name = "calico/go-build"
    author = town.author()
    await author.begin(name)
    head = await author.push_sample(name, "go-build")
    await town.rest()

    assert town.checks(name) == [("Proven on arm64", "success")]
    assert town.check(name, head).annotations == []
    assert town.github.repository(name).issues == {}
    branches = await town.github.repository(name).git.refs()
    assert branches == {"refs/heads/main": head}
    assert len(reads(town, name)) <= 3


async def test_a_push_without_build_files_costs_nothing(town: Town) -> None:
    """Most pushes: no job, and no call, not even for a token."""
    name = "calico/quiet"
    author = town.author()
    jobs, calls = await town.bot.jobs(), len(town.github.calls())
    await author.begin(name)
    await author.push(name, {"main.go": "package main\n"}, "topic")
    await town.rest()

    sent = [one for one in town.github.deliveries if one.event == "push"][-2:]
    assert [one.status_code for one in sent] == [202, 202]
    assert await town.bot.jobs() == jobs
    assert len(town.github.calls()) == calls


async def test_a_push_to_a_topic_costs_three_reads(town: Town) -> None:
    """And three changed build files cost no more than one."""
    name = "calico/topic"
    author = town.author()
    await author.begin(name)
    await author.push_sample(name, "cni-plugin", "topic")
    await town.rest()

    assert town.checks(name) == [("12 findings", "failure")]
    assert len(reads(town, name)) <= 3
    assert town.github.pulls(name) == []
