"""Read the App's settings, and take its secrets out of the environment.

Programs that the bot starts are given a short environment anyway. This is for
whatever else may look: a library that passes all of it on, or a report of a crash.
What the system keeps of the process's first environment (``/proc/PID/environ``, for
the same user and root) stays: a key in a file that ``…_FILE`` names never is there.
"""

from __future__ import annotations

from collections.abc import MutableMapping

from bot import setting_sources
from bot.settings import Settings, entries

SECRETS = (
    "MULTIARCH_PRIVATE_KEY",
    "MULTIARCH_WEBHOOK_SECRET",
    "MULTIARCH_DATABASE_URL",
)
"""The variables that open something; the address of a database has its password."""


def taken(environ: MutableMapping[str, str]) -> Settings:
    """Return the settings that *environ* holds, and leave no secret in it.

    What is set and cannot be meant is told in the log.
    """
    try:
        setting_sources.warn(environ, (entry.variable for entry in entries()))
        return Settings.from_environment(environ)
    finally:
        for name in SECRETS:
            environ.pop(name, None)
