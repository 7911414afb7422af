"""What ``foreign-copy-source`` says."""

from __future__ import annotations

from bot.causes.foreign_copy_source import CAUSE
from bot.logs import read
from tests.catalogue import explained

LOG = (
    "Step 2/3 : ADD bin/tool-amd64 /\nlstat bin/tool-amd64: no such file or directory\n"
)


def test_leaves_the_wanted_architecture_alone() -> None:
    """On amd64 the same file is merely missing."""
    assert tuple(CAUSE.search(read(LOG, "linux/amd64"))) == ()


def test_names_the_path_and_both_architectures() -> None:
    """The author sees at once what is mixed up."""
    assert explained(CAUSE, LOG) == (
        (
            2,
            (
                "`bin/tool-amd64` names amd64, and a build for linux/arm64 does not "
                "make it. Copy what it makes instead."
            ),
            "bin/tool-amd64",
        ),
    )
