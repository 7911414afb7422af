"""What a benchmark says: figures with units, as a table or as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One number and what it counts."""

    name: str
    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class Bench:
    """One subject: what is asked for by *name*, and how to measure it.

    *measure* raises Missing where this machine lacks what it needs.
    """

    name: str
    summary: str
    measure: Callable[[], tuple[Figure, ...]]


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of one bench; *skipped* says why there are no figures."""

    bench: str
    command: str
    figures: tuple[Figure, ...] = ()
    skipped: str = ""


HEADINGS = ("Figure", "Value", "Unit", "Command")


def table(measured: Iterable[Measured]) -> str:
    """Return one Markdown table, which is readable as it is."""
    rows = [HEADINGS, *(row for one in measured for row in _rows(one))]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    right = f"{'-' * (widths[1] - 1)}:"
    rule = ("-" * widths[0], right, "-" * widths[2], "-" * widths[3])
    lines = (_line(row, widths) for row in (rows[0], rule, *rows[1:]))
    return "\n".join(lines)


def as_json(measured: Iterable[Measured]) -> str:
    """Return the same for programs."""
    return json.dumps({"schema": 1, "benches": [asdict(one) for one in measured]})


def number(value: float) -> str:
    """Return *value* with as many places as it is worth showing."""
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _rows(one: Measured) -> list[tuple[str, str, str, str]]:
    command = f"`{one.command}`"
    if one.skipped:
        return [(f"{one.bench}: skipped: {one.skipped}", "", "", command)]
    return [(each.name, number(each.value), each.unit, command) for each in one.figures]


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    name, value, unit, command = row
    cells = (
        name.ljust(widths[0]),
        value.rjust(widths[1]),
        unit.ljust(widths[2]),
        command.ljust(widths[3]),
    )
    return f"| {' | '.join(cells)} |"
