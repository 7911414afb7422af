"""Passwords in web addresses, in headers and on the lines of commands. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.redaction.mark import mark
from bot.redaction.names import is_reference

_SCHEMES = frozenset(
    {"apikey", "basic", "bearer", "digest", "negotiate", "ntlm", "token"}
)
_NUMBERS = re.compile(r"[0-9]{1,10}")
_TWO, _PROSE = 2, 8


def _any(value: str) -> bool:
    return True


def _is_header(value: str) -> bool:
    """Tell ``Bearer abc`` and ``abc`` from a sentence about the header."""
    first, *rest = value.split()
    if first.lower().rstrip(":") in _SCHEMES:
        return bool(rest) and not is_reference(rest[0])
    return "=" in value or (len(rest) < _TWO and len(first) >= _PROSE)


def _is_pair(value: str) -> bool:
    return "=" in value


def _is_no_group(value: str) -> bool:
    """Tell a password from the number of a group (``--user 1000:1000``)."""
    return not _NUMBERS.fullmatch(value)


def _is_no_word(value: str) -> bool:
    return any(character in "0123456789=" for character in value)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a secret stands: *pattern* ends with it, as the group ``secret``."""

    what: str
    hint: str
    pattern: re.Pattern[str]
    is_meant: Callable[[str], bool] = _any


_PLACES = (
    _Place(
        "password",
        "://",
        re.compile(r"(?<=://)[^\s/@:\"'<>]{0,256}:(?P<secret>[^\s/\"'<>]{1,512})(?=@)"),
    ),
    _Place(
        "login",
        "://",
        re.compile(r"(?<=://)(?P<secret>[^\s/@:\"'<>\[\]]{20,512})(?=@)"),
    ),
    _Place(
        "Authorization header",
        "authorization",
        re.compile(
            r"(?<![\w-])(?i:(?:proxy-)?authorization)[\"'\\]{0,2}\s{0,3}[:=]\s{0,3}"
            r"[\"'\\]{0,2}(?P<secret>[^\s\"'\\][^\"'\r\n\\]{0,4096})"
        ),
        _is_header,
    ),
    _Place(
        "cookie",
        "cookie",
        re.compile(
            r"(?<![\w-])(?i:(?:set-)?cookie)[\"'\\]{0,2}\s{0,3}:\s{0,3}[\"'\\]{0,2}"
            r"(?P<secret>[^\s\"'\\][^\"'\r\n\\]{0,8192})"
        ),
        _is_pair,
    ),
    _Place(
        "token",
        "bearer",
        re.compile(
            r"(?<!\w)(?i:bearer)\s{1,3}(?P<secret>[A-Za-z0-9._~+/-]{16,4096}={0,2})"
        ),
        _is_no_word,
    ),
    _Place(
        "password",
        "basic ",
        re.compile(r"(?<!\w)(?i:basic)\s(?P<secret>[A-Za-z0-9+/]{12,4096}={0,2})"),
        _is_no_word,
    ),
    _Place(
        "password",
        "login",
        re.compile(
            r"(?<![\w-])login\s(?:[^|;&\s]{1,200}\s{1,3}){0,12}?-p[ =]?[\"']?"
            r"(?P<secret>[^\s\"'-][^\s\"']{0,512})"
        ),
    ),
    _Place(
        "password",
        "sshpass",
        re.compile(r"(?<!\w)sshpass\s{1,3}-p\s?[\"']?(?P<secret>[^\s\"']{1,512})"),
    ),
    _Place(
        "password",
        "mysql",
        re.compile(
            r"(?<!\w)mysql\w{0,10}\s(?:[^|;&\s]{1,200}\s{1,3}){0,12}?-p[\"']?"
            r"(?P<secret>[^\s\"']{1,512})"
        ),
    ),
    _Place(
        "password",
        "curl",
        re.compile(
            r"(?<!\w)curl\s(?:[^|;&\s]{1,512}\s{1,3}){0,24}?"
            r"(?:-[A-Za-z]{0,8}u|--user|-U|--proxy-user)[ =]?[\"']?"
            # A second one is found once the first is struck out, or is a reference.
            r"[^\s:\"']{0,256}:(?!\[struck|\\?\$)(?P<secret>[^\s\"']{1,512})"
        ),
        _is_no_group,
    ),
    _Place(
        "password",
        "password",
        re.compile(
            r"(?<!\w)machine\s\S{1,256}\slogin\s\S{1,256}\spassword\s"
            r"(?P<secret>\S{1,512})"
        ),
    ),
    _Place(
        "password",
        "pass:",
        re.compile(r"(?<=\s)-pass(?:in|out)?\s{1,3}pass:(?P<secret>[^\s\"']{1,512})"),
    ),
)


def strike(text: str) -> str:
    """Return *text* without the passwords that are known by their place."""
    small = text.lower()
    for place in _PLACES:
        if place.hint in small:
            text = place.pattern.sub(_struck(place), text)
    return text


def _struck(place: _Place) -> Callable[[re.Match[str]], str]:
    def replaced(found: re.Match[str]) -> str:
        secret = found["secret"]
        if is_reference(secret) or not place.is_meant(secret):
            return found[0]
        start = found.start("secret") - found.start()
        return found[0][:start] + mark(place.what)

    return replaced
