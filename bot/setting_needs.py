"""Which settings each command of the App cannot do without."""

from __future__ import annotations

from bot import setting_sources
from bot.errors import UserError
from bot.settings import Settings


def serving(settings: Settings) -> Settings:
    """Return *settings* if they are enough to receive webhooks."""
    return _complete(settings, _secret(settings))


def working(settings: Settings) -> Settings:
    """Return *settings* if they are enough to do jobs as the App."""
    return _complete(settings, _identity(settings))


def both(settings: Settings) -> Settings:
    """Return *settings* if they are enough to serve and to work."""
    return _complete(settings, _identity(settings) | _secret(settings))


def _identity(settings: Settings) -> dict[str, str]:
    return {
        "MULTIARCH_APP_ID": settings.app_id,
        "MULTIARCH_PRIVATE_KEY": settings.private_key,
    }


def _secret(settings: Settings) -> dict[str, str]:
    return {"MULTIARCH_WEBHOOK_SECRET": settings.webhook_secret}


def _complete(settings: Settings, needed: dict[str, str]) -> Settings:
    missing = [_with_file(name) for name, value in needed.items() if not value]
    if missing:
        raise UserError(
            f"{' and '.join(missing)} must be set: without that the bot is no App to "
            "GitHub. README.md says, under The App, where it comes from."
        )
    return settings


def _with_file(name: str) -> str:
    takes_file = name in setting_sources.FROM_FILES
    return f"{name} (or {name}_FILE)" if takes_file else name
