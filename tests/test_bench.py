"""The benchmark measures what it says; on tiny inputs, and without an engine."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import pytest

from bot import workspace
from tests.bench import __main__ as bench
from tests.bench import checkouts, figure, spending
from tests.bench.deliveries import Counts, percentile
from tests.bench.figure import Bench, Figure, Measured
from tests.bench.subjects import (
    calls,
    dockerfiles,
    makefiles,
    start,
    webhooks_sqlite,
)
from tests.world.packages import Missing

ONE = Measured("scan", "python -m tests.bench scan", (Figure("files", 1234.5, "s"),))
NONE = Measured("loop", "python -m tests.bench loop", skipped="no engine")


def test_prints_a_table_that_says_how_to_measure_again() -> None:
    """Whoever doubts a figure finds the command beside it."""
    assert figure.table((ONE, NONE)) == (
        "| Figure                   | Value | Unit | Command                      |\n"
        "| ------------------------ | ----: | ---- | ---------------------------- |\n"
        "| files                    | 1,234 | s    | `python -m tests.bench scan` |\n"
        "| loop: skipped: no engine |       |      | `python -m tests.bench loop` |"
    )


def test_prints_json_for_programs() -> None:
    """The figures can be compared over time."""
    told = json.loads(figure.as_json((ONE,)))

    assert told == {
        "schema": 1,
        "benches": [
            {
                "bench": "scan",
                "command": "python -m tests.bench scan",
                "figures": [{"name": "files", "value": 1234.5, "unit": "s"}],
                "skipped": "",
            }
        ],
    }


def test_names_what_a_machine_lacks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A missing engine is not a figure of zero, and no crash."""

    def lacks() -> tuple[Figure, ...]:
        raise Missing("no engine\nand a long story")

    monkeypatch.setattr(bench, "BENCHES", (Bench("loop", "prove", lacks),))
    status = bench.main(["--json", "loop"])

    assert status == 0
    (told,) = json.loads(capsys.readouterr().out)["benches"]
    assert (told["skipped"], told["figures"]) == ("no engine", [])


def test_refuses_an_unknown_name(capsys: pytest.CaptureFixture[str]) -> None:
    """A typing error must not look like a bench without figures."""
    with pytest.raises(SystemExit):
        bench.main(["lop"])

    assert "no bench is called lop" in capsys.readouterr().err


def test_counts_a_commands_own_memory_and_checks_how_it_ends() -> None:
    """Neither the memory of who measures nor a crash may pass for a figure."""
    ballast = bytearray(64 << 20)
    spent = spending.spend((*spending.MULTIARCH, "--version"))

    assert len(ballast) >> 20 > spent.mebibytes > 1
    assert spent.seconds > 0
    with pytest.raises(RuntimeError, match="ended with 2"):
        spending.spend((*spending.MULTIARCH, "scan", "/nowhere"))


def test_generates_the_same_checkout_each_time(tmp_path: Path) -> None:
    """Figures of two versions can only be compared on the same input."""
    one = workspace.read(checkouts.of_dockerfiles(tmp_path / "one", 40))
    two = workspace.read(checkouts.of_dockerfiles(tmp_path / "two", 40))

    assert one == two
    texts = {s.text for path, s in one.sources.items() if path.endswith("Dockerfile")}
    assert len(texts) == 40


def test_takes_percentiles_of_what_was_measured() -> None:
    """The p99 is a latency that somebody had."""
    values = [float(n) for n in range(1, 201)]

    assert [percentile(values, each) for each in (50, 99, 100)] == [100, 198, 200]


@pytest.mark.parametrize("subject", [dockerfiles, makefiles])
def test_scans_mixtures_of_clean_and_faulty_files(
    subject: ModuleType,
) -> None:
    """A scan that finds nothing, or only faults, would say little."""
    found = {one.unit: one.value for one in subject.measure(12)}

    assert set(found) == {"s", "files/s", "MiB", "findings"}
    assert min(found.values()) > 0


def test_times_a_start() -> None:
    """In a process of its own, as a person starts it."""
    assert [one.unit for one in start.measure(1)] == ["ms", "MiB"]


def test_counts_accepted_webhooks() -> None:
    """By a real bot, which refuses what is not signed."""
    found = webhooks_sqlite.measure(Counts(irrelevant=8, relevant=8))

    assert [one.unit for one in found] == ["per s", "µs", "ms", "ms"] * 2
    # The kernel counts processor time in hundredths of a second: so few may be none.
    assert min(one.value for one in found if one.unit != "µs") > 0


def test_counts_the_calls_of_a_push() -> None:
    """None for what does not matter; three reads at most for what does."""
    found = calls.measure()
    irrelevant, relevant = found[:3], found[3:]

    assert [one.value for one in irrelevant] == [0, 0, 0]
    reads, writes, _ = (one.value for one in relevant)
    assert 0 < reads <= 3
    assert writes > 0
