"""Where an architecture is named on purpose, and must be left alone. Pure."""

from __future__ import annotations

import re

from bot.architecture import mentions
from bot.parse.dockerfile import Dockerfile, Stage
from bot.parse.shell import Command
from bot.project import is_for
from bot.references import is_for_windows

_VENDORED = {"vendor", "node_modules", "third_party", "testdata", "_vendor"}
_ASKS = re.compile(
    r"""
    \b uname \b | \b arch \b | print-(?:foreign-)?architecture
    | \$ \{? \w* (?:ARCH|PLATFORM|MACHINE) \w* | \b GOARCH \b
    """,
    re.VERBOSE | re.IGNORECASE,
)


def is_for_one_architecture(path: str) -> bool:
    """Tell whether a file says in its name that it is for one architecture.

    ``Dockerfile-s390x`` has siblings, and the build chooses between them.
    """
    return is_for(path) is not None


def is_vendored(path: str) -> bool:
    """Tell whether the file at *path* is somebody else's work."""
    return bool(_VENDORED & set(path.split("/")[:-1]))


def is_judged(file: Dockerfile) -> bool:
    """Tell whether what *file* says about architectures is worth a judgement.

    Windows images are of another world: a Linux builder never makes them.
    """
    path = file.source.path
    if is_for_one_architecture(path) or is_vendored(path):
        return False
    return not is_for_windows(file)


def is_pinned(stage: Stage) -> bool:
    """Tell whether *stage* is meant for the one architecture that it names."""
    platform = stage.platform.text if stage.platform else ""
    return bool(mentions(stage.name) or mentions(platform))


def is_guarded(command: Command) -> bool:
    """Tell whether *command* runs only where the architecture was asked for."""
    return any(_ASKS.search(guard) or mentions(guard) for guard in command.guards)
