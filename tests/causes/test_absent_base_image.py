"""Which image ``absent-base-image`` names, and what it leaves alone."""

from __future__ import annotations

import pytest

from bot.causes.absent_base_image import CAUSE
from tests.catalogue import clues, explained

METADATA = "#2 [internal] load metadata for docker.io/library/alpine:3.44\n"
STEP = "Step 1/2 : FROM alpine:3.44\n"
DENIED = "repository does not exist or may require 'docker login'"


@pytest.mark.parametrize(
    "log",
    [
        f"{STEP}no matching manifest for linux/arm64/v8 in the manifest list entries\n",
        f"{METADATA}#2 ERROR: no match for platform in manifest: not found\n",
        '#8 ERROR: "/bin/calico-typha-amd64": not found\n',
        "Step 2/2 : RUN tool\n/bin/sh: tool: not found\n",
        "ERROR: failed to solve: process: exit code: 127: not found\n",
        "Step 2/2 : RUN pull || echo 'manifest for a:1 not found'\n",
    ],
)
def test_leaves_other_absences_alone(log: str) -> None:
    """A missing platform, file or program is another matter."""
    assert explained(CAUSE, log) == ()


@pytest.mark.parametrize(
    ("log", "image"),
    [
        (
            f"{STEP}manifest for alpine:3.44 not found: manifest unknown\n",
            "alpine:3.44",
        ),
        (f"{STEP}pull access denied for alpine, {DENIED}\n", "alpine:3.44"),
        (f"pull access denied for team/app, {DENIED}\n", "team/app"),
        (
            f"{METADATA}#2 ERROR: docker.io/library/alpine:3.44: not found\n",
            "alpine:3.44",
        ),
        (
            f"{METADATA}#2 ERROR: pull access denied, repository does not exist\n",
            "alpine:3.44",
        ),
    ],
)
def test_names_the_image(log: str, image: str) -> None:
    """The author corrects one name, so that name is what is told."""
    assert [clue.subject for clue in clues(CAUSE, log)] == [image]


def test_tells_each_image_once_and_what_to_do() -> None:
    """BuildKit says it twice; the author reads it once."""
    line = "ERROR: docker.io/library/alpine:3.44: not found\n"

    (found,) = clues(CAUSE, f"{METADATA}#2 {line}{line}")

    assert found.message == (
        "The registry does not show the image `alpine:3.44`, so no platform can be "
        "built. Correct its name or tag, or give the runner a login."
    )
