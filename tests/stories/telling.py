"""Read what the bot wrote, as far as it is the same on every machine."""

from __future__ import annotations

import re

from tests.world.github.entities import Comment, ReviewComment

_CELL = re.compile(r"(?<!\\)\|")
_SPAN = re.compile(r"`+([^`]+)`+")
_CHANGE = re.compile(r"(?:.*: )?(?P<paths>`[^`]+`(?:, `[^`]+`)*) \(`(?P<rule>.*)`\)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_SECONDS = re.compile(r"\d+\.\d s")
_BUILDER = re.compile(r", (classic|buildkit|buildx)\)")
_SUGGESTION = re.compile(r"```suggestion\n(.*?)\n?```", re.DOTALL)


def errors(body: str) -> list[tuple[str, str, str]]:
    """Return platform, cause and the changed files of the table of errors."""
    rows = [_CELL.split(line)[1:-1] for line in body.splitlines() if _is_row(line)]
    return [(_name(row[1]), _name(row[3]), _changes(row[4])) for row in rows]


def proof(body: str) -> list[str]:
    """Return the lines of the proof, without durations, days and builders."""
    lines = [line for line in body.splitlines() if line.startswith("- **")]
    return [
        _DAY.sub("DAY", _BUILDER.sub(")", _SECONDS.sub("N s", line))) for line in lines
    ]


def suggestions(remarks: list[ReviewComment]) -> list[tuple[str, str]]:
    """Return path and suggested lines of each remark that suggests some."""
    found = [(one.path, _SUGGESTION.search(one.body)) for one in remarks]
    return [(path, match[1]) for path, match in found if match]


def by_the_bot(comments: list[Comment]) -> list[str]:
    """Return what the bot said, without its hidden marks."""
    mine = [one.body for one in comments if one.user.login == "multiarch[bot]"]
    return [body.partition("\n\n<!--")[0] for body in mine]


def _name(cell: str) -> str:
    """Return what stands in the first code span of a cell."""
    hit = _SPAN.search(cell)
    return hit[1] if hit else ""


def _changes(cell: str) -> str:
    """Return the files of a cell and the rules that changed them."""
    hits = [_CHANGE.fullmatch(part.strip()) for part in cell.split("<br>")]
    return "; ".join(
        f"{path} ({hit['rule']})"
        for hit in hits
        if hit
        for path in _SPAN.findall(hit["paths"])
    )


def _is_row(line: str) -> bool:
    return re.match(r"\| \d+ \|", line) is not None
