"""The command itself: its subcommands, its start, and what it refuses."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import main
from tests.cli.saying import Say
from tests.rehearsing import planted

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


def test_the_bare_command_lists_what_can_be_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It is what people type first; to a program it is a mistake all the same."""
    with pytest.raises(SystemExit):
        main(["--help"])
    listed = capsys.readouterr().out
    with pytest.raises(SystemExit) as ended:
        main([])

    told = capsys.readouterr()
    assert (ended.value.code, told.out, told.err) == (2, "", listed)


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


def run(tree: Path, redirection: str, **environment: str) -> tuple[int, bytes, bytes]:
    """Scan *tree* in a process of its own, with its output as a shell sets it up."""
    words = (sys.executable, "-m", "bot", "scan", str(tree), "--offline")
    done = subprocess.run(  # noqa: S603 - our own command
        ("/bin/sh", "-c", f'exec "$@" {redirection}', "sh", *words),
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


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


def test_a_full_disk_is_told_and_is_no_crash(tree: Path) -> None:
    """A result that nobody has must not look like one without findings."""
    status, _, why = run(tree, ">/dev/full")

    assert status == 2
    assert why.decode() == (
        "multiarch scan: The result cannot be printed: No space left on device. "
        "Give standard output another place.\n"
    )


def test_whoever_closes_the_output_wants_the_status(tree: Path) -> None:
    """Hooks close what they do not read."""
    assert run(tree, ">&- 2>&-") == (0, b"", b"")


def test_every_name_is_printed_in_every_encoding(tmp_path: Path) -> None:
    """A path is bytes to Linux; a scan ends for no name of a file."""
    folder = os.fsdecode(os.fsencode(tmp_path) + b"/d\xff\xc3\xa9")
    planted(Path(folder), {"Dockerfile": "FROM a\0"})
    ascii_only = {"PYTHONIOENCODING": "ascii:strict"}
    utf8 = {"PYTHONIOENCODING": "utf-8:strict"}

    assert run(tmp_path, "", **utf8)[:2] == (
        0,
        "skipped: d\N{REPLACEMENT CHARACTER}é/Dockerfile is a binary file.\n\n"
        "No build file could be judged; not judged: 1 file.\n".encode(),
    )
    assert run(tmp_path, "", **ascii_only)[1].startswith(
        rb"skipped: d\ufffd\xe9/Dockerfile is a binary file."
    )
    told = json.loads(run(tmp_path, "--format json", **utf8)[1])
    assert told["skipped"] == [
        {"path": "d\udcff\N{LATIN SMALL LETTER E WITH ACUTE}/Dockerfile",
         "reason": "is a binary file"}
    ]  # fmt: skip


def test_an_interruption_ends_the_loop_of_a_shell_too() -> None:
    """A shell goes on with its loop unless the signal itself ended the command."""
    code = (
        "import signal, bot.__main__ as it\n"
        "it.run = lambda words: signal.raise_signal(signal.SIGINT)\n"
        "it.main()"
    )
    done = subprocess.run(  # noqa: S603 - our own command
        (sys.executable, "-c", code), cwd=ROOT, capture_output=True, check=False
    )

    assert (done.returncode, done.stderr) == (
        -signal.SIGINT,
        b"multiarch: interrupted.\n",
    )


def test_says_which_version_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    """It is the first thing that a report of a bug needs."""
    with pytest.raises(SystemExit) as ended:
        main(["--version"])

    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("multiarch ")
