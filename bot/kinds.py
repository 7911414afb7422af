"""Which files of a repository are build files, judged by their path. Pure."""

from __future__ import annotations

import enum
import posixpath
import re


class Kind(enum.Enum):
    """What a build file is."""

    DOCKERFILE = "dockerfile"
    DOCKERIGNORE = "dockerignore"
    MAKEFILE = "makefile"
    CONFIG = "config"


_DOCKERFILE = re.compile(
    r"""
    (?:Dockerfile|Containerfile)(?:[.\-_][\w.\-]+)?   # Dockerfile, Dockerfile-s390x
    | [\w.\-]+\.(?:Dockerfile|dockerfile|Containerfile)(?:[.\-][\w\-]+)?
    """,
    re.VERBOSE,
)
_MAKEFILE = re.compile(r"(?:GNU)?[Mm]akefile(?:\.[\w\-]+)?|[\w.\-]+\.mk")


def kind_of(path: str) -> Kind | None:
    """Return what the file at *path* is to the bot, or None."""
    name = posixpath.basename(path)
    if path == ".github/multiarch.yml":
        return Kind.CONFIG
    if name.endswith(".dockerignore"):
        return Kind.DOCKERIGNORE
    if _DOCKERFILE.fullmatch(name):
        return Kind.DOCKERFILE
    if _MAKEFILE.fullmatch(name):
        return Kind.MAKEFILE
    return None
