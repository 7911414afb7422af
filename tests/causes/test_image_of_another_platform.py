"""What ``image-of-another-platform`` recognises: a label, not a program."""

from __future__ import annotations

import pytest

from bot.causes.base_image_without_platform import CAUSE as UNPUBLISHED
from bot.causes.image_of_another_platform import CAUSE
from tests.catalogue import explained

DIGEST = "sha256:" + "2d" * 32
WANTED = "wanted linux/arm64, actual: linux/amd64"
OWN = f"image with reference {DIGEST} was found but does not match the specified"
CLASSIC = f'failed to get destination image "{DIGEST}": {OWN} platform: {WANTED}'
TOLD = "the image that was built is for linux/amd64, not for linux/arm64"


@pytest.mark.parametrize(
    "line",
    [
        f"image with reference a:5 was found but does not match the x: {WANTED}",
        f'failed to get destination image "{DIGEST}": no such image',
    ],
)
def test_leaves_base_images_alone(line: str) -> None:
    """Which platforms somebody else publishes for is another matter."""
    assert explained(CAUSE, f"Step 1/1 : FROM x\n{line}\n") == ()


@pytest.mark.parametrize("line", [CLASSIC, TOLD])
def test_says_what_the_image_is_for(line: str) -> None:
    """The author sees at once that a platform is pinned somewhere."""
    log = f"Step 2/2 : COPY x /x\n{line}\n"

    assert explained(CAUSE, log) == (
        (2, "The image is for linux/amd64, not for linux/arm64.", ""),
    )
    assert explained(UNPUBLISHED, log) == ()
