"""Which name ``invalid-image-reference`` tells, and what it leaves alone."""

from __future__ import annotations

import pytest

from bot.causes.invalid_image_reference import CAUSE
from bot.model import Confidence
from tests.catalogue import clues, explained


@pytest.mark.parametrize(
    "log",
    [
        "Step 1/2 : FROM alpine:3.44\nmanifest for alpine:3.44 not found\n",
        "#2 ERROR: no match for platform in manifest: not found\n",
        "checking the format of references: invalid reference\n",
        "Step 2/2 : RUN check || echo 'invalid reference format'\n",
    ],
)
def test_leaves_whole_names_alone(log: str) -> None:
    """An image that is not there has a name all the same."""
    assert explained(CAUSE, log) == ()


@pytest.mark.parametrize(
    ("log", "name"),
    [
        ('invalid reference format: "calico/go-build:"\n', "calico/go-build:"),
        ("docker: invalid reference format.\n", ""),
        (
            'invalid argument "a/b:" for "-t, --tag" flag: invalid reference format\n',
            "a/b:",
        ),
        (
            '#1 ERROR: failed to parse stage name "alpine:": invalid reference format',
            "alpine:",
        ),
        ("#1 ERROR: base name ($BASE) should not be blank\n", "$BASE"),
    ],
)
def test_tells_the_name_where_the_log_does(log: str, name: str) -> None:
    """The author looks for it in the Makefile."""
    assert [clue.subject for clue in clues(CAUSE, log)] == [name]


def test_tells_each_name_once_and_what_to_do() -> None:
    """BuildKit says it twice; the author reads it once."""
    line = 'failed to parse stage name "alpine:": invalid reference format\n'

    (found,) = clues(CAUSE, f"ERROR: {line}{line}")

    assert found.message == (
        "`alpine:` is no image name, so nothing can be fetched or built by it. "
        "A variable in it seems to have no value for linux/arm64: give it one "
        "there, or in the command of this build in `.github/multiarch.yml`."
    )


def test_what_another_step_survived_explains_little() -> None:
    """A test of a registry client may well print it and pass."""
    log = (
        "Step 1/2 : RUN ./test\ninvalid reference format\n"
        "Step 2/2 : RUN make\nmake: *** [all] Error 1\n"
    )

    (found,) = clues(CAUSE, log)

    assert found.confidence is Confidence.LOW
