"""Tests of the marks on what runners create."""

from __future__ import annotations

import os
import re

from bot.builds import labels
from bot.builds.labels import CREATED, JOB, OWNER, RUN, Mark


def test_a_mark_says_whose_and_since_when() -> None:
    """A human who finds it on the engine can tell too."""
    mark = Mark("job-1", "abc")
    told = mark.labels()

    assert {JOB: told[JOB], RUN: told[RUN]} == {JOB: "job-1", RUN: "abc"}
    assert told[CREATED].isdigit()
    assert told[OWNER] == labels.owner()
    assert mark.name("recipe") == "multiarch-abc-recipe"


def test_the_private_name_of_an_image_is_a_valid_reference() -> None:
    """Docker allows 128 characters behind the colon."""
    tag = Mark("j", "0123456789ab").tag("call-99999")

    assert re.fullmatch(r"multiarch-run:[\w][\w.-]{0,127}", tag)
    assert tag.endswith(f".{labels.owner()}")


def test_every_run_is_its_own() -> None:
    """Two builds of one job may be on one engine at the same time."""
    one, other = Mark.fresh("job"), Mark.fresh("job")

    assert one.job == other.job == "job"
    assert one.run != other.run
    assert Mark.fresh("").job


def test_an_owner_names_its_process() -> None:
    """A later process may get the same number."""
    machine, pid, started = labels.owner().split(".")

    assert re.fullmatch(r"[0-9a-f]{16}", machine)
    assert int(pid) == os.getpid()
    assert started.isdigit()
