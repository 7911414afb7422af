"""Check runs with annotations and actions, and the suites that hold them."""

from __future__ import annotations

from tests.world.github import history
from tests.world.github.access import app_of
from tests.world.github.answers import Answer, Json, invalid, refusal
from tests.world.github.calls import Call, Route, found, paged
from tests.world.github.entities import App, CheckRun, CheckSuite
from tests.world.github.events import Happening
from tests.world.github.shapes import check as shapes
from tests.world.github.shapes.commit import brief

MOST_ANNOTATIONS = 50
MOST_ACTIONS = 3
LONGEST_TEXT = 65_535
_ACTION = {"label": 20, "description": 40, "identifier": 20}
_FIELDS = ("details_url", "external_id", "started_at", "completed_at")


async def create(call: Call) -> Answer:
    """Make a check run on a commit."""
    app, body = app_of(call), call.body
    sha = str(body.get("head_sha", ""))
    if not body.get("name"):
        raise invalid("CheckRun", "name", "missing_field")
    if await call.repository.git.resolve(sha) is None or len(sha) != 40:
        raise refusal(422, f"No commit found for SHA: {sha}")
    check(body)
    suite = await _suite(call, app, sha)
    number = call.state.new_id()
    run = CheckRun(number, suite, str(body["name"]), "queued", call.state.now())
    call.repository.check_runs[number] = run
    apply(run, body, call.state.now())
    _say(call, "created", run)
    if run.status == "completed":
        _say(call, "completed", run)
    return Answer(201, shapes.run(call.url, call.repository, run))


async def update(call: Call) -> Answer:
    """Change a check run; annotations are added to those that stand."""
    run, body = _own(call), call.body
    if run.suite.app is not app_of(call):
        raise refusal(403, "Invalid app_id `{app_id}` - check run can only be modified")
    check(body)
    before = run.status
    apply(run, body, call.state.now())
    if before != "completed" and run.status == "completed":
        _say(call, "completed", run)
    return Answer(body=shapes.run(call.url, call.repository, run))


def check(body: Json) -> None:
    """Refuse what GitHub refuses about a check run's words."""
    output = body.get("output") or {}
    if output and not all(isinstance(output.get(k), str) for k in ("title", "summary")):
        raise invalid("CheckRun", "output", "missing_field")
    for name in ("summary", "text"):
        if len(output.get(name) or "") > LONGEST_TEXT:
            message = f"{name} exceeds a maximum of {LONGEST_TEXT} characters"
            raise invalid("CheckRun", name, "too_long", message)
    annotations = output.get("annotations") or []
    if len(annotations) > MOST_ANNOTATIONS:
        raise refusal(
            422,
            f"Invalid request.\n\nNo more than {MOST_ANNOTATIONS} items are allowed; "
            f"{len(annotations)} were supplied.",
        )
    for annotation in annotations:
        _check_annotation(annotation)
    _check_actions(body.get("actions") or [])
    if body.get("status") == "completed" and not body.get("conclusion"):
        raise invalid("CheckRun", "conclusion", "missing_field")


def _check_annotation(annotation: Json) -> None:
    needed = ("path", "start_line", "end_line", "annotation_level", "message")
    for name in needed:
        if annotation.get(name) in {None, ""}:
            raise invalid("CheckAnnotation", name, "missing_field")
    if annotation["end_line"] < annotation["start_line"]:
        raise invalid("CheckAnnotation", "end_line", "invalid")
    columns = [n for n in ("start_column", "end_column") if annotation.get(n)]
    if columns and annotation["start_line"] != annotation["end_line"]:
        raise invalid("CheckAnnotation", columns[0], "invalid")


def _check_actions(actions: list[Json]) -> None:
    if len(actions) > MOST_ACTIONS:
        raise refusal(422, f"No more than {MOST_ACTIONS} items are allowed.")
    for action in actions:
        for name, most in _ACTION.items():
            if not 0 < len(action.get(name) or "") <= most:
                raise invalid("CheckRun", f"actions.{name}", "invalid")


def apply(run: CheckRun, body: Json, now: str) -> None:
    """Write the fields of *body* into *run*."""
    run.name = body.get("name", run.name)
    run.status = body.get("status", run.status)
    for field in _FIELDS:
        if field in body:
            setattr(run, field, body[field])
    if conclusion := body.get("conclusion"):
        run.status, run.conclusion = "completed", conclusion
        run.completed_at = body.get("completed_at") or now
    elif run.status != "completed":
        run.conclusion = run.completed_at = None
    if output := body.get("output"):
        run.title, run.summary = output["title"], output["summary"]
        run.text = output.get("text", run.text)
        run.annotations += output.get("annotations") or []
    if "actions" in body:
        run.actions = body["actions"]


async def _suite(call: Call, app: App, sha: str) -> CheckSuite:
    suites = call.repository.check_suites
    for suite in suites.values():
        if suite.app is app and suite.head_sha == sha:
            return suite
    heads = {s: n for n, s in (await call.repository.git.refs()).items()}
    branch = heads.get(sha, "").removeprefix("refs/heads/") or None
    now, head = call.state.now(), await history.commit(call.repository.git, sha)
    made = CheckSuite(call.state.new_id(), app, sha, branch, now, brief(head))
    suites[made.id] = made
    return made


def _say(call: Call, action: str, run: CheckRun, **more: object) -> None:
    here = Happening(call.state, call.outbox, call.repository, call.account)
    here.check_run(action, run, **more)


def _own(call: Call) -> CheckRun:
    return found(call.repository.check_runs, call.parameters["check_run_id"])


async def get(call: Call) -> Answer:
    """Return one check run."""
    return Answer(body=shapes.run(call.url, call.repository, _own(call)))


async def listed_annotations(call: Call) -> Answer:
    """List the annotations of a check run."""
    run = _own(call)
    blank: Json = {"start_column": None, "end_column": None, "title": None}
    page = f"{call.url}/{call.repository.full_name}/blob/{run.suite.head_sha}"
    told = [
        {**blank, "raw_details": None, **a, "blob_href": f"{page}/{a['path']}"}
        for a in run.annotations
    ]
    return paged(call, told)


async def of_ref(call: Call) -> Answer:
    """List the check runs of a commit; only the latest of a name by default."""
    sha = await call.repository.git.resolve(call.parameters["ref"])
    if sha is None:
        raise refusal(422, f"No commit found for SHA: {call.parameters['ref']}")
    runs = [r for r in call.repository.check_runs.values() if r.suite.head_sha == sha]
    return listed(call, runs)


def listed(call: Call, runs: list[CheckRun]) -> Answer:
    """Cut a page out of *runs*, filtered as the query asks."""
    wanted = call.query.get("check_name")
    status, app = call.query.get("status"), call.query.get("app_id")
    chosen = [
        r
        for r in runs
        if wanted in {None, r.name}
        and status in {None, r.status}
        and app in {None, str(r.suite.app.id)}
    ]
    if call.query.get("filter", "latest") == "latest":
        chosen = list({(r.suite.app.id, r.name): r for r in chosen}.values())
    told = [shapes.run(call.url, call.repository, r) for r in reversed(chosen)]
    return paged(call, told, wrap="check_runs")


async def rerequest(call: Call) -> Answer:
    """Ask the App to run a check again."""
    _say(call, "rerequested", _own(call))
    return Answer(201, {})


_REPO = "/repos/{owner}/{repo}"
_RUN = f"{_REPO}/check-runs/{{check_run_id}}"
_READ, _WRITE = ("checks:read",), ("checks:write",)
ROUTES = (
    Route("POST", f"{_REPO}/check-runs", create, _WRITE),
    Route("GET", _RUN, get, _READ),
    Route("PATCH", _RUN, update, _WRITE),
    Route("GET", f"{_RUN}/annotations", listed_annotations, _READ),
    Route("POST", f"{_RUN}/rerequest", rerequest, _WRITE),
    Route("GET", f"{_REPO}/commits/{{ref}}/check-runs", of_ref, _READ),
)
