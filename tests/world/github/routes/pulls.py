"""Pull requests: opened, listed, read, changed, merged."""

from __future__ import annotations

from tests.world.github import history
from tests.world.github.answers import Answer, Json, invalid, refusal
from tests.world.github.calls import Call, Route, paged
from tests.world.github.diffs import FileDiff, diff
from tests.world.github.entities import Issue, Pull, Repository
from tests.world.github.git import GitError, Identity
from tests.world.github.pushing import Pushing, publish
from tests.world.github.routes.issues import edit, here, opened
from tests.world.github.shapes import commit as commits_shapes
from tests.world.github.shapes import pull as shapes

MOST_FILES = 3000


async def listed(call: Call) -> Answer:
    """List pull requests, newest first, by state, head and base."""
    state = call.query.get("state", "open")
    chosen = [
        (issue, issue.pull)
        for issue in reversed(call.repository.pulls())
        if issue.pull and state in {"all", issue.state} and _wanted(call, issue.pull)
    ]
    return paged(
        call, [shapes.simple(call.url, call.repository, i, p) for i, p in chosen]
    )


def _wanted(call: Call, pull: Pull) -> bool:
    head, base = call.query.get("head"), call.query.get("base")
    own = f"{pull.head_repository.owner.login}:{pull.head_ref}"
    # GitHub ignores a head without an owner.
    same_head = not head or ":" not in head or head == own
    return same_head and base in {None, pull.base_ref}


async def create(call: Call) -> Answer:
    """Open a pull request, from a branch here or of a fork."""
    body, repository = call.body, call.repository
    for name in ("head", "base"):
        if not body.get(name):
            raise invalid("PullRequest", name, "missing_field")
    base, head = str(body["base"]), str(body["head"])
    base_sha = (await repository.git.refs()).get(f"refs/heads/{base}")
    if base_sha is None:
        raise invalid("PullRequest", "base", "invalid")
    source, branch = _source(call, head)
    head_sha = (await source.git.refs()).get(f"refs/heads/{branch}")
    if head_sha is None:
        raise invalid("PullRequest", "head", "invalid")
    number = call.state.new_id()
    pull = Pull(number, base, base_sha, source, branch, head_sha)
    pull.draft = bool(body.get("draft"))
    pull.maintainer_can_modify = bool(body.get("maintainer_can_modify"))
    await _refuse_needless(call, pull)
    issue = opened(call, body)
    issue.pull = pull
    await publish(repository, issue, pull)
    here(call).pull_request("opened", issue, pull)
    return Answer(201, await _full(call, issue, pull))


def _source(call: Call, head: str) -> tuple[Repository, str]:
    owner, colon, branch = head.rpartition(":")
    repository = call.repository
    if not colon or owner.lower() == repository.owner.login.lower():
        return repository, branch
    for fork in call.state.repositories.values():
        if fork.parent is repository and fork.owner.login.lower() == owner.lower():
            return fork, branch
    raise invalid("PullRequest", "head", "invalid")


async def _refuse_needless(call: Call, pull: Pull) -> None:
    repository = call.repository
    label = f"{pull.head_repository.owner.login}:{pull.head_ref}"
    for issue in repository.pulls():
        old = issue.pull
        if old and issue.state == "open" and old.base_ref == pull.base_ref:
            same = old.head_repository is pull.head_repository
            if same and old.head_ref == pull.head_ref:
                _refuse(f"A pull request already exists for {label}.")
    if pull.head_repository is not repository:
        source = str(pull.head_repository.git.directory)
        await repository.git.run("fetch", "--quiet", source, pull.head_sha)
    middle = await history.merge_base(repository.git, pull.base_sha, pull.head_sha)
    if middle == pull.head_sha:
        _refuse(f"No commits between {pull.base_ref} and {pull.head_ref}")


def _refuse(message: str) -> None:
    error = {"resource": "PullRequest", "code": "custom", "message": message}
    raise refusal(422, "Validation Failed", errors=[error])


async def get(call: Call) -> Answer:
    """Return one pull request, or its diff."""
    issue, pull = call.pull
    if call.accepts("diff"):
        ends = f"{pull.base_sha}...{pull.head_sha}"
        text = await call.repository.git.run("diff", ends)
        return Answer(body=text, content_type="application/vnd.github.diff")
    return Answer(body=await _full(call, issue, pull))


async def update(call: Call) -> Answer:
    """Change a pull request's words, base or state."""
    issue, pull = call.pull
    body = call.body
    if base := body.get("base"):
        sha = await call.repository.git.resolve(str(base))
        if sha is None:
            raise invalid("PullRequest", "base", "invalid")
        pull.base_ref, pull.base_sha = str(base), sha
    if pull.merged_at and body.get("state") == "open":
        raise invalid("PullRequest", "state", "invalid")
    action = edit(call, issue, body)
    if action:
        here(call).pull_request(action, issue, pull)
    return Answer(body=await _full(call, issue, pull))


async def changed(repository: Repository, pull: Pull) -> list[FileDiff]:
    """Return the files that the pull request changes against its base."""
    base = await history.merge_base(repository.git, pull.base_sha, pull.head_sha)
    return await diff(repository.git, base, pull.head_sha)


async def files(call: Call) -> Answer:
    """List the changed files with their patches."""
    _, pull = call.pull
    found = (await changed(call.repository, pull))[:MOST_FILES]
    told = [
        commits_shapes.file(call.url, call.repository, pull.head_sha, f) for f in found
    ]
    return paged(call, told)


async def commits(call: Call) -> Answer:
    """List the commits, oldest first."""
    _, pull = call.pull
    found = await _commits(call.repository, pull)
    told = [commits_shapes.commit(call.state, call.repository, c) for c in found]
    return paged(call, told)


async def _commits(repository: Repository, pull: Pull) -> list[history.Commit]:
    between = f"{pull.base_sha}..{pull.head_sha}"
    return await history.commits(repository.git, "--reverse", between, "--")


async def _full(call: Call, issue: Issue, pull: Pull) -> Json:
    found = await changed(call.repository, pull)
    counted = commits_shapes.totals(found)
    totals = shapes.Totals(
        len(await _commits(call.repository, pull)),
        counted["additions"],
        counted["deletions"],
        len(found),
        await _merged(call.repository, pull) is not None
        if issue.state == "open"
        else None,
    )
    return shapes.full_pull(call.url, call.repository, issue, pull, totals)


async def _merged(repository: Repository, pull: Pull) -> str | None:
    """Return the tree of the merge, or None where it conflicts."""
    base = (await repository.git.refs())[f"refs/heads/{pull.base_ref}"]
    try:
        out = await repository.git.text(
            "merge-tree", "--write-tree", base, pull.head_sha
        )
    except GitError:
        return None
    return out.splitlines()[0]


async def merge(call: Call) -> Answer:
    """Merge the pull request into its base."""
    issue, pull = call.pull
    body, git = call.body, call.repository.git
    wanted = body.get("sha")
    if wanted not in {None, pull.head_sha}:
        raise refusal(409, "Head branch was modified. Review and try the merge again.")
    tree = await _merged(call.repository, pull) if issue.state == "open" else None
    if tree is None:
        raise refusal(405, "Pull Request is not mergeable")
    before = await git.refs()
    base = before[f"refs/heads/{pull.base_ref}"]
    title = body.get("commit_title") or (
        f"Merge pull request #{issue.number} from "
        f"{pull.head_repository.owner.login}/{pull.head_ref}"
    )
    squash = body.get("merge_method") == "squash"
    parents = [base] if squash else [base, pull.head_sha]
    who = Identity(call.account.login, call.account.email)
    text = f"{title}\n\n{body.get('commit_message') or issue.title}"
    sha = await git.commit_tree(tree, parents, text, (who, who))
    await git.run("update-ref", f"refs/heads/{pull.base_ref}", sha, base)
    edit(call, issue, {"state": "closed"})
    pull.merged_at, pull.merged_by = issue.closed_at, call.account
    pull.merge_commit_sha = sha
    here(call).pull_request("closed", issue, pull)
    pushing = Pushing(call.state, call.outbox, call.repository, call.account)
    await pushing.follow(before)
    told = {"sha": sha, "merged": True, "message": "Pull Request successfully merged"}
    return Answer(body=told)


_PULLS = "/repos/{owner}/{repo}/pulls"
_PULL = f"{_PULLS}/{{pull_number}}"
_READ, _WRITE = ("pull_requests:read",), ("pull_requests:write",)
ROUTES = (
    Route("GET", _PULLS, listed, _READ),
    Route("POST", _PULLS, create, _WRITE),
    Route("GET", _PULL, get, _READ),
    Route("PATCH", _PULL, update, _WRITE),
    Route("GET", f"{_PULL}/files", files, _READ),
    Route("GET", f"{_PULL}/commits", commits, _READ),
    Route("PUT", f"{_PULL}/merge", merge, ("contents:write",)),
)
