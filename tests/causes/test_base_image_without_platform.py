"""Which image ``base-image-without-platform`` names, from whatever is there."""

from __future__ import annotations

import pytest

from bot.causes.base_image_without_platform import CAUSE
from tests.catalogue import explained

MANIFEST = "no matching manifest for linux/arm64/v8 in the manifest list entries"
UNMATCHED = "no match for platform in manifest: not found"
SOLVING = (
    "ERROR: failed to solve: mysql:5.7: failed to resolve source metadata "
    f"for docker.io/library/mysql:5.7: {UNMATCHED}\n"
)
METADATA = "#2 [internal] load metadata for docker.io/library/mysql:5.7\n"
ERROR = f"#2 ERROR: {UNMATCHED}\n"
OTHER = f"#2 [internal] load metadata for quay.io/team/app:1\n{ERROR}"
PULLED = f"Step 2/9 : FROM $BASE\n3.4: Pulling from library/alpine\n{MANIFEST}\n"
OLD = "no supported platform found in manifest list"
NEW = "was found but does not provide the specified platform (linux/arm64)"
FOUND = (
    "image with reference alpine:3.4 was found but does not match the "
    "specified platform: wanted linux/arm64, actual: linux/amd64\n"
)

UNPUBLISHED = (
    "is not published for linux/arm64, so the build cannot start from it. "
    "Use a tag that is, or an image that takes its place."
)


@pytest.mark.parametrize(
    "line",
    [
        "manifest for alpine:3.44 not found: manifest unknown",
        "pull access denied for team/app, repository does not exist",
        "no matching distribution found for tool",
    ],
)
def test_leaves_other_refusals_alone(line: str) -> None:
    """An image that does not exist at all is not a matter of platforms."""
    assert explained(CAUSE, f"Step 1/2 : FROM alpine:3.44\n{line}\n") == ()


@pytest.mark.parametrize(
    ("log", "image"),
    [
        (f"Step 1/2 : FROM alpine:3.4\n{MANIFEST}\n", "alpine:3.4"),
        (f"Step 1/2 : FROM --platform=linux/arm64 a:1 AS b\n{MANIFEST}\n", "a:1"),
        (f"Step 4/9 : COPY --from=team/tool:1 /a /b\n{MANIFEST}\n", "team/tool:1"),
        (PULLED, "alpine:3.4"),
        (f"Step 2/9 : FROM $BASE\n{MANIFEST}\n", "$BASE"),
        (SOLVING, "mysql:5.7"),
        (METADATA + ERROR, "mysql:5.7"),
        (OTHER, "quay.io/team/app:1"),
        (FOUND, "alpine:3.4"),
        (f"{MANIFEST}\n", ""),
        (f"Step 1/2 : FROM a:1\n{OLD}\n", "a:1"),
        (f"Step 1/2 : FROM a:1\nimage with reference b:2 {NEW}\n", "b:2"),
    ],
)
def test_names_the_image(log: str, image: str) -> None:
    """The repair is found by the reference as the Dockerfile spells it."""
    ((_, _, subject),) = explained(CAUSE, log)

    assert subject == image


def test_says_what_is_so() -> None:
    """The sentence goes to the author as it is."""
    log = f"Step 1/2 : FROM alpine:3.4\n{MANIFEST}\n"

    assert explained(CAUSE, log) == (
        (2, f"The image `alpine:3.4` {UNPUBLISHED}", "alpine:3.4"),
    )


def test_says_so_of_an_image_it_cannot_name() -> None:
    """Without a step and without a name there is still a sentence."""
    assert explained(CAUSE, MANIFEST) == ((1, f"A base image {UNPUBLISHED}", ""),)


def test_tells_each_image_once() -> None:
    """The builder repeats itself; the report does not."""
    found = explained(CAUSE, f"{METADATA}{ERROR}{SOLVING}")

    assert [(number, subject) for number, _, subject in found] == [(2, "mysql:5.7")]
