"""Strike out of a log, line after line, what no log should keep. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.redaction import assignments, credentials, forms, tokens
from bot.redaction.keys import Keys
from bot.redaction.mark import BEGIN, UNNAMED, apart, mark

_CONTINUED = re.compile(
    r"(?:\\[ \t]*+|(?<![ \t\\])[ \t]++)?\n(?:[ \t]*#[^\n]*\n)*[ \t]*"  # each run once
)
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff"
    "\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
"""What no reader sees (Default_Ignorable_Code_Point of Unicode, and controls), and
what would part a secret so that nobody knows it."""
_ROUNDS = 8
_SHORTEST = 6
"""A shorter value would be found in ordinary words."""
MOST_GIVEN = 200
"""How many values of strangers are looked for in each line of a log."""


@dataclass(slots=True)
class Striker:
    """Takes the lines of one log in order, since a key stands on many of them.

    *hidden* are values that are known to be secrets, whatever their shape.
    """

    hidden: tuple[str, ...] = ()
    _given: frozenset[str] = frozenset()
    _keys: Keys = field(default_factory=Keys)

    def hide(self, values: Iterable[str]) -> None:
        """Strike out *values* as well from now on, the longest first."""
        known = {*self.hidden, *_findable(values)}
        self.hidden = tuple(sorted(known, key=lambda one: (-len(one), one)))

    def hide_given(self, values: Iterable[str]) -> bool:
        """Strike out a stranger's *values* too, unless they become too many.

        Nothing is displaced by them: then none of these is, and this returns False.
        """
        given = self._given | _findable(values)
        if len(given) > MOST_GIVEN:
            return False
        self._given = given
        self.hide(given)
        return True

    def line(self, text: str) -> str:
        """Return the next line as it may be kept."""
        seen = _UNSEEN.sub("", text)
        done = self._without_secrets(seen)
        return text if done == seen else done

    def _without_secrets(self, text: str) -> str:
        done = self._keys.strike(self._known(text))
        for _ in range(_ROUNDS):
            before, done = done, _round(done)
            if done == before:
                break
        return done

    def text(self, text: str) -> str:
        """Return the next lines as they may be kept."""
        return "\n".join(self.line(line) for line in text.split("\n"))

    def _known(self, text: str) -> str:
        """Strike out the hidden values, but nothing of what stands for one."""
        for value in self.hidden:
            if value in text:
                pieces = apart(text)
                pieces[::2] = (
                    each.replace(value, mark(UNNAMED)) for each in pieces[::2]
                )
                text = "".join(pieces)
        return text


def strike(text: str, hidden: Iterable[str] = ()) -> str:
    """Return *text*, one line or many, without the secrets in it."""
    striker = Striker()
    striker.hide(hidden)
    return striker.text(text)


def as_shown(keyword: str, written: str, shown: str) -> str:
    """Return what is *written* behind the *keyword* of an instruction as logs have it.

    *shown* is what a log says of it: where that has lost a secret, the instruction
    that it is compared with loses its own.
    """
    if BEGIN not in shown:
        return written
    one_line = _CONTINUED.sub("", written)
    return strike(f"{keyword} {one_line}").removeprefix(f"{keyword} ")


def _findable(values: Iterable[str]) -> frozenset[str]:
    return frozenset(one for one in values if len(one) >= _SHORTEST)


def _round(line: str) -> str:
    return tokens.strike(assignments.strike(forms.strike(credentials.strike(line))))
