"""Measure and print: ``python -m tests.bench [NAME …] [--json]``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence

from bot.plugins import discover
from tests.bench import figure
from tests.bench.figure import Bench, Measured
from tests.world.packages import Missing

BENCHES: tuple[Bench, ...] = discover("tests.bench.subjects", "BENCH")


def main(words: Sequence[str]) -> int:
    """Measure what *words* name, or everything; print it once it is complete."""
    given = _options(words)
    chosen = [one for one in BENCHES if one.name in given.names or not given.names]
    measured = tuple(_measured(chosen))
    shown = figure.as_json(measured) if given.json else figure.table(measured)
    sys.stdout.write(f"{shown}\n")
    return 0


def _measured(chosen: Iterable[Bench]) -> Iterable[Measured]:
    for bench in chosen:
        sys.stderr.write(f"{bench.name}: {bench.summary}\n")
        command = f"python -m tests.bench {bench.name}"
        try:
            yield Measured(bench.name, command, bench.measure())
        except Missing as missing:
            why = (str(missing).splitlines() or ["missing"])[0]
            yield Measured(bench.name, command, skipped=why)


def _options(words: Sequence[str]) -> argparse.Namespace:
    names = [bench.name for bench in BENCHES]
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    # The names are listed by hand: argparse refuses no name where choices are given.
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of {', '.join(names)}; default: all"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    given = parser.parse_args(words)
    unknown = sorted(set(given.names) - set(names))
    if unknown:
        parser.error(f"no bench is called {unknown[0]}; there are {', '.join(names)}")
    return given


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
