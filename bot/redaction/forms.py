"""Secrets of settings whose name and value are joined as a file format joins them.

Addresses (``?private-token=abc``), headers on the line of a command, elements of
XML, lists of words, pairs of a name and a value, and ``config set`` commands. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.redaction import tokens
from bot.redaction.names import gives_away, is_reference, is_secret_name

_SIGNATURE = 16
"""Characters of the shortest value that signs an address."""
_SOURCES = ("-", "id=", "type=", "src=", "env=")
"""What stands behind an option and is no value of it."""


def _any(found: re.Match[str]) -> bool:
    return is_secret_name(found["name"])


def _in_address(found: re.Match[str]) -> bool:
    """Tell whether it is a secret, or signs the address so that it can be used."""
    signs = found["name"].lower().endswith("signature")
    return _any(found) or (signs and len(found["value"]) >= _SIGNATURE)


def _in_element(found: re.Match[str]) -> bool:
    return _any(found) and found["name"].lower() != "pass"  # results of tests


def _behind_option(found: re.Match[str]) -> bool:
    return _any(found) and not found["value"].startswith(_SOURCES)


def _in_header(found: re.Match[str]) -> bool:
    """Tell it from a reference; two headers are known by their place."""
    known = found["name"].lower().endswith(("authorization", "cookie"))
    return _any(found) and not (known or is_reference(found["value"].split()[-1]))


def _as_header(found: re.Match[str]) -> bool:
    """Tell the value of a header from a word about it (``"api-key: required"``)."""
    value = found["value"]
    return _any(found) and not (value.isalpha() and value[1:].islower())


@dataclass(frozen=True, slots=True)
class _Form:
    """How a *name* and, behind it, a *value* are joined; *hint* is in small letters."""

    hint: str
    pattern: re.Pattern[str]
    is_meant: Callable[[re.Match[str]], bool] = _any


_FORMS = (
    _Form(
        "=",
        re.compile(
            r"(?<=[?&;])(?P<name>[A-Za-z_][\w.-]{0,99})="
            r"(?P<value>[^\s&;#\"'<>`]{1,4096})"
        ),
        _in_address,
    ),
    _Form(
        "%3d",
        re.compile(
            r"(?:(?<![\w.%-])|(?<=%[0-9A-Fa-f]{2}))(?P<name>[A-Za-z_][\w.-]{0,99})"
            r"%3[Dd](?P<value>(?:[^\s&%\"'<>`]|%(?!26)[0-9A-Fa-f]{2}){1,4096})"
        ),
        _in_address,
    ),
    _Form(
        "-h",
        re.compile(
            r"(?<![\w-])(?:-H|--header)[ =]{0,3}\\?[\"'](?P<name>[A-Za-z][\w.-]{0,99})"
            r":\s{0,3}(?P<value>[^\s\"'\\][^\"'\r\n\\]{0,4096})"
        ),
        _in_header,
    ),
    _Form(
        "-h",
        re.compile(
            r"(?<![\w-])(?:-H|--header)[ =]{0,3}(?P<name>[A-Za-z][\w.-]{0,99})"
            r":(?P<value>[^\s\"'\\]{1,4096})"
        ),
        _in_header,
    ),
    _Form(
        ":",
        re.compile(
            r"(?<=[\"'])(?P<name>[A-Za-z]\w{0,49}-[\w.-]{0,99}):\s{1,3}"
            r"(?P<value>[^\s\"'\\]{6,4096})(?=\\?[\"'])"
        ),
        _as_header,
    ),
    _Form(
        "</",
        re.compile(
            r"<(?P<name>[A-Za-z_][\w.:-]{0,99})(?:\s[^<>]{0,256})?>"
            r"(?P<value>[^<>\r\n]{1,4096})(?=</)"
        ),
        _in_element,
    ),
    _Form(
        "--",
        re.compile(
            r"(?<=[\"'])--(?P<name>[A-Za-z][\w.-]{0,99})\\?[\"']\s{0,3},\s{0,3}"
            r"\\?[\"'](?P<value>[^\"'\\]{1,4096})"
        ),
        _behind_option,
    ),
    _Form(
        "value",
        re.compile(
            r"(?<!\w)(?i:name|key)\\?[\"']?\s{0,3}[:=]\s{0,3}\\?[\"']"
            r"(?P<name>[A-Za-z_][\w.:-]{0,99})\\?[\"'],?\s{0,3}"
            r"\\?[\"']?(?i:value)\\?[\"']?\s{0,3}[:=]\s{0,3}"
            r"\\?[\"'](?P<value>[^\"'\\]{1,4096})"
        ),
    ),
    _Form(
        "value",
        re.compile(
            r"(?<!\w)(?i:value)\\?[\"']?\s{0,3}[:=]\s{0,3}"
            r"\\?[\"'](?P<value>[^\"'\\]{1,4096})\\?[\"'],?\s{0,3}"
            r"\\?[\"']?(?i:name|key)\\?[\"']?\s{0,3}[:=]\s{0,3}\\?[\"']"
            r"(?P<name>[A-Za-z_][\w.:-]{0,99})(?=\\?[\"'])"
        ),
    ),
    _Form(
        "config",
        re.compile(
            r"(?<![\w-])(?:config(?:ure)?\s{1,3}(?:--?\S{1,40}\s{1,3}){0,3}set"
            r"|(?:poetry|composer)\s{1,3}config)\s{1,3}(?:--?\S{1,40}\s{1,3}){0,3}"
            r"[\"']?(?P<name>[^\s=\"']{1,300})[\"']?(?:=|\s{1,3})[\"']?"
            r"(?P<value>[^\s\"']{1,4096})"
        ),
        _behind_option,
    ),
)


def strike(text: str) -> str:
    """Return *text* without the values that a known form says are secrets."""
    small = text.lower()
    for form in _FORMS:
        if form.hint in small:
            text = form.pattern.sub(_struck(form), text)
    return text


def _struck(form: _Form) -> Callable[[re.Match[str]], str]:
    def replaced(found: re.Match[str]) -> str:
        if not (gives_away(found["value"]) and form.is_meant(found)):
            return found[0]
        start, end = (at - found.start() for at in found.span("value"))
        return found[0][:start] + tokens.marked(found["value"]) + found[0][end:]

    return replaced
