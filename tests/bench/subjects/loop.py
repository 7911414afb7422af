"""The loop of ``fix --prove`` against the builds in it.

A build is all that the recipe asks for: its `docker build` and, where it has
them, its prepare step and its own command. The rest is the loop's: starting,
asking the engine what it can do, scanning, repairing, the audits and the smoke
runs. What the `docker build` commands alone take is told beside it, by a
`docker` that is first on the path and looks at the clock.
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
from tests.world.packages import program
from tests.world.surroundings import surroundings

SAMPLE = "typha"
SECONDS = 15 * 60
WATCH = """\
#!/bin/sh
case "$*" in
    build\\ * | buildx\\ build\\ *) ;;
    *) exec {docker} "$@" ;;
esac
began=$(date +%s.%N)
{docker} "$@"
status=$?
echo "$began $(date +%s.%N)" >> {log}
exit $status
"""


def measure() -> tuple[Figure, ...]:
    """Prove one sample on an engine that emulates arm64."""
    with engine.settings() as settings, TemporaryDirectory("multiarch-") as folder:
        tree = Path(folder) / SAMPLE
        shutil.copytree(asking.SAMPLES / SAMPLE, tree)
        log = _watch(Path(folder) / "bin")
        path = f"{log.parent}:{os.environ['PATH']}"
        return _figures(tree, {**settings, "PATH": path}, log)


def _watch(folder: Path) -> Path:
    """Put a `docker` that watches the clock in *folder*; return where it writes."""
    folder.mkdir()
    log, command = folder / "builds", folder / "docker"
    docker = program("docker", "docker.io")
    command.write_text(WATCH.format(docker=docker, log=log))
    command.chmod(0o755)
    return log


def _figures(tree: Path, settings: Mapping[str, str], log: Path) -> tuple[Figure, ...]:
    words = ("fix", "--prove", "--diff", "--format=json", str(tree))
    began = time.perf_counter()
    said = subprocess.run(
        (*MULTIARCH, *words),
        env=surroundings(**settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        timeout=SECONDS,
        check=True,
    ).stdout
    loop = time.perf_counter() - began
    attempts = json.loads(said)["attempts"]
    builds = sum(one["seconds"] for one in attempts)
    marks = [line.split() for line in log.read_text().splitlines()]
    alone = sum(float(end) - float(start) for start, end in marks)
    return (
        Figure(f"loop on {SAMPLE}, whole process", loop, "s"),
        Figure(f"builds in it, with what comes before them ({SAMPLE})", builds, "s"),
        Figure(f"`docker build` commands alone ({SAMPLE})", alone, "s"),
        Figure(f"number of these builds ({SAMPLE})", len(attempts), "builds"),
        Figure("loop over the sum of its builds", loop / builds, "ratio"),
    )


BENCH = Bench("loop", "prove a sample, and compare with its builds", measure)
