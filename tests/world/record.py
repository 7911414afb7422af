"""Record how the samples' arm64 builds fail while an engineer mends them.

``python -m tests.world.record ENGINE`` applies the changes of each story one by
one, builds after each, and writes ``tests/logs/recorded/<sample>-<n>-<builder>.log``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.world.packages import program
from tests.world.places import CHECKOUT
from tests.world.static_programs import static_program

SAMPLES = CHECKOUT / "tests" / "samples"
RECORDED = CHECKOUT / "tests" / "logs" / "recorded"
BUILDERS: Mapping[str, tuple[str, ...]] = {
    "classic": (),
    "buildkit": ("--progress=plain",),
}
DOCKERFILE = "docker-image/Dockerfile"
PLUGINS = ("calico", "flannel", "loopback", "host-local", "portmap", "calico-ipam")
CHOSEN = ("--build-arg", "ARCHITECTURE=arm64")
APK = "glibc-2.23-r3.apk"


@dataclass(frozen=True, slots=True)
class Change:
    """What an engineer does after an error: words of one file, replaced."""

    path: str
    words: tuple[tuple[str, str], ...]
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """A sample, the programs its build expects, and the changes in order."""

    sample: str
    programs: tuple[str, ...]
    build: tuple[str, ...]
    changes: tuple[Change, ...] = ()


NEWER = Change(DOCKERFILE, (("alpine:3.4", "alpine:3.6"),))
STORIES = (
    Story(
        "typha",
        ("docker-image/bin/calico-typha-arm64",),
        ("--pull", "docker-image", "-f", DOCKERFILE),
        (
            NEWER,
            Change(
                DOCKERFILE,
                (
                    ("alpine:3.6\n", "alpine:3.6\nARG ARCHITECTURE=amd64\n"),
                    ("typha-amd64", "typha-$ARCHITECTURE"),
                ),
                CHOSEN,
            ),
        ),
    ),
    Story(
        "felix",
        ("docker-image/bin/calico-felix",),
        ("--pull", "--file", DOCKERFILE, "docker-image"),
        (
            NEWER,
            Change(DOCKERFILE, ((f"{APK} glibc-bin-2.23-r3.apk &&", f"{APK} &&"),)),
            Change(
                DOCKERFILE, (("/usr/glibc-compat/sbin/ldconfig", "/sbin/ldconfig"),)
            ),
        ),
    ),
    Story(
        "cni-plugin",
        tuple(f"dist/arm64/{name}" for name in PLUGINS),
        ("-f", "Dockerfile", "."),
        (
            Change(
                "Dockerfile",
                (
                    ("FROM busybox\n", "FROM busybox\nARG ARCHITECTURE=amd64\n"),
                    ("dist/amd64", "dist/$ARCHITECTURE"),
                ),
                CHOSEN,
            ),
            Change(
                ".dockerignore",
                (("*\n", "*\n" + "".join(f"!dist/arm64/{n}\n" for n in PLUGINS)),),
                CHOSEN,
            ),
        ),
    ),
    Story("go-build", (), ("--pull", "-f", "Dockerfile.arm64", ".")),
)


def main() -> None:
    """Record every story with each builder on the engine that is named."""
    engine = sys.argv[1]
    for story in STORIES:
        for builder in BUILDERS:
            with tempfile.TemporaryDirectory() as place:
                tree = Path(place) / story.sample
                shutil.copytree(SAMPLES / story.sample, tree)
                _tell(engine, story, builder, tree)


def _tell(engine: str, story: Story, builder: str, tree: Path) -> None:
    for path in story.programs:
        _write_program(tree / path)
    for number, change in enumerate((None, *story.changes), start=1):
        arguments = story.build
        if change is not None:
            _apply(tree / change.path, change)
            arguments = (*change.arguments, *arguments)
        log, code = _build(engine, builder, arguments, tree)
        name = f"{story.sample}-{number}-{builder}.log"
        (RECORDED / name).write_bytes(log)
        sys.stdout.write(f"{name}: {'built' if code == 0 else f'failed ({code})'}\n")


def _write_program(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(static_program("arm64", "Started; nothing to do."))
    path.chmod(0o755)


def _apply(path: Path, change: Change) -> None:
    text = path.read_text()
    for old, new in change.words:
        if old not in text:
            raise ValueError(f"{change.path}: no {old!r} to change")
        text = text.replace(old, new)
    path.write_text(text)


def _build(
    engine: str, builder: str, arguments: tuple[str, ...], tree: Path
) -> tuple[bytes, int]:
    docker = program("docker", "docker.io")
    done = subprocess.run(
        (docker, "--host", engine, "build", *BUILDERS[builder], *arguments),
        cwd=tree,
        env={**os.environ, "DOCKER_BUILDKIT": str(int(builder == "buildkit"))},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return done.stdout, done.returncode


if __name__ == "__main__":
    main()
