"""Have the image that the engines of trust domains are made of, or say why not."""

from __future__ import annotations

import json
from collections.abc import Iterator

from docker import APIClient
from docker.errors import APIError, ImageNotFound

from bot.errors import UserError
from bot.images import reference
from bot.images.reference import Invalid
from bot.redaction import strike

_LONGEST = 300


class EngineImageError(UserError):
    """A runner cannot have the engine image, so nothing can be built there."""


def have(client: APIClient, runner: str, image: str) -> None:
    """Pull *image* to *runner* where it is missing; EngineImageError if it cannot be.

    An image that is there under any name that the engine understands is taken.
    """
    if _is_there(client, image):
        return
    read = reference.parse(image)
    if isinstance(read, Invalid):
        raise _missing(runner, image, read.reason)
    try:
        said = client.pull(read.name, tag=read.target)
    except APIError as error:
        raise _missing(runner, image, str(error.explanation or error)) from error
    if not _is_there(client, image):
        reason = " / ".join(_errors(said)) or "the engine pulled it and has it not"
        raise _missing(runner, image, reason)


def _is_there(client: APIClient, image: str) -> bool:
    try:
        client.inspect_image(image)  # type: ignore[no-untyped-call]  # SDK stubs
    except ImageNotFound:
        return False
    return True


def _errors(said: str) -> Iterator[str]:
    """Find what went wrong after the engine had begun to answer."""
    for line in said.splitlines():
        try:
            told = json.loads(line)
        except ValueError:
            continue
        if isinstance(told, dict) and told.get("error"):
            yield str(told["error"])


def _missing(runner: str, image: str, reason: str) -> EngineImageError:
    short = strike(" ".join(reason.split()))[:_LONGEST]
    return EngineImageError(
        f"the engine image {image} cannot be pulled to the runner {runner} ({short}), "
        "so nothing is built there; pull it there, or set MULTIARCH_ENGINE_IMAGE"
    )
