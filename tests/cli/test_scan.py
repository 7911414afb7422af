"""`multiarch scan`: what is printed, and how it ends; a tree is only read."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import workspace
from bot.cli import main
from tests.cli.saying import NEW, Say, answer, grown
from tests.rehearsing import planted

FINDING = """\
Dockerfile:1:6: breaks: base-image-without-arm64
  |
1 | FROM alpine:3.4
  |      ^^^^^^^^^^
  `alpine:3.4` is not published for linux/arm64, so the build cannot start there.
  fix: Use `alpine:3.6`, the nearest tag with linux/arm64 (`multiarch fix` makes this \
change)
  silence: # multiarch: allow base-image-without-arm64
"""
MISTAKE = """\
.github/multiarch.yml:1:1: configuration
  |
1 | bilds: []
  | ^^^^^
"""


def test_a_scan_tells_what_it_finds(say: Say, tree: Path) -> None:
    """Place, reason, repair and the way to silence it; the tree is only read."""
    assert say("scan", tree) == (
        1,
        f"{FINDING}\n1 finding in 1 build file; 1 can be fixed safely.\n",
        "",
    )
    assert workspace.dirty(tree) == ()


def test_a_scan_of_a_healthy_project_is_clean(say: Say, tmp_path: Path) -> None:
    """Status 0 is what a pipeline waits for."""
    clean = (0, "Nothing found in 1 build file.\n", "")

    assert say("scan", grown(tmp_path, Dockerfile=NEW)) == clean


def test_offline_an_unknown_image_is_told_not_guessed(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Silence would look like health."""
    status = main(["scan", str(tree), "--offline"])

    assert status == 0
    assert capsys.readouterr().out == (
        "unknown: alpine:3.4: no registry was asked, because the network was not to "
        "be used.\n\nNothing found in 1 build file; not judged: 1 image.\n"
    )


def test_a_mistake_in_the_configuration_is_told(say: Say, tmp_path: Path) -> None:
    """Defaults stand in for it, which its author must know."""
    tree = grown(tmp_path, Dockerfile=NEW)
    planted(tree, {".github/multiarch.yml": "bilds: []\n"})
    message = (
        "`bilds` is not a key of the configuration. It is ignored. "
        "Did you mean `builds`?"
    )

    last = "Nothing found in 2 build files; the configuration has 1 mistake."
    assert say("scan", tree) == (1, f"{MISTAKE}  {message}\n\n{last}\n", "")
    assert answer(say("scan", tree, "--format", "json"))["findings"] == [
        {
            "rule": "configuration",
            "severity": "degrades",
            "path": ".github/multiarch.yml",
            "line": 1,
            "column": 1,
            "end_line": 1,
            "end_column": 6,
            "message": message,
            "fix": None,
        }
    ]
    assert ".github/multiarch.yml:1:1: configuration" in say("fix", tree)[1]


def test_files_that_cannot_be_read_are_passed_over(say: Say, tmp_path: Path) -> None:
    """Each with its reason, in both formats; a link leads nowhere."""
    tree = grown(tmp_path, Dockerfile=NEW)
    (tree / "Dockerfile.bin").write_bytes(b"FROM a\0")
    (tree / "Dockerfile.latin").write_bytes(b"# \xff\n")
    (tree / "Dockerfile.huge").write_bytes(b"#" * ((1 << 20) + 1))
    (tree / "Dockerfile.out").symlink_to("../images.json")
    reasons = {
        "Dockerfile.bin": "is a binary file",
        "Dockerfile.huge": "is larger than 1 MiB",
        "Dockerfile.latin": "is not UTF-8 (byte 3)",
        "Dockerfile.out": "is a symbolic link out of the tree",
    }
    rows = [f"skipped: {path} {reason}." for path, reason in reasons.items()]

    assert say("scan", tree) == (
        0,
        "\n".join([*rows, "", "Nothing found in 1 build file; not judged: 4 files."])
        + "\n",
        "",
    )
    assert answer(say("scan", tree, "--format", "json"))["skipped"] == [
        {"path": path, "reason": reason} for path, reason in reasons.items()
    ]


def test_a_project_that_nobody_can_judge_is_not_called_clean(
    say: Say, tmp_path: Path
) -> None:
    """Programs learn it from one key."""
    tree = grown(tmp_path, Dockerfile=NEW)
    assert answer(say("scan", tree, "--format", "json"))["complete"] is True
    (tree / "Dockerfile").write_bytes(b"FROM a\n# \xe9\n")

    last = "No build file could be judged; not judged: 1 file."
    assert say("scan", tree) == (
        0,
        f"skipped: Dockerfile is not UTF-8 (byte 10).\n\n{last}\n",
        "",
    )
    assert answer(say("scan", tree, "--format", "json"))["complete"] is False


def test_a_file_of_images_that_is_not_there_is_told(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 2 tells a broken call from a finding."""
    status = main(["scan", str(tree), "--offline", "--images", str(tree / "none")])

    assert status == 2
    assert capsys.readouterr().err.endswith("Name a JSON file with --images.\n")
