"""The loop of ``fix --prove`` against the builds in it.

A build is all that the recipe asks for: its `docker build` and, where it has
them, its prepare step and its own command. The rest is the loop's: starting,
scanning, repairing, the audits and the smoke runs.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench import asking, engine
from tests.bench.figure import Bench, Figure
from tests.bench.spending import MULTIARCH

SAMPLE = "typha"
SECONDS = 15 * 60


def measure() -> tuple[Figure, ...]:
    """Prove one sample on an engine that emulates arm64."""
    with engine.settings() as settings, TemporaryDirectory("multiarch-") as folder:
        tree = Path(folder) / SAMPLE
        shutil.copytree(asking.SAMPLES / SAMPLE, tree)
        return _figures(tree, settings)


def _figures(tree: Path, settings: Mapping[str, str]) -> tuple[Figure, ...]:
    words = ("fix", "--prove", "--diff", "--format=json", str(tree))
    began = time.perf_counter()
    said = subprocess.run(
        (*MULTIARCH, *words),
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        timeout=SECONDS,
        check=True,
    ).stdout
    loop = time.perf_counter() - began
    attempts = json.loads(said)["attempts"]
    builds = sum(one["seconds"] for one in attempts)
    return (
        Figure(f"loop on {SAMPLE}, whole process", loop, "s"),
        Figure(f"builds in it, with what comes before them ({SAMPLE})", builds, "s"),
        Figure(f"number of these builds ({SAMPLE})", len(attempts), "builds"),
        Figure("loop over the sum of its builds", loop / builds, "ratio"),
    )


BENCH = Bench("loop", "prove a sample, and compare with its builds", measure)
