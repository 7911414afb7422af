"""What GitHub serves beside its API: archives and logs, by a link that expires."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tests.world.github.answers import Answer, RefusalError
from tests.world.github.entities import Repository
from tests.world.github.state import State

_ARCHIVE = re.compile(
    r"/codeload/(?P<owner>[^/]+)/(?P<name>[^/]+)/legacy\.(?P<kind>tar\.gz|zip)/(?P<ref>.+)"
)
_LOG = re.compile(r"/logs/(?P<owner>[^/]+)/(?P<name>[^/]+)/(?P<run>\d+)/(?P<job>\d+)")
_TYPES = {"tar.gz": "application/x-gzip", "zip": "application/zip"}


def ticket(repository: Repository) -> str:
    """Return the secret part of a download link."""
    return f"{repository.id:x}A{hash(repository.git) & 0xFFFFFFFF:08X}"


async def serve(state: State, path: str, query: Mapping[str, str]) -> Answer | None:
    """Answer a download; None where the path is none."""
    if match := _ARCHIVE.fullmatch(path):
        return await _archive(state, match, query)
    if match := _LOG.fullmatch(path):
        return _log(state, match, query)
    return None


async def _archive(
    state: State, match: re.Match[str], query: Mapping[str, str]
) -> Answer:
    repository = _opened(state, match, query)
    if repository is None:
        return _missing()
    name = match["ref"].removeprefix("refs/heads/").removeprefix("refs/tags/")
    sha = await repository.git.resolve(name)
    if sha is None:
        return _missing()
    top = f"{repository.owner.login}-{repository.name}-{sha[:7]}"
    data = await repository.git.run(
        "archive", f"--format={match['kind']}", f"--prefix={top}/", sha
    )
    told = {"Content-Disposition": f"attachment; filename={top}.{match['kind']}"}
    return Answer(200, data, told, content_type=_TYPES[match["kind"]])


def _log(state: State, match: re.Match[str], query: Mapping[str, str]) -> Answer:
    repository = _opened(state, match, query)
    run = repository.workflow_runs.get(int(match["run"])) if repository else None
    job = run.jobs.get(int(match["job"])) if run else None
    if job is None:
        return _missing()
    return Answer(200, job.log.encode(), content_type="text/plain")


def _opened(
    state: State, match: re.Match[str], query: Mapping[str, str]
) -> Repository | None:
    try:
        repository = state.repository(match["owner"], match["name"])
    except RefusalError:
        return None
    shown = query.get("token", "")
    closed = repository.private and shown != ticket(repository)
    return None if closed else repository


def _missing() -> Answer:
    return Answer(404, b"404: Not Found", content_type="text/plain")
