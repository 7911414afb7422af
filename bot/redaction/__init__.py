"""Strike secrets out of what programs print, before anybody keeps it. Pure."""

from bot.redaction.names import is_secret_name, secret_values
from bot.redaction.striking import MOST_GIVEN, Striker, as_shown, strike

__all__ = [
    "MOST_GIVEN",
    "Striker",
    "as_shown",
    "is_secret_name",
    "secret_values",
    "strike",
]
