"""The environment that a bot under test is started with."""

from __future__ import annotations

import os
from collections.abc import Mapping


def surroundings(**settings: str) -> Mapping[str, str]:
    """Return this process's environment with *settings* and no others of a bot.

    What a machine sets for a bot of its own, its database above all, is not for
    one that is only tried.
    """
    known = os.environ.items()
    plain = {name: word for name, word in known if not name.startswith("MULTIARCH_")}
    return {**plain, **settings}
