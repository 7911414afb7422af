"""What ``missing-copy-source`` says when nothing more precise is known."""

from __future__ import annotations

import pytest

from bot.causes.missing_copy_source import CAUSE
from bot.model import Confidence
from tests.catalogue import clues, explained

LOG = "Step 2/3 : ADD {0} /\nADD failed: stat {0}: file does not exist\n"


@pytest.mark.parametrize("path", ["bin/tool-amd64", "bin/here"])
def test_leaves_what_is_explained_better_alone(path: str) -> None:
    """A foreign path and an ignored file have causes of their own."""
    assert explained(CAUSE, LOG.format(path), ("bin/here",)) == ()


def test_is_not_sure() -> None:
    """It tells what is so and no more; another cause may know better."""
    (clue,) = clues(CAUSE, LOG.format("bin/tool"))

    assert (clue.message, clue.confidence, clue.subject) == (
        (
            "`bin/tool` is not in the build context. If a step before the build makes "
            "it, name that step in `.github/multiarch.yml`."
        ),
        Confidence.MEDIUM,
        "bin/tool",
    )
