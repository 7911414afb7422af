"""Remove the nameless images that the classic builder leaves behind.

It makes an image of each instruction. Those of a build that failed, and of
stages that are not shipped, would stay on the owner's disk for ever; only the
log tells which they are.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Container, Iterable, Iterator

from docker import APIClient
from docker.errors import APIError, ImageNotFound

_MADE = re.compile(r" ---> ([0-9a-f]{12})")
_CACHED = " ---> Using cache"


def remove(client: APIClient, lines: Iterable[str], kept: Container[str]) -> None:
    """Remove the images that the build with this log made and nobody needs.

    The images with the ids *kept* stay, and what they stand on.
    """
    for image in reversed(tuple(dict.fromkeys(_made(lines)))):
        with contextlib.suppress(ImageNotFound):
            said = client.inspect_image(image)  # type: ignore[no-untyped-call]  # SDK
            named = said.get("RepoTags") or said.get("RepoDigests")
            if not named and said["Id"] not in kept:
                with contextlib.suppress(APIError):  # another image stands on it
                    client.remove_image(image)


def _made(lines: Iterable[str]) -> Iterator[str]:
    """Yield the images of a log that were not there before it, oldest first."""
    cached = False
    for line in lines:
        if (hit := _MADE.fullmatch(line.rstrip())) and not cached:
            yield hit[1]
        cached = line.rstrip() == _CACHED
