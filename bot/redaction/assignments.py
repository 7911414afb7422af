"""Values of settings that are named like secrets, however they are written. Pure.

``NPM_TOKEN=abc``, ``"token": "abc"``, ``password: abc``, ``--password abc`` and
``ENV API_KEY abc``. A name alone does not make a secret of a word in a sentence:
``failed to fetch oauth token: unexpected status`` stays as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.redaction import tokens
from bot.redaction.names import gives_away, is_secret_name

_NAME = re.compile(
    r"""
    (?<![\w./-]) (?P<dashes> -{0,2} ) (?P<name> [A-Za-z_] [\w.-]{0,99} )
    (?P<between> ["'\\]{0,3} (?: =(?![=~]) >? | \s{1,3} :?= >? \s{1,3}
                               | \s{0,3} : \s{1,3} | : (?=["'\\]) )
               | \s{1,3} (?=[^\s=:]) )
    """,
    re.VERBOSE,
)
_QUOTED = (
    re.compile(r'"(?P<value>(?:[^"\\]|\\.){0,4096})'),
    re.compile(r"'(?P<value>[^']{0,4096})"),
    re.compile(r"""\\["'](?P<value>[^"'\\]{0,4096})"""),
)
_BLANK = re.compile(r"\s")
_AFTER_ENV = re.compile(r"(?<!\w)ENV\s{1,8}\Z")
_NEAR = 12
_ENDS = "\"'`)]};,:\\"
"""What stands behind a value and is none of it."""
_START = re.compile(r"(?:#\d{1,9} (?:\d{1,9}\.\d{1,9} )?)?\s{0,200}(?:- )?")
_TELLING = re.compile(r"[0-9+=!@#$%^&*]")
_SOURCES = ("id=", "type=", "src=", "env=")
"""How ``docker build --secret`` says where a secret comes from."""
_LEAST, _WORD, _WHOLE, _BARE, _BESIDE = 4, 6, 16_384, 4_096, 64


@dataclass(slots=True)
class _Words:
    """Where the words of a line end: looked for once, however many names it has."""

    line: str
    last: int = 0
    """Where the last word ends."""
    telling: int = -1
    address: int = -1
    """Where the last character stands that tells a secret, and the last ``://``."""
    _start: int = 0
    _end: int = 0

    def __post_init__(self) -> None:
        self.last = len(self.line.rstrip())
        self.address = self.line.rfind("://")
        for hit in _TELLING.finditer(self.line):
            self.telling = hit.start()

    def end(self, start: int) -> int:
        """Return where the word ends that has *start* in it."""
        if not self._start <= start < self._end:
            blank = _BLANK.search(self.line, start)
            self._start, self._end = start, blank.start() if blank else len(self.line)
        return self._end

    def bare(self, start: int) -> str:
        """Return the word from *start* on, without what only stands behind it."""
        return self.line[start : min(self.end(start), start + _BARE)].rstrip(_ENDS)


@dataclass(frozen=True, slots=True)
class _Setting:
    """A name that was found, and the line that it stands in."""

    line: str
    words: _Words
    found: re.Match[str]

    @property
    def name(self) -> str:
        return self.found["name"]

    @property
    def is_first(self) -> bool:
        """Tell whether nothing stands before it in the line."""
        start = _START.match(self.line)
        quoted = self.line[self.found.start() - 1 : self.found.start()] in {'"', "'"}
        return start is not None and start.end() == self.found.start() - quoted

    def span(self) -> tuple[int, int] | None:
        """Return where the value stands, if it is one to strike out."""
        between = self.found["between"]
        if "=" in between:
            return self._equal()
        if ":" in between:
            return self._colon()
        return self._spaced()

    def _equal(self) -> tuple[int, int] | None:
        # libsecret-1-0=0.20.5-2 is a package and its version.
        if "-" in self.name and not self.found["dashes"]:
            return None
        if self.is_first and self.name.isupper() and not self._quoted():
            return self._whole()  # as `env` prints it, blanks and all
        return self._value()

    def _colon(self) -> tuple[int, int] | None:
        if self.name.lower() == "pass":
            return None  # PASS: the name of a test
        if self._quoted():
            return self._value()
        start, words = self.found.end(), self.words
        alone = start < words.last == words.end(start) <= start + _BARE
        bare = words.bare(start)[:_BESIDE] if alone else ""
        size = len(bare.lstrip(_ENDS))
        if words.address >= start + len(bare) - size or size < _LEAST:
            return None
        telling = size >= _WORD and words.telling >= start
        return self._value() if self.is_first or telling else None

    def _spaced(self) -> tuple[int, int] | None:
        if self.found["dashes"] == "--":
            told = self.line.startswith(("-", *_SOURCES), self.found.end())
            return None if told else self._value()
        start = self.found.start()
        near = self.line[max(start - _NEAR, 0) : start]
        return self._whole() if _AFTER_ENV.search(near) else None

    def _whole(self) -> tuple[int, int] | None:
        start = self.found.end()
        return _span(start, self.line[start : start + _WHOLE].rstrip())

    def _quoted(self) -> re.Match[str] | None:
        tries = (quote.match(self.line, self.found.end()) for quote in _QUOTED)
        return next((found for found in tries if found), None)

    def _value(self) -> tuple[int, int] | None:
        start = self.found.end()
        quoted = self._quoted()
        if quoted:
            return _span(quoted.start("value"), quoted["value"])
        return _span(start, self.words.bare(start))


def strike(line: str) -> str:
    """Return *line* without the values of settings named like secrets."""
    done, at = [], 0
    place = _NAME.search(line)
    words = _Words(line) if place else None
    while place and words:
        known = is_secret_name(place["name"])
        span = _Setting(line, words, place).span() if known else None
        if span:
            done += [line[at : span[0]], tokens.marked(line[slice(*span)])]
            at = span[1]
        place = _NAME.search(line, max(at, place.end()))
    return "".join((*done, line[at:]))


def _span(start: int, value: str) -> tuple[int, int] | None:
    return (start, start + len(value)) if gives_away(value) else None
