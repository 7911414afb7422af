"""Check suites and check runs as JSON."""

from __future__ import annotations

from tests.world.github.answers import Json
from tests.world.github.entities import CheckRun, CheckSuite, Repository
from tests.world.github.shapes.account import app, node_id
from tests.world.github.shapes.repository import minimal


def run(url: str, repository: Repository, it: CheckRun) -> Json:
    """Write a check run."""
    own = f"{url}/repos/{repository.full_name}/check-runs/{it.id}"
    html = f"{url}/{repository.full_name}/runs/{it.id}"
    return {
        "id": it.id,
        "name": it.name,
        "node_id": node_id("CheckRun", it.id),
        "head_sha": it.suite.head_sha,
        "external_id": it.external_id,
        "url": own,
        "html_url": html,
        "details_url": it.details_url or html,
        "status": it.status,
        "conclusion": it.conclusion,
        "started_at": it.started_at,
        "completed_at": it.completed_at,
        "output": {
            "title": it.title,
            "summary": it.summary,
            "text": it.text,
            "annotations_count": len(it.annotations),
            "annotations_url": f"{own}/annotations",
        },
        "check_suite": {"id": it.suite.id},
        "app": app(url, it.suite.app),
        "pull_requests": pulls(url, repository, it.suite.head_sha),
    }


def suite(url: str, repository: Repository, it: CheckSuite) -> Json:
    """Write a check suite; its state follows from its runs."""
    own = f"{url}/repos/{repository.full_name}/check-suites/{it.id}"
    runs = [r for r in repository.check_runs.values() if r.suite is it]
    status, conclusion = state(runs)
    return {
        "id": it.id,
        "node_id": node_id("CheckSuite", it.id),
        "head_branch": it.head_branch,
        "head_sha": it.head_sha,
        "head_commit": it.head_commit,
        "status": status,
        "conclusion": conclusion,
        "url": own,
        "before": None,
        "after": it.head_sha,
        "pull_requests": pulls(url, repository, it.head_sha),
        "app": app(url, it.app),
        "created_at": it.created_at,
        "updated_at": it.created_at,
        "latest_check_runs_count": len(runs),
        "check_runs_url": f"{own}/check-runs",
        "rerequestable": True,
        "runs_rerequestable": True,
    }


def state(runs: list[CheckRun]) -> tuple[str, str | None]:
    """Return the status and the conclusion of a suite with *runs*."""
    if not runs:
        return "queued", None
    if any(run.status != "completed" for run in runs):
        return "in_progress", None
    verdicts = {run.conclusion for run in runs}
    order = ("failure", "timed_out", "action_required", "cancelled", "neutral")
    return "completed", next((v for v in order if v in verdicts), "success")


def pulls(url: str, repository: Repository, sha: str) -> list[Json]:
    """Write the open pull requests of this repository whose head is *sha*."""
    return [
        {
            "url": f"{url}/repos/{repository.full_name}/pulls/{issue.number}",
            "id": issue.pull.id,
            "number": issue.number,
            "head": _end(url, repository, issue.pull.head_ref, issue.pull.head_sha),
            "base": _end(url, repository, issue.pull.base_ref, issue.pull.base_sha),
        }
        for issue in repository.pulls()
        if issue.pull
        and issue.state == "open"
        and issue.pull.head_sha == sha
        and issue.pull.head_repository is repository
    ]


def _end(url: str, repository: Repository, ref: str, sha: str) -> Json:
    brief = minimal(url, repository)
    repo = {"id": brief["id"], "url": brief["url"], "name": brief["name"]}
    return {"ref": ref, "sha": sha, "repo": repo}
