"""Workflow runs and their jobs as JSON."""

from __future__ import annotations

from tests.world.github.answers import Json
from tests.world.github.entities import Job, Repository, WorkflowRun
from tests.world.github.shapes.account import node_id, user
from tests.world.github.shapes.repository import minimal

_LINKS = {
    "jobs_url": "/jobs",
    "logs_url": "/logs",
    "artifacts_url": "/artifacts",
    "cancel_url": "/cancel",
    "rerun_url": "/rerun",
}


def run(url: str, repository: Repository, it: WorkflowRun, head: Json) -> Json:
    """Write a workflow run on the commit *head*."""
    api = f"{url}/repos/{repository.full_name}/actions"
    own = f"{api}/runs/{it.id}"
    suite = it.id + 1
    check = f"{url}/repos/{repository.full_name}/check-suites/{suite}"
    return {
        "id": it.id,
        "name": it.path.rpartition("/")[2],
        "node_id": node_id("WorkflowRun", it.id),
        "check_suite_id": suite,
        "head_branch": it.branch,
        "head_sha": it.sha,
        "path": it.path,
        "run_number": it.number,
        "run_attempt": 1,
        "event": it.event,
        "display_title": it.path.rpartition("/")[2],
        "status": it.status,
        "conclusion": it.conclusion,
        "workflow_id": _workflow(it.path),
        "url": own,
        "html_url": f"{url}/{repository.full_name}/actions/runs/{it.id}",
        "pull_requests": [],
        "created_at": it.created_at,
        "updated_at": it.created_at,
        "run_started_at": it.created_at,
        "actor": user(url, it.actor),
        "triggering_actor": user(url, it.actor),
        **{name: f"{own}{end}" for name, end in _LINKS.items()},
        "check_suite_url": check,
        "workflow_url": f"{api}/workflows/{_workflow(it.path)}",
        "head_commit": head,
        "repository": minimal(url, repository),
        "head_repository": minimal(url, repository),
    }


def job(url: str, repository: Repository, of: WorkflowRun, it: Job) -> Json:
    """Write one job of a workflow run."""
    api = f"{url}/repos/{repository.full_name}"
    return {
        "id": it.id,
        "run_id": of.id,
        "run_url": f"{api}/actions/runs/{of.id}",
        "run_attempt": 1,
        "node_id": node_id("CheckRun", it.id),
        "head_sha": of.sha,
        "head_branch": of.branch,
        "url": f"{api}/actions/jobs/{it.id}",
        "html_url": f"{url}/{repository.full_name}/actions/runs/{of.id}/job/{it.id}",
        "status": "completed" if it.conclusion else "in_progress",
        "conclusion": it.conclusion,
        "created_at": of.created_at,
        "started_at": of.created_at,
        "completed_at": of.created_at if it.conclusion else None,
        "name": it.name,
        "steps": [],
        "check_run_url": f"{api}/check-runs/{it.id}",
        "labels": list(it.labels),
        "runner_id": 1,
        "runner_name": "runner",
        "runner_group_id": 1,
        "runner_group_name": "Default",
        "workflow_name": of.path.rpartition("/")[2],
    }


def _workflow(path: str) -> int:
    """Return a stable number for a workflow file."""
    return sum(index * byte for index, byte in enumerate(path.encode(), 1))
