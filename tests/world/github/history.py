"""Read commits and trees out of a repository with real git."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from tests.world.github.git import ZERO, Git, GitError, Identity

_FORMAT = "%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B%x00%x01"
_LETTERS = {"A": "added", "D": "removed", "M": "modified", "T": "modified"}


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit, read."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    author: Identity
    committer: Identity
    message: str


@dataclass(frozen=True, slots=True)
class Changes:
    """The paths that one commit touched against its first parent."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a tree."""

    mode: str
    kind: str
    sha: str
    size: int | None
    path: str


async def commits(git: Git, *which: str) -> list[Commit]:
    """Return the commits that ``git log`` selects with *which*, newest first."""
    out = await git.text("log", f"--format={_FORMAT}", *which)
    return [_commit(record) for record in out.split("\x01") if record.strip("\n")]


async def commit(git: Git, sha: str) -> Commit:
    """Return one commit."""
    (only,) = await commits(git, "-1", sha, "--")
    return only


def _commit(record: str) -> Commit:
    parts = record.lstrip("\n").split("\x00")
    sha, tree, parents = parts[:3]
    author = Identity(parts[3], parts[4], _utc(parts[5]))
    committer = Identity(parts[6], parts[7], _utc(parts[8]))
    message = parts[9].rstrip("\n")
    return Commit(sha, tree, tuple(parents.split()), author, committer, message)


def _utc(text: str) -> str:
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


async def new_commits(
    git: Git, before: str, after: str, others: list[str]
) -> list[Commit]:
    """Return what a push from *before* to *after* brought, oldest first."""
    if after == ZERO:
        return []
    without = [f"^{sha}" for sha in others] if before == ZERO else [f"^{before}"]
    return await commits(git, "--reverse", "--topo-order", after, *without, "--")


async def changes(git: Git, shas: list[str]) -> dict[str, Changes]:
    """Return the paths each of the commits touched, by commit."""
    if not shas:
        return {}
    out = await git.run(
        "log",
        "--no-walk=unsorted",
        "--stdin",
        "--format=%x01%H",
        "--name-status",
        "--no-renames",
        "--diff-merges=first-parent",
        "-z",
        stdin="\n".join(shas).encode(),
    )
    records = out.decode(errors="surrogateescape").split("\x01")[1:]
    return dict(_changed(record) for record in records)


def _changed(record: str) -> tuple[str, Changes]:
    sha, _, rest = record.partition("\x00")
    words = [word for word in rest.lstrip("\n").split("\x00") if word.strip("\n")]
    found: dict[str, list[str]] = {"added": [], "removed": [], "modified": []}
    for letter, path in zip(words[::2], words[1::2], strict=True):
        found[_LETTERS[letter.strip("\n")[0]]].append(path)
    return sha.strip("\n"), Changes(**{key: tuple(v) for key, v in found.items()})


async def entries(git: Git, tree: str, *, recursive: bool = False) -> list[Entry]:
    """Return the entries of *tree*; git's own error where there is none."""
    flags = ("-r", "-t") if recursive else ()
    out = await git.run("ls-tree", "-z", "--long", *flags, tree)
    lines = out.decode(errors="surrogateescape").split("\x00")
    return [_entry(line) for line in lines if line]


def _entry(line: str) -> Entry:
    head, _, path = line.partition("\t")
    mode, kind, sha, size = head.split()
    return Entry(mode, kind, sha, int(size) if size != "-" else None, path)


async def merge_base(git: Git, one: str, other: str) -> str:
    """Return the best common ancestor, or *one* where there is none."""
    try:
        return await git.text("merge-base", one, other)
    except GitError:
        return one


def moment(seconds: int) -> str:
    """Write a Unix time as GitHub does."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
