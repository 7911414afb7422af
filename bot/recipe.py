"""How to build one image of a project. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prepare:
    """A step before the build: a command in a container of *image*."""

    image: str
    command: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to build one image: a command, or a Dockerfile with its context.

    Exactly one of *command* and *dockerfile* is set. A command (``make image
    ARCH=$TARGETARCH``) runs in the prepare image, in a copy of the tree, with
    TARGETARCH, TARGETOS and TARGETPLATFORM in its environment; each ``docker``
    call it makes is carried out by the runner. *found* says where the recipe
    comes from (``Makefile:61`` or ``.github/multiarch.yml:4``).
    *smoke* is the command of the smoke run (empty: the image's own).
    """

    name: str
    dockerfile: str = ""
    context: str = "."
    command: str = ""
    args: tuple[tuple[str, str], ...] = ()
    prepare: Prepare | None = None
    smoke: str = ""
    found: str = ""
