"""The command itself: its subcommands, its start, and what it refuses."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import main
from tests.cli.saying import Say

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("verb", ["scan", "fix", "build"])
def test_a_path_that_is_a_file_is_refused(say: Say, tree: Path, verb: str) -> None:
    """A typing error is answered with what to do."""
    status, told, why = say(verb, tree / "Dockerfile")

    assert (status, told) == (2, "")
    assert why == (
        f"multiarch {verb}: {tree}/Dockerfile is not a directory, so there is "
        "nothing to read. Name the directory of a project.\n"
    )


def test_a_setting_that_cannot_be_meant_is_told(
    say: Say, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settings are read by the command too."""
    monkeypatch.setenv("MULTIARCH_ATTEMPTS", "many")

    assert (say("scan", tree)[0], "MULTIARCH_ATTEMPTS" in say("scan", tree)[2]) == (
        2,
        True,
    )


@pytest.mark.parametrize(
    "words", [[], ["scan"], ["nonsense"], ["scan", ".", "--format", "xml"]]
)
def test_a_call_that_cannot_be_meant_ends_with_status_two(words: list[str]) -> None:
    """As every command does."""
    with pytest.raises(SystemExit) as ended:
        main(words)

    assert ended.value.code == 2


def test_help_names_every_subcommand(capsys: pytest.CaptureFixture[str]) -> None:
    """A file in bot/cli is all that a subcommand needs."""
    with pytest.raises(SystemExit) as ended:
        main(["--help"])

    files = (ROOT / "bot/cli").glob("[a-z]*.py")
    told = capsys.readouterr().out
    assert ended.value.code == 0
    assert [file.stem for file in files if f"\n    {file.stem} " not in told] == []


@pytest.mark.parametrize(
    ("words", "heavy"),
    [
        (["--version"], {"aiohttp", "dbos", "docker", "sqlalchemy", "yaml"}),
        (["scan", "--help"], {"dbos", "docker", "sqlalchemy", "gidgethub"}),
    ],
)
def test_starts_without_what_it_does_not_need(
    words: list[str], heavy: set[str]
) -> None:
    """A command that a hook runs on every commit must not take a second."""
    code = (
        "import atexit, sys; from bot.cli import main; "
        "atexit.register(lambda: print(*sys.modules)); main(sys.argv[1:])"
    )
    done = subprocess.run(  # noqa: S603 - our own command, in a process of its own
        (sys.executable, "-c", code, *words),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert set(done.stdout.split()) & heavy == set()


def test_a_reader_that_goes_away_is_no_crash(tree: Path) -> None:
    """`multiarch scan . | head` must not end in a traceback."""
    words = (sys.executable, "-m", "bot", "scan", str(tree), "--offline")
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(  # noqa: S603 - our own command
        words, cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)

    assert (done.returncode, done.stderr) == (2, b"")


def test_says_which_version_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    """It is the first thing that a report of a bug needs."""
    with pytest.raises(SystemExit) as ended:
        main(["--version"])

    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("multiarch ")
