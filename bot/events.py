"""Typed views of the webhook payloads that the handlers use. Pure.

This is the only place that knows how GitHub spells a payload.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

CUT = 2048
"""GitHub cuts the list of commits in a push payload at this many."""
NOTHING = "0" * 40
"""The commit id that stands for no commit."""
OURS = "multiarch/"
"""Every branch that the bot makes starts with this."""
_HEADS = "refs/heads/"
_LISTS = ("added", "modified", "removed")


class PayloadError(Exception):
    """A payload lacks something, or holds something else than it should."""


@dataclass(frozen=True, slots=True)
class Place:
    """One repository (``owner/name``) and the installation that opens it.

    *id* is GitHub's number of the repository, which stays with it under every
    name and owner and is never given to another.
    """

    repository: str
    installation: int
    id: int


@dataclass(frozen=True, slots=True)
class CommentRef:
    """A comment somebody wrote: on an issue or pull request, or in a review."""

    id: int
    in_review: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    """One value of a payload, which knows where in the payload it is."""

    value: object
    path: str = "payload"

    def __getitem__(self, key: str) -> Node:
        """Return the member *key*, which must be there."""
        if not isinstance(self.value, dict):
            raise PayloadError(f"{self.path} is not an object, so it has no {key}.")
        if key not in self.value:
            raise PayloadError(f"{self.path}.{key} is missing.")
        return Node(self.value[key], f"{self.path}.{key}")

    def get(self, key: str) -> Node:
        """Return the member *key*; it holds None where it is not there."""
        known = self.value if isinstance(self.value, dict) else {}
        return Node(known.get(key), f"{self.path}.{key}")

    def text(self) -> str:
        """Return the value, which must be a string."""
        if not isinstance(self.value, str):
            raise PayloadError(f"{self.path} is not a string.")
        return self.value

    def number(self) -> int:
        """Return the value, which must be a whole number."""
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            raise PayloadError(f"{self.path} is not a number.")
        return self.value

    def __iter__(self) -> Iterator[Node]:
        """Return the items of the value, which must be a list."""
        if not isinstance(self.value, list):
            raise PayloadError(f"{self.path} is not a list.")
        pairs = enumerate(self.value)
        return (Node(item, f"{self.path}[{index}]") for index, item in pairs)

    def moment(self) -> int:
        """Return the value, a date or seconds, as seconds since 1970."""
        if isinstance(self.value, str):
            try:
                return int(datetime.fromisoformat(self.value).timestamp())
            except ValueError:
                raise PayloadError(f"{self.path} is not a date.") from None
        return self.number()


@dataclass(frozen=True, slots=True)
class Push:
    """A push to a branch.

    *changed* are the paths that it touches, or None where the payload does not
    tell all of them: then *before* is to be compared with *head*, unless it is
    NOTHING. Where it was *forced*, they are those of what came; what went is in
    no payload. *moment* says how new the push is; deliveries may come out of
    order.
    """

    place: Place
    branch: str
    default_branch: str
    before: str
    head: str
    changed: frozenset[str] | None
    moment: int
    by_bot: bool = False
    forced: bool = False

    @classmethod
    def from_payload(cls, data: object) -> Push | None:
        """Read a ``push``; None for a tag or a branch that is gone."""
        root = Node(data)
        ref = root["ref"].text()
        if not ref.startswith(_HEADS) or root.get("deleted").value is True:
            return None
        return cls(
            place=_place(root),
            branch=ref.removeprefix(_HEADS),
            default_branch=root["repository"]["default_branch"].text(),
            before=root["before"].text(),
            head=root["after"].text(),
            changed=_changed(root),
            moment=root["repository"]["pushed_at"].moment(),
            by_bot=_is_bot(root.get("sender")),
            forced=root.get("forced").value is True,
        )

    @property
    def is_ours(self) -> bool:
        """Tell whether the bot itself made this push to a branch of its own."""
        return self.by_bot and self.branch.startswith(OURS)


@dataclass(frozen=True, slots=True)
class PullRequest:
    """The part of a pull request that the bot acts on.

    *before* is the head that a push took the place of; empty where none did.
    *opened* tells that there was no pull request before, and so no other head.
    """

    place: Place
    number: int
    head: str
    branch: str
    base: str
    fork: bool
    draft: bool
    moment: int
    by_bot: bool = False
    before: str = ""
    opened: bool = False

    @classmethod
    def from_payload(cls, data: object) -> PullRequest:
        """Read the payload of a ``pull_request`` event."""
        root = Node(data)
        pull = root["pull_request"]
        place = _place(root)
        origin = pull["head"].get("repo").get("full_name").value
        return cls(
            place=place,
            number=pull["number"].number(),
            head=pull["head"]["sha"].text(),
            branch=pull["head"]["ref"].text(),
            base=pull["base"]["ref"].text(),
            fork=origin != place.repository,
            draft=pull.get("draft").value is True,
            moment=pull["updated_at"].moment(),
            by_bot=_is_bot(pull.get("user")),
            before=str(root.get("before").value or ""),
            opened=root.get("action").value == "opened",
        )

    @property
    def is_ours(self) -> bool:
        """Tell whether this is a pull request that the bot itself opened."""
        return self.by_bot and not self.fork and self.branch.startswith(OURS)


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment on an issue, on a pull request or in a review of one."""

    place: Place
    ref: CommentRef
    number: int
    on_pull_request: bool
    author: str
    by_bot: bool
    body: str
    moment: int

    @classmethod
    def from_issue(cls, data: object) -> Comment:
        """Read an ``issue_comment``; pull requests are issues to GitHub."""
        root = Node(data)
        return cls._read(root, root["issue"], in_review=False)

    @classmethod
    def from_review(cls, data: object) -> Comment:
        """Read a ``pull_request_review_comment``."""
        root = Node(data)
        return cls._read(root, root["pull_request"], in_review=True)

    @classmethod
    def _read(cls, root: Node, about: Node, *, in_review: bool) -> Comment:
        comment = root["comment"]
        body = comment.get("body")
        return cls(
            place=_place(root),
            ref=CommentRef(comment["id"].number(), in_review),
            number=about["number"].number(),
            on_pull_request=in_review or about.get("pull_request").value is not None,
            author=comment["user"]["login"].text(),
            by_bot=_is_bot(comment["user"]),
            body="" if body.value is None else body.text(),
            moment=comment["created_at"].moment(),
        )


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """Somebody pressed a button of our check run: *action*, or ask again ("").

    *pull_request* is the number of the pull request of the head, where GitHub
    tells one (it tells none for a fork's).
    """

    place: Place
    head: str
    branch: str
    default_branch: str
    pull_request: int | None
    action: str
    author: str
    moment: int

    @classmethod
    def from_payload(cls, data: object) -> CheckRequest:
        """Read a ``check_run`` that was re-requested or whose button was used."""
        root = Node(data)
        check = root["check_run"]
        pulls = [pull["number"].number() for pull in check["pull_requests"]]
        return cls(
            place=_place(root),
            head=check["head_sha"].text(),
            branch=str(check["check_suite"].get("head_branch").value or ""),
            default_branch=root["repository"]["default_branch"].text(),
            pull_request=pulls[0] if pulls else None,
            action=str(root.get("requested_action").get("identifier").value or ""),
            author=root["sender"]["login"].text(),
            moment=check["started_at"].moment(),
        )


def _place(root: Node) -> Place:
    repository = root["repository"]
    return Place(
        repository["full_name"].text(),
        root["installation"]["id"].number(),
        repository["id"].number(),
    )


def _is_bot(user: Node) -> bool:
    return user.get("type").value == "Bot"


def _changed(root: Node) -> frozenset[str] | None:
    """Return the paths of a push, or None where the payload is cut."""
    if root.get("commits").value is None:
        return None
    commits = tuple(root["commits"])
    cut = len(commits) >= CUT
    if cut or any(
        commit.get(name).value is None for commit in commits for name in _LISTS
    ):
        return None
    lists = (commit[name] for commit in commits for name in _LISTS)
    return frozenset(path.text() for paths in lists for path in paths)
