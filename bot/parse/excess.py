"""Which build files are more than can be judged in bounded time."""

from __future__ import annotations

from collections.abc import Iterator

from bot.parse import make_conditionals
from bot.parse.dockerfile import Dockerfile
from bot.parse.makefile import Guard, Makefile

_MOST_STAGES = 500
_MOST_INSTRUCTIONS = 5_000
"""More are no author's: Docker itself stops at 127 layers of one image."""
_MOST_RULES = 2_000
_MOST_LINES = 10_000
_MOST_EVENTS = 5_000
"""Generated Makefiles of large projects stay far below."""


def excess(file: object) -> str:
    """Say why *file* is more than is judged; mostly nothing."""
    for found, most, what in _counted(file):
        if found > most:
            return f"it has {found} {what}; more than {most} are not judged"
    return ""


def _counted(file: object) -> Iterator[tuple[int, int, str]]:
    if isinstance(file, Dockerfile):
        yield len(file.stages), _MOST_STAGES, "stages"
        yield len(file.instructions), _MOST_INSTRUCTIONS, "instructions"
    elif isinstance(file, Makefile):
        lines = sum(len(rule.recipe) for rule in file.rules)
        yield len(file.rules), _MOST_RULES, "rules"
        yield lines, _MOST_LINES, "recipe lines"
        yield len(file.events), _MOST_EVENTS, "assignments and conditions"
        guarded = (*file.rules, *(e for e in file.events if not isinstance(e, Guard)))
        nested = max((len(each.guards) for each in guarded), default=0)
        yield nested, make_conditionals.MOST, "conditions around one line"
