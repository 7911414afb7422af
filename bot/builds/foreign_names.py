"""Which images a recipe may name that it did not build: published ones, in full. Pure.

An engine takes much else for a name: an image's id, two letters of it, whatever
somebody built there under a name. So what it could take for anything but a name to
ask a registry for is refused before it hears of it.
"""

from __future__ import annotations

import re

from bot.images import reference
from bot.images.reference import DOCKER_HUB, Invalid, Reference

_LIKE_AN_ID = re.compile(r"[0-9a-fA-F]{1,64}|sha256:.*|.*@sha256:[0-9a-fA-F]{0,63}")
_OURS = "library/multiarch-"


def refusal(name: str) -> str:
    """Say why a recipe may not name the image *name*; empty where it may.

    What is no name at all is none of an image either: the engine says so.
    """
    if _LIKE_AN_ID.fullmatch(name):
        return (
            f"{name} could be the id of somebody else's image, so it is refused: name "
            "an image of this recipe, or a published one with its tag or digest."
        )
    read = reference.parse(name)
    if isinstance(read, Reference) and _is_ours(read):
        return (
            f"{name} is a name that the runner gives to images by itself, so it is "
            "refused: use the name that this recipe gave."
        )
    return ""


def invalid(name: str) -> bool:
    """Tell whether *name* is the name of no image at all."""
    return isinstance(reference.parse(name), Invalid)


def names_the_same(name: str, digest: str) -> bool:
    """Tell whether *digest*, as an engine lists it, was pulled under *name*."""
    wanted, had = reference.parse(name), reference.parse(digest)
    if isinstance(wanted, Invalid) or isinstance(had, Invalid):
        return False
    return wanted.image == had.image


def _is_ours(name: Reference) -> bool:
    return name.registry == DOCKER_HUB and name.repository.startswith(_OURS)
