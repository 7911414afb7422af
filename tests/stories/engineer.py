"""The sample projects, and what a careful engineer makes of them."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

SAMPLES = Path(__file__).parent.parent / "samples"
DOCKERFILE = "docker-image/Dockerfile"
_PLUGINS = ("calico", "calico-ipam", "flannel", "loopback", "host-local", "portmap")
_CALL = "docker build --build-arg ARCHITECTURE=$(ARCH) "


@dataclass(frozen=True, slots=True)
class Change:
    """One place in a file that the engineer changed."""

    path: str
    old: str
    new: str


TYPHA = (
    Change(
        DOCKERFILE, "FROM alpine:3.4\n", "FROM alpine:3.6\nARG ARCHITECTURE=amd64\n"
    ),
    Change(
        DOCKERFILE,
        "ADD bin/calico-typha-amd64 /code",
        "ADD bin/calico-typha-$ARCHITECTURE /code",
    ),
    Change(
        DOCKERFILE,
        "ln -s /code/calico-typha-amd64 ",
        "ln -s /code/calico-typha-$ARCHITECTURE ",
    ),
    Change("Makefile", "docker build ", _CALL),
)
RELEASES = "https://github.com/sgerrand/alpine-pkg-glibc/releases/download/2.23-r3"
FELIX = (
    Change(DOCKERFILE, "FROM alpine:3.4\n", "FROM alpine:3.6\n"),
    Change(DOCKERFILE, f"    wget {RELEASES}/glibc-2.23-r3.apk && \\\n", ""),
    Change(DOCKERFILE, f"    wget {RELEASES}/glibc-bin-2.23-r3.apk && \\\n", ""),
    Change(
        DOCKERFILE, "    apk add glibc-2.23-r3.apk glibc-bin-2.23-r3.apk && \\\n", ""
    ),
    Change(DOCKERFILE, "/usr/glibc-compat/sbin/ldconfig", "/sbin/ldconfig"),
    Change(
        DOCKERFILE,
        "    apk del wget && \\\n    rm -f glibc-2.23-r3.apk glibc-bin-2.23-r3.apk\n",
        "    apk del wget\n",
    ),
)
CNI_PLUGIN = (
    *(
        Change(
            "Dockerfile", f"ADD dist/amd64/{name} ", f"ADD dist/$ARCHITECTURE/{name} "
        )
        for name in _PLUGINS
    ),
    Change("Dockerfile", "FROM busybox\n", "FROM busybox\nARG ARCHITECTURE=amd64\n"),
    Change("Makefile", "\tdocker build ", f"\t{_CALL}"),
    Change(
        ".dockerignore",
        "!dist/amd64/portmap\n",
        "!dist/amd64/portmap\n" + "".join(f"!dist/arm64/{name}\n" for name in _PLUGINS),
    ),
)
CHANGES = {"typha": TYPHA, "felix": FELIX, "cni-plugin": CNI_PLUGIN, "go-build": ()}


def sample(name: str) -> dict[str, str]:
    """Return every file of a sample project."""
    folder = SAMPLES / name
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text() for path in files}


def mended(name: str) -> dict[str, str]:
    """Return every file of a sample as the engineer leaves it."""
    files = sample(name)
    for change in CHANGES[name]:
        assert files[change.path].count(change.old) == 1, change
        files[change.path] = files[change.path].replace(change.old, change.new)
    return files


def changed(name: str) -> dict[str, str]:
    """Return the files that the engineer changed."""
    before, after = sample(name), mended(name)
    return {path: text for path, text in after.items() if text != before[path]}


def checkout(name: str, folder: Path) -> Path:
    """Make a git checkout of a sample below *folder*."""
    tree = folder / name
    shutil.copytree(SAMPLES / name, tree)
    git(tree, "init", "-q", "-b", "main")
    commit(tree, "Version 1")
    return tree


def commit(tree: Path, message: str) -> str:
    """Commit everything in *tree*; return the commit's id."""
    git(tree, "add", "-A")
    who = ("-c", "user.name=A. Maintainer", "-c", "user.email=maintainer@example.org")
    git(tree, *who, "commit", "-q", "-m", message)
    return git(tree, "rev-parse", "HEAD").strip()


def git(tree: Path, *words: str) -> str:
    """Run git in *tree* and return what it prints."""
    done = subprocess.run(  # noqa: S603 - git itself
        ("git", "-C", str(tree), *words),  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
