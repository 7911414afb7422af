"""What is to be done after a webhook has been answered. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.command import Invocation
from bot.events import CheckRequest, Comment, Place, PullRequest, Push

_BETWEEN = "~"
"""Parts the id of a job; git allows it in no branch name, GitHub in no other."""
_LEAST = 5
"""How many parts an id has: kind, repository, which of its kind, moment, delivery."""
_MOMENT = re.compile("-?[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Conversation:
    """Answer the commands of a comment."""

    comment: Comment
    invocations: tuple[Invocation, ...]


@dataclass(frozen=True, slots=True)
class Proving:
    """Prove *head* of a branch and offer the fix in a pull request to it.

    *check* is the number of the check run that tells about it.
    """

    place: Place
    branch: str
    head: str
    check: int


@dataclass(frozen=True, slots=True)
class Fixing:
    """Prove a pull request (or the default branch) because somebody asked.

    *reply* is the marker of the comment on *number* that tells the story.
    *head* is the commit that was seen by who asked for it: of a fork, nothing
    else is built, since nobody has allowed it.
    """

    place: Place
    number: int
    on_pull_request: bool
    reply: str
    head: str = ""


Task = Push | PullRequest | CheckRequest | Conversation | Proving | Fixing


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work: a newer one with the same *key* supersedes it.

    *delivery* names the webhook that asked for it by what was signed, so the
    same payload is the same job, whatever GitHub or somebody else calls its
    delivery; *moment* says which of two is newer.
    """

    delivery: str
    key: str
    moment: int
    task: Task

    @property
    def id(self) -> str:
        """Return the name of this job, the same whenever it is asked for."""
        return _BETWEEN.join((self.key, str(self.moment), self.delivery))

    @property
    def place(self) -> Place:
        """Return where this job is done."""
        task = self.task
        return task.comment.place if isinstance(task, Conversation) else task.place

    def then(self, name: str, task: Task, *, key: str = "") -> Job:
        """Return the job that follows from this one."""
        return Job(f"{self.delivery}.{name}", key or self.key, self.moment, task)


def push_key(repository: str, branch: str) -> str:
    """Return the key of everything that is about the head of a branch."""
    return _BETWEEN.join(("push", repository, branch))


def pull_request_key(repository: str, number: int) -> str:
    """Return the key of everything that is about the head of a pull request."""
    return _BETWEEN.join(("pull", repository, str(number)))


def talk_key(repository: str, number: int) -> str:
    """Return the beginning of the keys of what is said on *number*."""
    return _BETWEEN.join(("comment", repository, str(number)))


def comment_key(comment: Comment) -> str:
    """Return the key of the answer to one comment, which no other supersedes."""
    talk = talk_key(comment.place.repository, comment.number)
    kind = "review" if comment.ref.in_review else "issue"
    return _BETWEEN.join((talk, f"{kind}-{comment.ref.id}"))


def single_key(repository: str, kind: str, name: str) -> str:
    """Return the key of a job that no other supersedes."""
    return _BETWEEN.join((kind, repository, name))


def same_key(one: str, other: str) -> bool:
    """Tell whether two jobs, given by id, are about the same head."""
    return one.rsplit(_BETWEEN, 2)[0] == other.rsplit(_BETWEEN, 2)[0]


def prefix(job: str) -> str:
    """Return what the ids of all jobs about the head of *job* start with."""
    return job.rsplit(_BETWEEN, 2)[0] + _BETWEEN


def beginning(key: str) -> str:
    """Return what the ids of all jobs with *key* start with."""
    return key + _BETWEEN


def delivery_of(job: str) -> str:
    """Return the delivery that a job, given by id, goes back to."""
    return job.rsplit(_BETWEEN, 1)[1].partition(".")[0]


def is_id(text: str) -> bool:
    """Tell whether *text* can be the id of a job; a database may hold others."""
    parts = text.split(_BETWEEN)
    return len(parts) >= _LEAST and _MOMENT.fullmatch(parts[-2]) is not None


def repository_of(job: str) -> str:
    """Return the repository that a job, given by id, is about."""
    return job.split(_BETWEEN, 2)[1]


def moment_of(job: str) -> int:
    """Return how new what a job, given by id, is about is."""
    return int(job.rsplit(_BETWEEN, 2)[1])
