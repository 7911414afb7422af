"""Trees whose git settings name a command: each leaves a mark where it is run."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.checkouts import checkout, git
from tests.rehearsing import planted

DOCKERFILE = "FROM alpine:3.4\nRUN true\n"
HOOKS = (
    *("post-index-change", "reference-transaction", "pre-commit", "post-checkout"),
    *("commit-msg", "prepare-commit-msg", "post-commit", "post-rewrite"),
)


@dataclass(frozen=True, slots=True)
class Trap:
    """A project that runs a command of its author's where git is not careful.

    *spring* are the words with which a plain git runs it: so it is known to work.
    """

    build: Callable[[Path, str], object]
    spring: tuple[str, ...] = ("status",)

    def set_up(self, folder: Path, mark: Path) -> Path:
        """Lay the project out in *folder*; its command makes the file *mark*."""
        folder.mkdir()
        planted(folder, {"Dockerfile": DOCKERFILE})
        self.build(folder, f"touch {mark}")
        mark.unlink(missing_ok=True)
        return folder


def looks_bare(command: str) -> dict[str, str]:
    """Return files that make the root of a project a repository by themselves."""
    return {
        "HEAD": "ref: refs/heads/main\n",
        "objects/keep": "",
        "refs/keep": "",
        "config": "[core]\n\trepositoryformatversion = 0\n\tbare = false\n"
        f'\tworktree = .\n\tfsmonitor = "{command}"\n',
    }


def _bare(tree: Path, command: str) -> None:
    planted(tree, looks_bare(command))


def _bare_beside_a_dead_git(tree: Path, command: str) -> None:
    (tree / ".git").mkdir()
    _bare(tree, command)


def _bare_inside_a_checkout(tree: Path, command: str) -> None:
    """Somebody looks at the tree inside of a checkout of his own."""
    if not (tree.parent / ".git").exists():
        git(tree.parent, "init", "-q")
    _bare(tree, command)


def _monitor(tree: Path, command: str) -> None:
    checkout(tree)
    git(tree, "config", "core.fsmonitor", command)


def _monitor_of_one_work_tree(tree: Path, command: str) -> None:
    checkout(tree)
    git(tree, "config", "extensions.worktreeConfig", "true")
    git(tree, "config", "--worktree", "core.fsmonitor", command)


def _monitor_included(tree: Path, command: str) -> None:
    planted(tree, {"more": f'[core]\n\tfsmonitor = "{command}"\n'})
    checkout(tree)
    git(tree, "config", "include.path", "../more")


def _monitor_elsewhere(tree: Path, command: str) -> None:
    """Put the settings behind a file that points to them."""
    _monitor(tree, command)
    (tree / ".git").rename(tree / "store")
    (tree / ".git").write_text("gitdir: store\n")


def _filter(kind: str) -> Callable[[Path, str], None]:
    def build(tree: Path, command: str) -> None:
        planted(tree, {".gitattributes": "* filter=x diff=x\n"})
        checkout(tree)
        git(tree, "config", f"filter.x.{kind}", f"{command}; cat")
        # As long, but of another time: it has to be looked into.
        os.utime(tree / "Dockerfile", (0, 0))

    return build


def _hooks(tree: Path, command: str) -> None:
    checkout(tree)
    _hook_files(tree / ".git/hooks", command)


def _hooks_in_the_tree(tree: Path, command: str) -> None:
    checkout(tree)
    _hook_files(tree / "hooks", command)
    git(tree, "config", "core.hooksPath", "hooks")


def _hook_files(folder: Path, command: str) -> None:
    for name in HOOKS:
        planted(folder, {name: f"#!/bin/sh\n{command}\n"})
        (folder / name).chmod(0o755)


def _submodule(tree: Path, command: str) -> None:
    (tree / "lib").mkdir()
    _monitor(checkout(planted(tree / "lib", {"a": "b\n"})), command)
    checkout(tree)


def _promise(tree: Path, command: str) -> None:
    """Let a remote that is a command promise an object that is missing."""
    checkout(tree)
    blob = git(tree, "rev-parse", "HEAD:Dockerfile").strip()
    (tree / ".git/objects" / blob[:2] / blob[2:]).unlink()
    git(tree, "config", "remote.origin.url", f"ext::sh -c {_word(command)}")
    git(tree, "config", "remote.origin.promisor", "true")
    git(tree, "config", "extensions.partialClone", "origin")
    git(tree, "config", "core.repositoryFormatVersion", "1")
    git(tree, "config", "protocol.ext.allow", "always")


def _word(command: str) -> str:
    return command.replace(" ", "% ")


def _all_others(tree: Path, command: str) -> None:
    """Name a command in whatever else can name one."""
    planted(tree, {".gitattributes": "* diff=x merge=x\n"})
    checkout(tree)
    for key in (
        *("core.pager", "core.editor", "sequence.editor", "core.sshCommand"),
        *("core.askPass", "core.gitProxy", "core.alternateRefsCommand"),
        *("credential.helper", "gpg.program", "gpg.ssh.defaultKeyCommand"),
        *("diff.external", "diff.x.command", "diff.x.textconv", "merge.x.driver"),
        *("alias.ls-files", "pager.config", "pager.status", "pager.branch"),
        *("uploadpack.packObjectsHook", "remote.origin.uploadpack"),
        *("interactive.diffFilter", "log.showSignature", "commit.gpgSign"),
    ):
        git(tree, "config", key, f"!{command}" if "alias" in key else command)
    git(tree, "config", "core.worktree", "/")


TRAPS = {
    "bare": Trap(_bare, ("-c", "safe.bareRepository=all", "status")),
    "bare beside a dead .git": Trap(
        _bare_beside_a_dead_git, ("-c", "safe.bareRepository=all", "status")
    ),
    "bare inside a checkout": Trap(
        _bare_inside_a_checkout, ("-c", "safe.bareRepository=all", "status")
    ),
    "monitor": Trap(_monitor),
    "monitor of one work tree": Trap(_monitor_of_one_work_tree),
    "monitor included": Trap(_monitor_included),
    "monitor elsewhere": Trap(_monitor_elsewhere),
    "clean filter": Trap(_filter("clean")),
    "filter process": Trap(_filter("process")),
    "hooks": Trap(_hooks, ("commit", "--allow-empty", "-m", ".")),
    "hooks in the tree": Trap(_hooks_in_the_tree, ("branch", "spring")),
    "submodule": Trap(_submodule),
    "promise": Trap(_promise, ("show", "HEAD:Dockerfile")),
    "all others": Trap(_all_others, ("--git-dir=.git", "diff", "--ext-diff")),
}
