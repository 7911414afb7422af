"""`multiarch fix`: what is printed, and what is left in the tree."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot import workspace
from tests.checkouts import checkout, git
from tests.cli.saying import NEW, OLD, Say, answer, grown
from tests.rehearsing import planted

UNSAFE = "FROM alpine:3.6\nADD app-amd64 /app\n"
DIFF = """\
--- a/Dockerfile
+++ b/Dockerfile
@@ -1,2 +1,2 @@
-FROM alpine:3.4
+FROM alpine:3.6
 RUN true
"""
PATCH = f"diff --git a/Dockerfile b/Dockerfile\n{DIFF}"


def test_a_fix_changes_the_tree_and_a_second_one_nothing(say: Say, tree: Path) -> None:
    """Fixing twice equals fixing once, though the first is not committed yet."""
    first = say("fix", tree)
    second = say("fix", tree)

    assert first == (0, "changed: Dockerfile (base-image-without-arm64)\n", "")
    assert second == (0, "Nothing to change.\n", "")
    assert (tree / "Dockerfile").read_text() == NEW


def test_a_diff_is_printed_and_nothing_is_changed(say: Say, tree: Path) -> None:
    """What is printed is the patch and nothing else."""
    assert say("fix", tree, "--diff") == (0, PATCH, "")
    assert (tree / "Dockerfile").read_text() == OLD


def test_a_patch_is_written_for_git(say: Say, tree: Path, tmp_path: Path) -> None:
    """The file holds what `git apply` reads."""
    status, _, _ = say("fix", tree, "--patch", str(tmp_path / "out.patch"))

    assert (status, (tmp_path / "out.patch").read_text()) == (0, PATCH)
    assert workspace.dirty(tree) == ()


def test_a_patch_of_a_folder_changes_that_folder(say: Say, tmp_path: Path) -> None:
    """`git apply` at the top must not find a file of the same name there."""
    files = {"Dockerfile": OLD, "sub/Dockerfile": OLD}
    tree = checkout(planted(tmp_path / "tree", files))
    say("fix", tree / "sub", "--patch", str(tmp_path / "out.patch"))
    shown = say("fix", tree / "sub", "--diff")[1]
    git(tree, "apply", str(tmp_path / "out.patch"))

    assert shown == (tmp_path / "out.patch").read_text()
    assert (tree / "Dockerfile").read_text() == OLD
    assert (tree / "sub/Dockerfile").read_text() == NEW


def test_a_branch_holds_the_changes(say: Say, tree: Path) -> None:
    """The work tree stays as it is, and the same name is never used twice."""
    status, _, progress = say("fix", tree, "--branch", "arm64")
    again = say("fix", tree, "--branch", "arm64")

    assert (status, progress.endswith(" on the branch arm64\n")) == (0, True)
    assert git(tree, "show", "arm64:Dockerfile") == NEW
    assert workspace.dirty(tree) == ()
    assert (again[0], again[1]) == (2, "")
    assert "The branch arm64 exists already" in again[2]


def test_what_is_less_safe_is_only_done_when_asked(say: Say, tmp_path: Path) -> None:
    """By itself it stays a finding, with the command that does it."""
    tree = grown(tmp_path, Dockerfile=UNSAFE)
    status, told, _ = say("fix", tree)

    assert (status, (tree / "Dockerfile").read_text()) == (1, UNSAFE)
    assert told.startswith("Nothing to change.\n\nDockerfile:2:5: breaks: ")
    assert "(`multiarch fix --unsafe` makes this change; read it first)" in told
    assert say("fix", tree, "--unsafe")[0] == 0
    assert "amd64 /app" not in (tree / "Dockerfile").read_text()


def test_a_dirty_tree_is_refused_unless_forced(say: Say, tree: Path) -> None:
    """Repairs must not be mixed with work that is not committed."""
    (tree / "notes").write_text("mine")
    refused = say("fix", tree)
    kept = (tree / "Dockerfile").read_text()

    assert (refused[0], refused[1], kept) == (2, "", OLD)
    assert refused[2].startswith(
        "multiarch fix: The work tree has changes that are not committed (notes)"
    )
    assert say("fix", tree, "--force")[0] == 0
    assert (tree / "Dockerfile").read_text() == NEW


def test_a_tree_without_git_is_scanned_but_not_changed(
    say: Say, tmp_path: Path
) -> None:
    """Without git there is no way back; a look costs nothing."""
    tree = planted(tmp_path / "plain", {"Dockerfile": OLD})

    assert say("scan", tree)[0] == 1
    assert say("fix", tree, "--diff") == (0, DIFF, "")
    assert say("fix", tree)[2].startswith(
        f"multiarch fix: {tree} is not a git checkout"
    )
    assert say("fix", tree, "--branch", "arm64")[0] == 2
    assert (tree / "Dockerfile").read_text() == OLD


@pytest.mark.parametrize("words", [(), ("--diff",), ("--prove",)])
def test_json_is_all_that_is_printed(say: Say, tree: Path, words: Any) -> None:  # noqa: ANN401
    """Other tools read standard output to the end."""
    runner = ("--runner", "unix:///nowhere/docker.sock") if "--prove" in words else ()
    said = say("fix", tree, "--format", "json", *words, *runner)

    if runner:
        assert (said[0], said[1]) == (2, "")
    else:
        assert answer(said) == {
            "schema": 1,
            "changes": [
                {"rule": "base-image-without-arm64", "path": "Dockerfile", "diff": DIFF}
            ],
            "findings": [],
            "complete": True,
            "skipped": [],
            "images": {
                "alpine:3.6": {
                    "platforms": ["linux/amd64", "linux/arm64"],
                    "reason": None,
                }
            },
        }


def test_a_patch_that_cannot_be_written_is_told(say: Say, tree: Path) -> None:
    """No trace of the program's insides."""
    status, _, why = say("fix", tree, "--patch", str(tree / "none/out.patch"))

    assert status == 2
    assert why.endswith("No such file or directory. Name another file with --patch.\n")


def test_a_patch_replaces_no_file(say: Say, tree: Path, tmp_path: Path) -> None:
    """A name that is mistyped must cost nothing."""
    file = tmp_path / "out.patch"
    file.write_text("mine")

    status, told, why = say("fix", tree, "--patch", str(file))
    assert (status, told, file.read_text()) == (2, "", "mine")
    assert why == (
        f"multiarch fix: {file} exists already, and what it holds would be lost. "
        "Name another file with --patch, or use --force.\n"
    )
    assert say("fix", tree, "--patch", str(file), "--force")[0] == 0
    assert file.read_text() == PATCH


def test_a_branch_of_a_dirty_tree_is_refused_unless_forced(
    say: Say, tree: Path
) -> None:
    """The branch would hold more than the repairs."""
    (tree / "Dockerfile").write_text(OLD + "RUN mine\n")

    status, told, why = say("fix", tree, "--branch", "arm64")
    assert (status, told) == (2, "")
    assert "has changes that are not committed (Dockerfile)" in why
    assert say("fix", tree, "--branch", "arm64", "--force")[0] == 0
    assert git(tree, "show", "arm64:Dockerfile") == NEW + "RUN mine\n"


def test_a_branch_without_a_name_is_no_change_in_place(say: Say, tree: Path) -> None:
    """`--branch "$NAME"` with a variable that is empty."""
    status, _, why = say("fix", tree, "--branch", "")

    assert (status, (tree / "Dockerfile").read_text()) == (2, OLD)
    assert "'' cannot be the name of a branch" in why


def test_a_fix_says_which_images_nobody_knows(say: Say, tmp_path: Path) -> None:
    """Nothing to change is not the same as nothing wrong."""
    tree = grown(tmp_path, Dockerfile="FROM debian:9\n")

    unknown = "unknown: debian:9: the file of known images does not name it.\n"
    told = f"Nothing to change.\n\n{unknown}\nNot judged: 1 image.\n"
    assert say("fix", tree) == (0, told, "")
    assert say("fix", tree, "--diff") == (0, "", told)


def test_a_diff_says_beside_it_what_is_left(say: Say, tmp_path: Path) -> None:
    """A status of 1 without a word helps nobody, and the patch stays a patch."""
    tree = grown(tmp_path, Dockerfile=OLD + "COPY app-amd64 /app\n")
    (tree / "Dockerfile.latin").write_bytes(b"# \xff\n")
    status, told, beside = say("fix", tree, "--diff")

    assert (status, told.splitlines()[:2]) == (1, PATCH.splitlines()[:2])
    assert beside.startswith("Dockerfile:3:6: breaks: hardcoded-arch-path\n")
    assert beside.endswith(
        "\n\nskipped: Dockerfile.latin is not UTF-8 (byte 3).\n\nNot judged: 1 file.\n"
    )


def test_a_diff_of_nothing_says_so(say: Say, tmp_path: Path) -> None:
    """Silence could be a crash."""
    tree = grown(tmp_path, Dockerfile=NEW)

    assert say("fix", tree, "--diff") == (0, "", "Nothing to change.\n")


def test_a_runner_without_a_build_is_a_mistake(say: Say, tree: Path) -> None:
    """Who names an engine expects a proof, and must not take this for one."""
    status, told, why = say("fix", tree, "--runner", "local")

    assert (status, told, (tree / "Dockerfile").read_text()) == (2, "", OLD)
    assert why == (
        "multiarch fix: --runner names an engine to build on, and without --prove "
        "nothing is built. Add --prove, or leave --runner out.\n"
    )
