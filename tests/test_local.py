"""Proving and building from the command line: what is told, and what is left."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot import local
from bot.cli import build, fix, scan
from bot.errors import UserError
from bot.local import Engines
from bot.settings import Settings
from bot.terminal import Exit
from tests.checkouts import checkout, git
from tests.rehearsing import AMD64, ARM64, Play, ScriptedRunner, planted

OLD, NEW = "FROM alpine:3.4\nRUN true\n", "FROM alpine:3.6\nRUN true\n"
ERROR = "no matching manifest for linux/arm64 in the manifest list entries"
NO_PLATFORM = Play(f"Step 1/2 : FROM alpine:3.4\n{ERROR}\n")
BROKEN = Play("Step 2/2 : RUN true\nsegmentation fault\n")
MENDS = {ARM64: (NO_PLATFORM,)}
FAILS = {ARM64: (NO_PLATFORM, BROKEN)}
DIFF = """\
--- a/Dockerfile
+++ b/Dockerfile
@@ -1,2 +1,2 @@
-FROM alpine:3.4
+FROM alpine:3.6
 RUN true
"""
PATCH = f"diff --git a/Dockerfile b/Dockerfile\n{DIFF}"
STORY = f"""\
1. linux/arm64: failed after 1.0 s
   cause: base-image-without-platform at Dockerfile:1
   log: {ERROR}
   why: The image `alpine:3.4` is not published for linux/arm64, so the build cannot \
start from it. Use a tag that is, or an image that takes its place.
   changed: Dockerfile: Use `alpine:3.6`, the nearest tag with linux/arm64 \
(base-image-without-arm64)
     -FROM alpine:3.4
     +FROM alpine:3.6

2. linux/arm64: passed after 1.0 s

3. linux/amd64: passed after 1.0 s

PROVEN
  linux/arm64: Dockerfile built in 1.0 s on scripted (native, classic)
  linux/amd64: Dockerfile built in 1.0 s on scripted (emulated, classic)
  audit: 3 programs, 0 foreign
  smoke run: app: starts (exit status 0 after 0.5 s)
"""
PROGRESS = f"""\
{local.OWN_ENGINE}
building Dockerfile for linux/arm64 (attempt 1)
  | Step 1/2 : FROM alpine:3.4
  | {ERROR}
failed: base-image-without-platform: {ERROR}
building Dockerfile for linux/arm64 (attempt 2)
auditing sha256:1 and starting it
Dockerfile stands on linux/arm64
building Dockerfile for linux/amd64
auditing sha256:1 and starting it
Dockerfile stands on linux/amd64
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a clean checkout of a project that is tied to amd64."""
    return checkout(planted(tmp_path / "tree", {"Dockerfile": OLD}))


@pytest.fixture
def images(tmp_path: Path) -> str:
    """Return a file of the images that are known."""
    file = tmp_path / "images.json"
    known = {"alpine:3.4": [AMD64], "alpine:3.6": [AMD64, ARM64]}
    file.write_text(json.dumps(known))
    return str(file)


@pytest.fixture
def asked(tree: Path, images: str) -> Callable[..., argparse.Namespace]:
    """Read a command line about the tree, without a network."""

    def read(*words: str) -> argparse.Namespace:
        parser = argparse.ArgumentParser()
        fix.configure(parser)
        return parser.parse_args([str(tree), "--offline", "--images", images, *words])

    return read


Asked = Callable[..., argparse.Namespace]
Printed = pytest.CaptureFixture[str]


def engine(plays: Mapping[str, tuple[Play, ...]]) -> Engines:
    """Return a source of one engine whose builds end as *plays* say."""
    return lambda given, settings: (ScriptedRunner(plays),)


def test_a_proven_fix_is_left_in_the_tree(
    asked: Asked, tree: Path, capsys: Printed
) -> None:
    """The story on standard output, the work as it happens on standard error."""
    ended = local.prove(asked(), engine(MENDS))

    assert (ended, (tree / "Dockerfile").read_text()) == (Exit.CLEAN, NEW)
    assert capsys.readouterr() == (STORY, PROGRESS)


def test_a_proof_takes_suggestions_where_they_are_asked_for(
    asked: Asked, tree: Path
) -> None:
    """`--unsafe` means the same with `--prove` as without it."""
    tied = "FROM alpine:3.6\nADD bin/app-amd64 /app\n"
    (tree / "Dockerfile").write_text(tied)
    local.prove(asked("--force"), engine({}))
    left = (tree / "Dockerfile").read_text()
    local.prove(asked("--force", "--unsafe"), engine({}))

    assert left == tied
    assert "app-amd64" not in (tree / "Dockerfile").read_text()


def test_json_is_all_that_is_printed(asked: Asked, capsys: Printed) -> None:
    """Progress goes elsewhere, and the patch is in the story already."""
    local.prove(asked("--format", "json", "--diff"), engine(MENDS))
    told: Any = json.loads(capsys.readouterr().out)

    assert sorted(told) == [
        "attempts",
        "missing",
        "mistakes",
        "proof",
        "proven",
        "schema",
    ]
    assert [change["diff"] for change in told["attempts"][0]["changes"]] == [DIFF]


def test_a_diff_follows_the_story(asked: Asked, tree: Path, capsys: Printed) -> None:
    """Nothing is changed."""
    local.prove(asked("--diff"), engine(MENDS))

    assert capsys.readouterr().out == STORY + PATCH
    assert (tree / "Dockerfile").read_text() == OLD


def test_what_is_not_proven_is_not_left(
    asked: Asked, tree: Path, capsys: Printed
) -> None:
    """The tree stays as it is, and the way to have the changes is named."""
    ended = local.prove(asked(), engine(FAILS))

    assert (ended, (tree / "Dockerfile").read_text()) == (Exit.FOUND, OLD)
    told = capsys.readouterr()
    assert told.out.endswith(
        "NOT PROVEN\n  missing: linux/arm64: Dockerfile: unknown: segmentation fault\n"
    )
    assert told.err.endswith("not proven, so the tree is left as it was; see --patch\n")


def test_a_patch_holds_what_is_not_proven_too(asked: Asked, tmp_path: Path) -> None:
    """Who asks for the file reads it before anything is changed."""
    ended = local.prove(asked("--patch", str(tmp_path / "a.patch")), engine(FAILS))

    assert (ended, (tmp_path / "a.patch").read_text()) == (Exit.FOUND, PATCH)


def test_a_branch_says_whether_it_is_proven(asked: Asked, tree: Path) -> None:
    """The message of the commit holds the cause and the repair."""
    local.prove(asked("--branch", "arm64"), engine(MENDS))
    message = git(tree, "log", "-1", "--format=%B", "arm64").rstrip()

    assert git(tree, "show", "arm64:Dockerfile") == NEW
    assert message == (
        "Make the build work on arm64\n\n"
        "* base-image-without-platform\n"
        "  Dockerfile (base-image-without-arm64)\n\n"
        "Proven by a build."
    )


def test_a_branch_that_is_there_is_refused_before_the_work(
    asked: Asked, tree: Path
) -> None:
    """Nobody waits for an hour to hear it."""
    git(tree, "branch", "arm64")
    runner = ScriptedRunner(MENDS)

    with pytest.raises(UserError, match="exists already"):
        local.prove(asked("--branch", "arm64"), lambda given, settings: (runner,))
    assert runner.builds == []


def test_a_dirty_tree_costs_the_change_but_not_the_story(
    asked: Asked, tree: Path, capsys: Printed
) -> None:
    """It is said before the work begins, and the proof is told all the same."""
    (tree / "notes").write_text("mine")
    with pytest.raises(UserError, match=r"not committed \(notes\)"):
        local.prove(asked(), engine(MENDS))

    told = capsys.readouterr()
    assert told.out == STORY
    assert told.err.startswith("note: nothing will be changed in place. The work tree")
    assert (tree / "Dockerfile").read_text() == OLD


def test_an_engine_that_is_down_says_what_to_do(asked: Asked, capsys: Printed) -> None:
    """The command ends with status 2: nothing was found out."""
    down = ScriptedRunner(down=True)
    with pytest.raises(UserError) as told:
        local.prove(asked(), lambda given, settings: (down,))

    assert str(told.value) == (
        "The engine scripted does not answer. Nothing can be built without it. "
        "Start it, or name another one with --runner."
    )


@pytest.mark.parametrize(("plays", "ended"), [({}, Exit.CLEAN), (MENDS, Exit.FOUND)])
def test_a_build_tells_its_progress_and_its_story(
    plays: Mapping[str, tuple[Play, ...]], ended: Exit, tree: Path, capsys: Printed
) -> None:
    """One try of the tree as it is; nothing is repaired."""
    parser = argparse.ArgumentParser()
    build.configure(parser)
    actual = local.build(parser.parse_args([str(tree), "--offline"]), engine(plays))

    told = capsys.readouterr()
    assert actual is ended
    first = f"{local.OWN_ENGINE}\nbuilding Dockerfile for linux/arm64\n"
    assert told.err.startswith(first)
    assert told.out.startswith("1. linux/arm64: ")
    assert ("\nPROVEN\n" in told.out) == (ended is Exit.CLEAN)
    assert (tree / "Dockerfile").read_text() == OLD


@pytest.mark.parametrize("verb", ["build", "prove"])
def test_a_proof_of_a_mistaken_configuration_is_not_clean(
    verb: str, asked: Asked, tree: Path, capsys: Printed
) -> None:
    """Its owner meant something else; the proof is told, and so is the mistake."""
    config = "builds:\n  - dockerfile: Dockerfile\n    context: ../..\n"
    checkout(planted(tree, {".github/multiarch.yml": config, "Dockerfile": NEW}))
    actual = getattr(local, verb)(asked(), engine({}))

    told = capsys.readouterr()
    mistake = (
        "configuration: .github/multiarch.yml:3:14: `../..` leaves the repository. It "
        "is ignored. Give a path relative to the root of the repository.\n"
    )
    assert actual is Exit.FOUND
    assert told.err.startswith(mistake)
    assert "\nPROVEN; the configuration has 1 mistake\n" in told.out
    assert told.out.endswith(f"\n  {mistake}")


@pytest.mark.parametrize(
    ("words", "platform"), [((), ARM64), (("--platform", AMD64), AMD64)]
)
def test_a_build_may_be_for_the_other_platform(
    words: tuple[str, ...], platform: str, tree: Path
) -> None:
    """Whoever reproduces the second half of a proof asks for it."""
    parser = argparse.ArgumentParser()
    build.configure(parser)
    runner = ScriptedRunner()
    given = parser.parse_args([str(tree), "--offline", *words])
    local.build(given, lambda given, settings: (runner,))

    assert [asked for asked, _ in runner.builds] == [platform]


@pytest.mark.parametrize("configure", [scan.configure, fix.configure])
def test_the_rules_are_about_one_platform(
    configure: Callable[[argparse.ArgumentParser], None],
) -> None:
    """A scan for amd64 would report arm64's faults and find no repair for them."""
    parser = argparse.ArgumentParser()
    configure(parser)

    assert parser.parse_args(["."]).platform == ARM64
    with pytest.raises(SystemExit):
        parser.parse_args([".", "--platform", AMD64])


SETTINGS = {"MULTIARCH_RUNNERS": "pi=ssh://a@pi.example.org,unix:///run/b.sock"}


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ((), ["pi", "/run/b.sock"]),
        (("--runner", "pi"), ["pi"]),
        (("--runner", "local", "--runner", "pi"), ["local", "pi"]),
        (("--runner", "x=ssh://b@example.org"), ["x"]),
    ],
)
def test_engines_are_named_or_configured(
    asked: Asked, words: tuple[str, ...], names: list[str]
) -> None:
    """The command line first, then the setting."""
    found = local.engines(asked(*words), Settings.from_environment(SETTINGS))

    assert [runner.name for runner in found] == names


def test_without_a_setting_the_engine_of_this_machine_builds(asked: Asked) -> None:
    """The command works where `docker build` does."""
    (found,) = local.engines(asked(), Settings.from_environment({}))

    assert found.name == "local"


def test_an_unknown_runner_is_told_with_the_known_ones(asked: Asked) -> None:
    """A name is easily mistyped."""
    with pytest.raises(UserError, match=r"No runner is named pu; known here are local"):
        local.engines(asked("--runner", "pu"), Settings.from_environment(SETTINGS))
