"""Remove the nameless images that the classic builder leaves behind.

It makes an image of each instruction. Those of a build that failed, and of
stages that are not shipped, would stay on the owner's disk for ever; only the
log tells which they are. The log is a stranger's: an image that is older than
the build is not removed, whatever it says.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Container, Iterable, Iterator
from datetime import datetime, timedelta

from docker import APIClient
from docker.errors import APIError, ImageNotFound

_MADE = re.compile(r" ---> ([0-9a-f]{12})")
_MARGIN = 2.0
_CACHED = " ---> Using cache"


def remove(
    client: APIClient, lines: Iterable[str], kept: Container[str], seconds: float
) -> None:
    """Remove the images that the build with this log made and nobody needs.

    The images with the ids *kept* stay, and what they stand on. The build began
    *seconds* ago.
    """
    made = tuple(dict.fromkeys(_made(lines)))
    if not made:
        return
    now = datetime.fromisoformat(client.info()["SystemTime"])
    began = now - timedelta(seconds=seconds + _MARGIN)
    for image in reversed(made):
        with contextlib.suppress(ImageNotFound):
            said = client.inspect_image(image)  # type: ignore[no-untyped-call]  # SDK
            named = said.get("RepoTags") or said.get("RepoDigests")
            created = said.get("Created")  # newer engines leave out what is unknown
            new = bool(created) and datetime.fromisoformat(created) >= began
            if new and not named and said["Id"] not in kept:
                with contextlib.suppress(APIError):  # another image stands on it
                    client.remove_image(image)


def _made(lines: Iterable[str]) -> Iterator[str]:
    """Yield the images of a log that were not there before it, oldest first."""
    cached = False
    for line in lines:
        if (hit := _MADE.fullmatch(line.rstrip())) and not cached:
            yield hit[1]
        cached = line.rstrip() == _CACHED
