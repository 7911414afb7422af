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
    # The first place where the word ends (?>…) is as good as any other.
    | (?> [\w.\-]+? [.\-_] (?:Dockerfile|Containerfile) (?= [.\-_][\w.\-] | \Z ) )
      (?:[.\-_][\w.\-]+)?
    | (?:[\w.\-]+\.)?dockerfile                       # Docker's own second guess
    """,
    re.VERBOSE,
)
_MAKEFILE = re.compile(
    r"(?:GNU)?[Mm]akefile(?:[.\-_][\w.\-]+)?|[\w.\-]+\.(?:mk|mak|make)"
)
# ``Dockerfile_test.go`` and ``Makefile.PL`` are written in other languages.
_OTHER_LANGUAGE = re.compile(
    r".*\.(?:adoc|bak|c|cc|cpp|cs|css|diff|gif|go|gz|h|hcl|html|java|jpe?g|jsx?|json|kt|"
    r"lock|log|md|orig|patch|pdf|php|PL|png|ps1|py|rb|rej|rs|rst|sh|snap|sum|svg|swp|"
    r"toml|tsx?|txt|xml|ya?ml|zip)"
)


def kind_of(path: str) -> Kind | None:
    """Return what the file at *path* is to the bot, or None."""
    name = posixpath.basename(path)
    if path == ".github/multiarch.yml":
        return Kind.CONFIG
    if name.endswith(".dockerignore"):
        return Kind.DOCKERIGNORE
    if _OTHER_LANGUAGE.fullmatch(name):
        return None
    if _DOCKERFILE.fullmatch(name):
        return Kind.DOCKERFILE
    if _MAKEFILE.fullmatch(name):
        return Kind.MAKEFILE
    return None
