"""How jobs are named, and which of them are about the same thing."""

from __future__ import annotations

import pickle

from bot import job
from bot.events import Comment, CommentRef, Place, Push
from bot.job import Conversation, Fixing, Job, Proving

HERE = Place("octo/app", 7, 5)
PUSH = Push(HERE, "a/b", "main", "0", "1", frozenset({"Dockerfile"}), 5)
FIRST = Job("d-1", job.push_key("octo/app", "a/b"), 5, PUSH)


def test_the_name_says_everything() -> None:
    """A redelivery has the same name, so it is the same job."""
    assert FIRST.id == "push~octo/app~a/b~5~d-1"
    assert (job.moment_of(FIRST.id), job.delivery_of(FIRST.id)) == (5, "d-1")


def test_what_follows_is_about_the_same_head() -> None:
    """So that a newer push stops the build, too."""
    after = FIRST.then("prove", Proving(HERE, "a/b", "1", 9))

    assert after.id == "push~octo/app~a/b~5~d-1.prove"
    assert job.same_key(after.id, FIRST.id)
    assert job.delivery_of(after.id) == "d-1"
    assert after.id.startswith(job.prefix(FIRST.id))


def test_another_branch_is_another_matter() -> None:
    """Also where its name begins alike: one is not a part of the other."""
    longer = Job("d-2", job.push_key("octo/app", "a/b~"), 5, PUSH)
    other = Job("d-2", job.push_key("octo/app", "a"), 5, PUSH)

    assert not job.same_key(other.id, FIRST.id)
    assert not job.same_key(longer.id, FIRST.id)


def test_knows_its_place() -> None:
    """Whatever the task is."""
    said = Comment(HERE, CommentRef(1), 7, True, "alice", False, "/multiarch fix", 5)
    tasks = (PUSH, Conversation(said, ()), Fixing(HERE, 7, True, "reply"))

    assert [Job("d", "k", 1, task).place for task in tasks] == [HERE] * 3


def test_can_be_kept_in_a_database() -> None:
    """A job that cannot be read back is lost."""
    assert pickle.loads(pickle.dumps(FIRST)) == FIRST  # noqa: S301 - our own bytes
