"""The text functions of make: words in, words out.

A value that only running a program could tell is a HOLE inside the text. A
function that looks at words one by one carries a hole along; one that compares
or counts them answers with a hole.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping

from bot.parse.holes import HOLE

LONGEST = 50_000
"""No value grows beyond this many characters."""

Text = Callable[..., str]


def patsubst(pattern: str, replacement: str, text: str) -> str:
    """Replace the words of *text* that match *pattern* (``%`` is the stem)."""
    return " ".join(_substituted(pattern, replacement, each) for each in text.split())


def matches(pattern: str, word: str) -> bool:
    """Tell whether a word matches a pattern with at most one ``%``."""
    return _stem(pattern, word) is not None


def pure(name: str) -> tuple[Text, int, bool] | None:
    """Return function *name*, its number of arguments, and if it compares."""
    return _FUNCTIONS.get(name)


def _stem(pattern: str, word: str) -> str | None:
    before, percent, after = pattern.partition("%")
    if not percent:
        return "" if pattern == word else None
    fits = word.startswith(before) and word.endswith(after)
    if not fits or len(word) < len(before) + len(after):
        return None
    return word[len(before) : len(word) - len(after)]


def _substituted(pattern: str, replacement: str, word: str) -> str:
    stem = _stem(pattern, word)
    if stem is None:
        return word
    return replacement.replace("%", stem, 1) if "%" in pattern else replacement


def _subst(old: str, new: str, text: str) -> str:
    if not old:
        return text + new
    if len(text) + text.count(old) * len(new) > LONGEST:
        return HOLE
    return text.replace(old, new)


def _filter(patterns: str, text: str) -> str:
    wanted = patterns.split()
    return " ".join(
        word for word in text.split() if any(matches(each, word) for each in wanted)
    )


def _filter_out(patterns: str, text: str) -> str:
    unwanted = patterns.split()
    return " ".join(
        word
        for word in text.split()
        if not any(matches(each, word) for each in unwanted)
    )


def _directory(word: str) -> str:
    return word[: word.rfind("/") + 1] or "./"


def _extension(word: str) -> str:
    name = word[word.rfind("/") + 1 :]
    return name[name.rfind(".") :] if "." in name else ""


def _basename(word: str) -> str:
    return word.removesuffix(_extension(word))


def _each(change: Callable[[str], str]) -> Text:
    def over(text: str) -> str:
        return " ".join(filter(None, (change(word) for word in text.split())))

    return over


def _number(text: str) -> int:
    digits = text.strip()
    return int(digits) if re.fullmatch(r"[0-9]{1,9}", digits) else 0


def _word(index: str, text: str) -> str:
    words, place = text.split(), _number(index)
    return words[place - 1] if 0 < place <= len(words) else ""


def _wordlist(first: str, last: str, text: str) -> str:
    return " ".join(text.split()[max(_number(first), 1) - 1 : _number(last)])


def _first(text: str) -> str:
    return next(iter(text.split()), "")


def _last(text: str) -> str:
    return next(iter(text.split()[::-1]), "")


def _join(left: str, right: str) -> str:
    ones, others = left.split(), right.split()
    size = max(len(ones), len(others))
    ones += [""] * (size - len(ones))
    others += [""] * (size - len(others))
    return " ".join(one + other for one, other in zip(ones, others, strict=True))


def _normal(word: str) -> str:
    return posixpath.normpath(word)


_FUNCTIONS: Mapping[str, tuple[Text, int, bool]] = {
    "subst": (_subst, 3, False),
    "patsubst": (patsubst, 3, False),
    "strip": (lambda text: " ".join(text.split()), 1, False),
    "findstring": (lambda part, text: part if part in text else "", 2, True),
    "filter": (_filter, 2, True),
    "filter-out": (_filter_out, 2, True),
    "sort": (lambda text: " ".join(sorted(set(text.split()))), 1, True),
    "word": (_word, 2, True),
    "wordlist": (_wordlist, 3, True),
    "words": (lambda text: str(len(text.split())), 1, True),
    "firstword": (_first, 1, False),
    "lastword": (_last, 1, False),
    "dir": (_each(_directory), 1, False),
    "notdir": (_each(lambda word: word[word.rfind("/") + 1 :]), 1, False),
    "suffix": (_each(_extension), 1, False),
    "basename": (_each(_basename), 1, False),
    "addsuffix": (lambda end, text: " ".join(w + end for w in text.split()), 2, False),
    "addprefix": (lambda top, text: " ".join(top + w for w in text.split()), 2, False),
    "join": (_join, 2, True),
    # The directory of make is ``.`` to us: absolute and relative are the same.
    "abspath": (_each(_normal), 1, False),
    "realpath": (_each(_normal), 1, False),
}
