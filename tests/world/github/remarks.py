"""Hang comments on lines of a diff, and follow the lines as commits come."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.world.github import history
from tests.world.github.answers import Json, unprocessable
from tests.world.github.diffs import DiffLine, FileDiff, diff, line_at, lines
from tests.world.github.entities import Account, App, Pull, Repository, ReviewComment
from tests.world.github.git import GitError
from tests.world.github.state import State

_HUNK = re.compile(r"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)


@dataclass(frozen=True, slots=True, repr=False)
class Remarks:
    """Comments to be made on one commit of a pull request."""

    state: State
    repository: Repository
    pull: Pull
    author: Account
    app: App | None
    commit: str
    files: dict[str, FileDiff]

    def make(self, asked: Json, review: int) -> ReviewComment:
        """Return the comment that was *asked* for, hung on its lines."""
        if not asked.get("body") or not asked.get("path"):
            raise unprocessable("Body and path are required")
        file = self.files.get(asked["path"])
        if file is None or file.patch is None:
            raise unprocessable("Path could not be resolved")
        comment = self._blank(asked, review)
        if asked.get("subject_type") == "file":
            comment.subject = "file"
            return comment
        side = asked.get("side", "RIGHT")
        end = _end(file.patch, asked, side)
        comment.side, comment.diff_hunk = side, end.hunk
        comment.line = end.left if side == "LEFT" else end.right
        if comment.line is None:
            comment.side, comment.line = "LEFT", end.left
        comment.position = end.position
        _start(comment, file.patch, asked)
        comment.current_line, comment.current_start = comment.line, comment.start_line
        comment.current_position = end.position
        return comment

    def _blank(self, asked: Json, review: int) -> ReviewComment:
        now = self.state.now()
        return ReviewComment(
            self.state.new_id(),
            self.author,
            asked["body"],
            now,
            now,
            self.app,
            path=asked["path"],
            commit_id=self.commit,
            current_commit=self.commit,
            review_id=review,
        )


def _end(patch: str, asked: Json, side: str) -> DiffLine:
    """Return the line of the diff that the comment ends on."""
    if asked.get("line"):
        found = line_at(patch, asked["line"], side)
    else:
        at = asked.get("position")
        found = next((line for line in lines(patch) if line.position == at), None)
    if found is None:
        raise unprocessable("Line could not be resolved")
    return found


def _start(comment: ReviewComment, patch: str, asked: Json) -> None:
    """Write the first line of a comment on several lines."""
    first = asked.get("start_line")
    if first is None or comment.line is None:
        return
    side = asked.get("start_side", comment.side)
    start = line_at(patch, first, side)
    if start is None:
        raise unprocessable("Start line could not be resolved")
    if side == comment.side and first >= comment.line:
        raise unprocessable("Start line must precede the end line.")
    if start.hunk.split("\n")[0] != comment.diff_hunk.split("\n")[0]:
        raise unprocessable("Start line must be part of the same hunk as the line.")
    comment.start_line, comment.start_side = first, side


async def on_commit(
    state: State,
    place: tuple[Repository, Pull],
    who: tuple[Account, App | None],
    at: str,
) -> Remarks:
    """Prepare to comment on commit *at* of a pull request."""
    repository, pull = place
    commit = at or pull.head_sha
    if not await _belongs(repository, pull, commit):
        raise unprocessable("commit_id is not part of the pull request")
    base = await history.merge_base(repository.git, pull.base_sha, commit)
    found = {f.path: f for f in await diff(repository.git, base, commit)}
    return Remarks(state, repository, pull, who[0], who[1], commit, found)


async def _belongs(repository: Repository, pull: Pull, commit: str) -> bool:
    try:
        await repository.git.run("merge-base", "--is-ancestor", commit, pull.head_sha)
    except GitError:
        return False
    return True


async def follow(repository: Repository, pull: Pull) -> None:
    """Move every comment to where its line is now; a changed line loses it."""
    if not pull.comments:
        return
    base = await history.merge_base(repository.git, pull.base_sha, pull.head_sha)
    now = {f.path: f for f in await diff(repository.git, base, pull.head_sha)}
    for comment in pull.comments.values():
        if comment.subject == "file" or comment.line is None:
            continue
        patch = now[comment.path].patch if comment.path in now else None
        line = comment.line
        if comment.side == "RIGHT":
            line = await _moved(repository, pull, comment, comment.line) or 0
        found = line_at(patch, line, comment.side) if patch else None
        _hang(comment, found, line)
        if found:
            comment.current_commit = pull.head_sha


def _hang(comment: ReviewComment, found: DiffLine | None, line: int) -> None:
    if found is None or comment.line is None:
        comment.current_line = comment.current_start = None
        comment.current_position = None
        return
    comment.current_line, comment.current_position = line, found.position
    if comment.start_line:
        comment.current_start = comment.start_line + line - comment.line


async def _moved(
    repository: Repository, pull: Pull, comment: ReviewComment, line: int
) -> int | None:
    ends = (comment.commit_id, pull.head_sha)
    text = await repository.git.text("diff", "-U0", *ends, "--", comment.path)
    shift = 0
    for match in _HUNK.finditer(text):
        start, removed = int(match[1]), int(match[2] or 1)
        added = int(match[4] or 1)
        first = start if removed else start + 1
        if first <= line < first + removed:
            return None
        if first <= line:
            shift += added - removed
    return line + shift
