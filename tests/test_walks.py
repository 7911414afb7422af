"""The loop on the sample projects, against logs that real engines wrote."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.proof import WrongFile
from bot.proving import prove
from tests.rehearsing import (
    AMD64,
    ARM64,
    CrashError,
    Memory,
    Play,
    ScriptedRunner,
    changed,
    recorded,
    remembering,
    run,
    workshop,
)
from tests.stories import engineer

DOCKERFILE = "docker-image/Dockerfile"
GLIBC = WrongFile(
    "/usr/glibc-compat/lib/libc.so.6",
    "x86-64",
    "RUN apk --no-cache add wget ca-certificates libgcc…",
)


@dataclass(frozen=True, slots=True)
class Walk:
    """A sample, how its builds end, and the errors that are met in order."""

    sample: str
    plays: tuple[Play, ...]
    errors: tuple[tuple[str, str], ...]
    dockerfile: str = DOCKERFILE


def cni_plugin(builder: str, *errors: tuple[str, str]) -> Walk:
    """Return the walk of the project with an allow-list ignore file."""
    made = ("dist/arm64/calico", "dist/arm64/calico-ipam")
    first = recorded(f"cni-plugin-1-{builder}", "dist/arm64/calico")
    plays = (first, recorded(f"cni-plugin-2-{builder}", *made))
    return Walk("cni-plugin", plays, errors, "Dockerfile")


BASE = ("base-image-without-platform", f"{DOCKERFILE}:1")
TYPHA = (BASE, ("foreign-copy-source", f"{DOCKERFILE}:12"))
WALKS = {
    "typha-classic": Walk(
        "typha", (recorded("typha-1-classic"), recorded("typha-2-classic")), TYPHA
    ),
    "typha-buildkit": Walk(
        "typha", (recorded("typha-1-buildkit"), recorded("typha-2-buildkit")), TYPHA
    ),
    "felix-classic": Walk(
        "felix",
        (
            *(recorded(f"felix-{number}-classic") for number in (1, 2, 3)),
            Play(passes=True, wrong=(GLIBC,)),
        ),
        (
            BASE,
            ("foreign-program-as-script", f"{DOCKERFILE}:9"),
            ("missing-program", f"{DOCKERFILE}:9"),
            ("foreign-program-in-image", f"{DOCKERFILE}:9"),
        ),
    ),
    "cni-plugin-classic": cni_plugin(
        "classic",
        ("foreign-copy-source", "Dockerfile:5"),
        ("ignored-copy-source", "Dockerfile:6"),
    ),
    "cni-plugin-buildkit": cni_plugin(
        "buildkit",
        ("foreign-copy-source", "Dockerfile:10"),
        ("ignored-copy-source", "Dockerfile:11"),
    ),
    "go-build": Walk("go-build", (), (), "Dockerfile.arm64"),
}


def fingerprint(tree: Path) -> str:
    """Return a digest of every path, mode and byte of *tree*."""
    digest = hashlib.sha256()
    for path in sorted(tree.rglob("*")):
        digest.update(f"{path.relative_to(tree)} {path.lstat().st_mode}".encode())
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()


@pytest.fixture(params=tuple(WALKS))
def walk(request: pytest.FixtureRequest) -> Walk:
    """Return one sample project after the other."""
    name: str = request.param
    return WALKS[name]


@pytest.fixture
def tree(walk: Walk, tmp_path: Path) -> Path:
    """Return a copy of the sample."""
    return Path(shutil.copytree(engineer.SAMPLES / walk.sample, tmp_path / "tree"))


def test_walks_the_way_of_the_engineer(walk: Walk, tree: Path) -> None:
    """The real errors in their order, each at its line, and the same end."""
    runner = ScriptedRunner({ARM64: walk.plays}, walk.dockerfile)
    result = run(prove(workshop(tree, runner)))
    failed = [one for one in result.story.attempts if not one.passed]

    assert [(one.cause, f"{one.path}:{one.line}") for one in failed] == [*walk.errors]
    assert all(one.changes for one in failed)
    assert changed(result) == engineer.changed(walk.sample)
    assert (result.story.proven, result.remaining) == (True, ())
    platforms = [ARM64] * (len(walk.errors) + 1) + [AMD64]
    assert [platform for platform, _ in runner.builds] == platforms


def test_builds_the_tree_as_it_is_first(walk: Walk, tree: Path) -> None:
    """The first failure is a fact; nothing is repaired on suspicion."""
    runner = ScriptedRunner({ARM64: walk.plays}, walk.dockerfile)
    run(prove(workshop(tree, runner)))
    _, files = runner.builds[0]

    original = engineer.sample(walk.sample)
    assert files == {path: original[path] for path in files}


def test_the_tree_it_is_given_never_changes(walk: Walk, tree: Path) -> None:
    """It may be somebody's checkout with work in it."""
    before = fingerprint(tree)
    run(prove(workshop(tree, ScriptedRunner({ARM64: walk.plays}, walk.dockerfile))))

    assert fingerprint(tree) == before


def test_goes_on_where_a_crash_left_it(walk: Walk, tree: Path) -> None:
    """After a crash at any step, no finished step is done again."""
    script = {ARM64: walk.plays}
    whole = Memory()
    shop = workshop(tree, ScriptedRunner(script, walk.dockerfile))
    expected = run(prove(remembering(shop, whole)))
    for steps in range(len(whole.done)):
        runner = ScriptedRunner(script, walk.dockerfile)
        memory = Memory(steps)
        with pytest.raises(CrashError):
            run(prove(remembering(workshop(tree, runner), memory)))
        resumed = memory.again()
        actual = run(prove(remembering(workshop(tree, runner), resumed)))

        assert actual == expected
        assert memory.done + resumed.done == whole.done
    assert {name.split()[0] for name in whole.done} == {"ask", "try"}
