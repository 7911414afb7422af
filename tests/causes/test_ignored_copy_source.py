"""What ``ignored-copy-source`` says, and when it is silent."""

from __future__ import annotations

from bot.causes.ignored_copy_source import CAUSE
from tests.catalogue import explained

LOG = "Step 2/3 : ADD {0} /\nADD failed: stat {0}: file does not exist\n"


def test_leaves_absent_files_alone() -> None:
    """The ignore file is innocent of what was never made."""
    assert explained(CAUSE, LOG.format("dist/arm64/a"), ("dist/arm64/b",)) == ()


def test_leaves_foreign_files_alone() -> None:
    """A leftover of another architecture should not be let in."""
    assert explained(CAUSE, LOG.format("dist/amd64/a"), ("dist/amd64/a",)) == ()


def test_names_the_file_of_the_workspace() -> None:
    """The subject is the source as the instruction spells it."""
    found = explained(CAUSE, LOG.format("dist/arm64/a"), ("app/dist/arm64/a",))

    assert found == (
        (
            2,
            (
                "`app/dist/arm64/a` exists, but the ignore file keeps it out of the "
                "build context. Let it in."
            ),
            "dist/arm64/a",
        ),
    )
