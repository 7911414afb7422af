"""Actions: a workflow is dispatched, its runs and their jobs' logs are read."""

from __future__ import annotations

from tests.world.github import history
from tests.world.github.answers import Answer, Json, not_found, refusal
from tests.world.github.calls import Call, Route, found, paged
from tests.world.github.entities import WorkflowRun
from tests.world.github.git import GitError
from tests.world.github.shapes import action as shapes
from tests.world.github.shapes.commit import brief

_FOLDER = ".github/workflows"


async def dispatch(call: Call) -> Answer:
    """Start a workflow by hand; its run waits to be finished by the test."""
    body = call.body
    name = call.parameters["workflow_id"]
    branch = str(body.get("ref", "")).removeprefix("refs/heads/")
    sha = await call.repository.git.resolve(branch)
    if sha is None:
        raise refusal(422, f"No ref found for: {branch}")
    path = f"{_FOLDER}/{name}"
    try:
        text = await call.repository.git.text("cat-file", "blob", f"{sha}:{path}")
    except GitError:
        raise not_found() from None
    if "workflow_dispatch" not in text:
        raise refusal(422, "Workflow does not have 'workflow_dispatch' trigger")
    runs = call.repository.workflow_runs
    run = WorkflowRun(
        call.state.new_id(),
        len(runs) + 1,
        path,
        "workflow_dispatch",
        branch,
        sha,
        call.account,
        call.state.now(),
        inputs=dict(body.get("inputs") or {}),
    )
    runs[run.id] = run
    return Answer(204)


async def runs(call: Call) -> Answer:
    """List workflow runs, newest first."""
    wanted = call.parameters.get("workflow_id")
    filters = {k: call.query.get(k) for k in ("branch", "event", "status")}
    chosen = [
        run
        for run in reversed(call.repository.workflow_runs.values())
        if wanted in {None, run.path.removeprefix(f"{_FOLDER}/")}
        and filters["branch"] in {None, run.branch}
        and filters["event"] in {None, run.event}
        and filters["status"] in {None, run.status, run.conclusion}
    ]
    return paged(call, [await _told(call, run) for run in chosen], "workflow_runs")


async def get(call: Call) -> Answer:
    """Return one workflow run."""
    return Answer(body=await _told(call, _own(call)))


async def jobs(call: Call) -> Answer:
    """List the jobs of a run."""
    run = _own(call)
    url, repository = call.url, call.repository
    told = [shapes.job(url, repository, run, job) for job in run.jobs.values()]
    return paged(call, told, wrap="jobs")


async def job(call: Call) -> Answer:
    """Return one job."""
    run = _run_of(call)
    own = run.jobs[int(call.parameters["job_id"])]
    return Answer(body=shapes.job(call.url, call.repository, run, own))


async def logs(call: Call) -> Answer:
    """Send the client to where a job's log lies."""
    run, number = _run_of(call), call.parameters["job_id"]
    place = f"{call.url}/logs/{call.repository.full_name}/{run.id}/{number}"
    return Answer(302, None, {"Location": place})


def _own(call: Call) -> WorkflowRun:
    return found(call.repository.workflow_runs, call.parameters["run_id"])


def _run_of(call: Call) -> WorkflowRun:
    wanted = call.parameters["job_id"]
    for run in call.repository.workflow_runs.values():
        if wanted.isdigit() and int(wanted) in run.jobs:
            return run
    raise not_found()


async def _told(call: Call, run: WorkflowRun) -> Json:
    head = await history.commit(call.repository.git, run.sha)
    return shapes.run(call.url, call.repository, run, brief(head))


_ACTIONS = "/repos/{owner}/{repo}/actions"
_WORKFLOW = f"{_ACTIONS}/workflows/{{workflow_id}}"
_READ, _WRITE = ("actions:read",), ("actions:write",)
ROUTES = (
    Route("POST", f"{_WORKFLOW}/dispatches", dispatch, _WRITE),
    Route("GET", f"{_WORKFLOW}/runs", runs, _READ),
    Route("GET", f"{_ACTIONS}/runs", runs, _READ),
    Route("GET", f"{_ACTIONS}/runs/{{run_id}}", get, _READ),
    Route("GET", f"{_ACTIONS}/runs/{{run_id}}/jobs", jobs, _READ),
    Route("GET", f"{_ACTIONS}/jobs/{{job_id}}", job, _READ),
    Route("GET", f"{_ACTIONS}/jobs/{{job_id}}/logs", logs, _READ),
)
