"""Write Markdown in which text from outside stays text. Pure.

Logs, paths, branch names and messages may hold fences, mentions, links, HTML
and table rows. Whatever they hold, they open nothing, close nothing, call
nobody and link nowhere (https://github.github.com/gfm/).
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Sequence

LIMIT = 65_535
"""Characters that GitHub takes in one text."""

_RESERVE = 200
"""Characters kept free for the note about what was left out."""
_LONGEST_SPAN = 240
_GLANCE = 2000
_BLANK = "\N{ZERO WIDTH SPACE}"
_SPECIAL = re.compile(r"([\\`*_\[\]<>&|~$])")
_MARKER = re.compile(r"([#+\-=]|[0-9]+(?=[.)]))")
"""What opens a heading, a list or a ruler where it stands first."""
_WAKING = re.compile(
    r"""
    (?<=[@#])                     # @user, #12
    | (?=://) | (?<=[wW]{3})(?=\.)  # https://…, www.…
    | (?<=[gG][hH]-)              # GH-12
    | (?<=\b[0-9a-f]{6}) (?=[0-9a-f])  # the id of a commit
    """,
    re.VERBOSE,
)
_TICKS = re.compile(r"`+")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def one_line(text: str) -> str:
    """Return *text* on one line, without characters that are not seen."""
    return " ".join("".join(_visible(one) for one in text).split())


def plain(text: str) -> str:
    """Return *text* as running text on one line."""
    escaped = _escaped(one_line(text))
    marker = _MARKER.match(escaped)
    if not marker:
        return escaped
    at = 0 if marker[0][0] in "#+-=" else marker.end()
    return f"{escaped[:at]}\\{escaped[at:]}"


def code(text: str) -> str:
    """Return *text* as a code span on one line; long text is cut."""
    # A glance is enough: what is cut off anyway need not be looked at.
    shown = _shortened(one_line(text[:_GLANCE]), _LONGEST_SPAN)
    if not shown:
        return "(empty)"
    ticks = "`" * (longest_run(shown) + 1)
    # A blank at both ends is taken off again (GFM 6.3), so ticks may be inside.
    blank = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return f"{ticks}{blank}{shown}{blank}{ticks}"


def prose(text: str) -> str:
    """Return a message of ours: text, with code between single backticks."""
    first, *pieces = one_line(text).split("`")
    if len(pieces) % 2:
        return plain(text)
    shown = (
        _escaped(piece) if number % 2 else code(piece)
        for number, piece in enumerate(pieces)
    )
    blank = " " if first.endswith(" ") else ""
    return "".join((plain(first), blank, *shown))


def fence(text: str, language: str = "", most: int = 8000) -> str:
    """Return *text* as a code block; beyond *most* characters it is cut."""
    lines = _lines(text)
    shown = _whole_lines(lines, most)
    left = len(lines) - len(shown)
    body = "\n".join(shown)
    ticks = "`" * max(3, longest_run(body) + 1)
    block = f"{ticks}{language}\n{body}\n{ticks}" if shown else f"{ticks}\n{ticks}"
    return f"{block}\n\n({left} more lines are not shown.)" if left else block


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of cells that are Markdown already."""
    ruler = ["---"] * len(header)
    return "\n".join(_row(cells) for cells in (header, ruler, *rows))


def details(summary: str, body: str) -> str:
    """Return *body* folded away under *summary*, which may be anybody's text."""
    # Inside a summary there is only HTML: a backslash escapes nothing.
    shown = _WAKING.sub(_BLANK, html.escape(one_line(summary)))
    return f"<details>\n<summary>{shown}</summary>\n\n{body}\n\n</details>"


def bounded(blocks: Iterable[str], limit: int = LIMIT) -> str:
    """Join *blocks*; those that no longer fit are left out, and a note says so."""
    written: list[str] = []
    length = left = 0
    for block in blocks:
        needed = len(block) + 2
        if length + needed > limit - _RESERVE:
            left += 1
        else:
            written.append(block)
            length += needed
    if left:
        parts = "part of this text is" if left == 1 else "parts of this text are"
        written.append(f"({left} {parts} left out: GitHub takes {limit} characters.)")
    return "\n\n".join(written)


def clean(text: str) -> str:
    """Return *text* without characters that are not seen; lines stay."""
    return "\n".join(_lines(text))


def longest_run(text: str) -> int:
    """Return the length of the longest run of backticks in *text*."""
    return max((len(run) for run in _TICKS.findall(text)), default=0)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"


def _escaped(text: str) -> str:
    return _WAKING.sub(_BLANK, _SPECIAL.sub(r"\\\1", text))


def _lines(text: str) -> list[str]:
    lines = text.replace("\r\n", "\n").split("\n")
    if lines[-1] == "":
        lines.pop()
    return ["".join(_visible(one) for one in line) for line in lines]


def _visible(character: str) -> str:
    """Replace what reorders, hides or steers text."""
    if character == "\t" or unicodedata.category(character) not in _HIDDEN:
        return character
    return " " if character in "\r\n" else "\N{REPLACEMENT CHARACTER}"


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _whole_lines(lines: list[str], most: int) -> list[str]:
    shown: list[str] = []
    length = 0
    for line in lines:
        length += len(line) + 1
        if length > most:
            break
        shown.append(line)
    if lines and not shown:
        return [_shortened(lines[0], most)]
    return shown
