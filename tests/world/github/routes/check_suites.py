"""Check suites: all check runs of one App on one commit."""

from __future__ import annotations

from tests.world.github.answers import Answer, Json, not_found
from tests.world.github.calls import Call, Route, found, paged
from tests.world.github.entities import CheckSuite
from tests.world.github.routes.checks import listed
from tests.world.github.shapes import check as shapes
from tests.world.github.shapes.repository import minimal


async def of_suite(call: Call) -> Answer:
    """List the check runs of a suite."""
    suite = _own_suite(call)
    runs = [r for r in call.repository.check_runs.values() if r.suite is suite]
    return listed(call, runs)


def _own_suite(call: Call) -> CheckSuite:
    return found(call.repository.check_suites, call.parameters["check_suite_id"])


async def suite(call: Call) -> Answer:
    """Return one check suite."""
    return Answer(body=_whole(call, _own_suite(call)))


async def suites_of_ref(call: Call) -> Answer:
    """List the check suites of a commit."""
    sha = await call.repository.git.resolve(call.parameters["ref"])
    if sha is None:
        raise not_found()
    suites = call.repository.check_suites.values()
    told = [_whole(call, s) for s in suites if s.head_sha == sha]
    return paged(call, told, wrap="check_suites")


def _whole(call: Call, it: CheckSuite) -> Json:
    """Write a suite with its commit and repository, as the API does."""
    return {
        **shapes.suite(call.url, call.repository, it),
        "repository": minimal(call.url, call.repository),
    }


_REPO = "/repos/{owner}/{repo}"
_SUITE = f"{_REPO}/check-suites/{{check_suite_id}}"
_READ = ("checks:read",)
ROUTES = (
    Route("GET", _SUITE, suite, _READ),
    Route("GET", f"{_SUITE}/check-runs", of_suite, _READ),
    Route("GET", f"{_REPO}/commits/{{ref}}/check-suites", suites_of_ref, _READ),
)
