"""What each command of the App asks for, and what it does not ask for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot import setting_needs
from bot.errors import UserError
from bot.settings import Settings

ID, KEY, SECRET = (
    "MULTIARCH_APP_ID",
    "MULTIARCH_PRIVATE_KEY",
    "MULTIARCH_WEBHOOK_SECRET",
)
VALUES = {ID: "12", KEY: "the key", SECRET: "hush"}


def read(*names: str) -> Settings:
    """Return settings in which only *names* are set."""
    given = {name: VALUES[name] for name in names}
    return Settings.from_environment({"HOME": "/home/u", **given})


@pytest.mark.parametrize(
    ("need", "names"),
    [
        (setting_needs.serving, (SECRET,)),
        (setting_needs.working, (ID, KEY)),
        (setting_needs.both, (ID, KEY, SECRET)),
    ],
)
def test_a_command_needs_what_it_uses(
    need: Callable[[Settings], Settings], names: tuple[str, ...]
) -> None:
    """The machine that hears webhooks need not hold the key of every repository."""
    settings = read(*names)

    assert need(settings) == settings
    for left_out in names:
        with pytest.raises(UserError, match=left_out):
            need(read(*(set(names) - {left_out})))


def test_everything_that_is_missing_is_told_at_once() -> None:
    """Nobody wants to find out one by one, nor to put a key into a variable."""
    with pytest.raises(UserError) as caught:
        setting_needs.both(read(ID))

    assert str(caught.value) == (
        "MULTIARCH_PRIVATE_KEY (or MULTIARCH_PRIVATE_KEY_FILE) and "
        "MULTIARCH_WEBHOOK_SECRET (or MULTIARCH_WEBHOOK_SECRET_FILE) must be set: "
        "without that the bot is no App to GitHub. README.md says, under The App, "
        "where it comes from."
    )
