"""Images that a file tells about, and everything that it leaves unknown."""

from __future__ import annotations

import pytest

from bot.errors import UserError
from bot.facts import Facts, Published, Upgrade
from bot.images.known import KnownImages, read

FILE = """{
  "alpine:3.4": ["linux/amd64"],
  "docker.io/library/alpine:3.5": ["amd64"],
  "alpine:3.6": ["linux/amd64", "linux/arm64/v8"],
  "alpine:3.7": ["linux/amd64", "linux/arm64"],
  "alpine": ["linux/amd64", "linux/arm64"],
  "quay.io/odd/app:1": []
}"""
NOT_A_NAME = (
    "The file of known images names 'Alpine': "
    "'library/Alpine' is not the name of a repository."
)
BOTH = frozenset({"linux/amd64", "linux/arm64"})


async def test_finds_the_smallest_upgrade_offline() -> None:
    """The story's first repair needs no network: 3.6, not latest."""
    images = ["alpine:3.4", "index.docker.io/library/alpine:3.6", "quay.io/odd/app:1"]

    actual = await read(FILE).facts(images, "linux/arm64")

    assert actual == Facts(
        {
            "alpine:3.4": Published(frozenset({"linux/amd64"})),
            "index.docker.io/library/alpine:3.6": Published(BOTH),
            "quay.io/odd/app:1": Published(frozenset()),
        },
        {("alpine:3.4", "linux/arm64"): Upgrade("alpine:3.6", BOTH)},
    )


async def test_what_the_file_leaves_out_is_unknown() -> None:
    """A list is never read as saying that the rest does not exist."""
    actual = await read(FILE).facts(["debian:9"], "linux/arm64")

    reason = "the file of known images does not name it"
    assert actual == Facts({"debian:9": Published(None, reason)})


async def test_without_a_file_everything_is_unknown() -> None:
    """Offline means that nobody was asked, and the report says so."""
    actual = await KnownImages().facts(["alpine:3.4"], "linux/arm64")

    reason = "no registry was asked, because the network was not to be used"
    assert actual == Facts({"alpine:3.4": Published(None, reason)})


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "The file of known images is not JSON."),
        ("[" * 100_000, "The file of known images is not JSON."),
        ("[]", "The file of known images is not an object."),
        (
            '{"Alpine": []}',
            NOT_A_NAME,
        ),
        (
            '{"alpine": "arm64"}',
            "The file of known images gives 'alpine' no list of platforms.",
        ),
        (
            '{"alpine": [1]}',
            "The file of known images gives 'alpine' no list of platforms.",
        ),
    ],
)
def test_a_bad_file_says_how_a_good_one_looks(text: str, problem: str) -> None:
    """The file is written by hand."""
    with pytest.raises(UserError) as caught:
        read(text)

    shape = (
        "Write a JSON object from image reference to platforms, such as "
        '{"alpine:3.6": ["linux/amd64", "linux/arm64"]}.'
    )
    assert str(caught.value) == f"{problem} {shape}"
