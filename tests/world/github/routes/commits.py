"""Commits, comparisons, archives and statuses."""

from __future__ import annotations

from tests.world.github import history
from tests.world.github.answers import Answer, Json, RefusalError, not_found, refusal
from tests.world.github.calls import Call, Route, paged
from tests.world.github.diffs import diff
from tests.world.github.downloads import ticket
from tests.world.github.entities import Repository
from tests.world.github.git import EMPTY_TREE
from tests.world.github.shapes import commit as shapes

_MOST_FILES = 300


async def get(call: Call) -> Answer:
    """Return one commit with its files, or only its id."""
    repository = call.repository
    sha = await _resolved(call, repository, call.parameters["ref"])
    if call.accepts("sha"):
        return Answer(body=sha.encode(), content_type="application/vnd.github.sha")
    read = await history.commit(repository.git, sha)
    base = read.parents[0] if read.parents else EMPTY_TREE
    files = await diff(repository.git, base, sha)
    body = {
        **shapes.commit(call.state, repository, read),
        "stats": shapes.totals(files),
        "files": [shapes.file(call.url, repository, sha, f) for f in files],
    }
    return Answer(body=body)


async def listed(call: Call) -> Answer:
    """List commits, newest first."""
    repository = call.repository
    sha = await _resolved(
        call, repository, call.query.get("sha") or repository.default_branch
    )
    path = call.query.get("path")
    read = await history.commits(repository.git, sha, "--", *([path] if path else []))
    return paged(call, [shapes.commit(call.state, repository, c) for c in read])


async def compare(call: Call) -> Answer:
    """Compare two commits of the network, from their merge base."""
    base_name, dots, head_name = call.parameters["basehead"].partition("...")
    if not dots:
        raise not_found()
    repository = call.repository
    try:
        base = await _resolved(call, repository, base_name)
        head = await _resolved(call, repository, head_name)
    except RefusalError:
        raise not_found() from None
    if call.accepts("diff"):
        text = await repository.git.run("diff", f"{base}...{head}")
        return Answer(body=text, content_type="application/vnd.github.diff")
    return Answer(body=await _comparison(call, repository, base, head))


async def _comparison(call: Call, repository: Repository, base: str, head: str) -> Json:
    git, page = repository.git, f"{call.url}/{repository.full_name}"
    api = f"{call.url}/repos/{repository.full_name}/compare/{base}...{head}"
    middle = await history.merge_base(git, base, head)
    ahead = await history.commits(git, "--reverse", f"{base}..{head}", "--")
    behind = await history.commits(git, f"{head}..{base}", "--")
    files = await diff(git, middle, head)
    first = await history.commit(git, base)
    common = await history.commit(git, middle)
    return {
        "url": api,
        "html_url": f"{page}/compare/{base}...{head}",
        "permalink_url": f"{page}/compare/{base[:12]}...{head[:12]}",
        "diff_url": f"{page}/compare/{base}...{head}.diff",
        "patch_url": f"{page}/compare/{base}...{head}.patch",
        "base_commit": shapes.commit(call.state, repository, first),
        "merge_base_commit": shapes.commit(call.state, repository, common),
        "status": _relation(len(ahead), len(behind)),
        "ahead_by": len(ahead),
        "behind_by": len(behind),
        "total_commits": len(ahead),
        "commits": [shapes.commit(call.state, repository, c) for c in ahead],
        "files": [
            shapes.file(call.url, repository, head, f) for f in files[:_MOST_FILES]
        ],
    }


def _relation(ahead: int, behind: int) -> str:
    if ahead and behind:
        return "diverged"
    if ahead:
        return "ahead"
    return "behind" if behind else "identical"


async def _resolved(call: Call, repository: Repository, name: str) -> str:
    """Return the commit that *name* stands for; ``user:branch`` names a fork's."""
    owner, colon, branch = name.partition(":")
    if colon and owner.lower() != repository.owner.login.lower():
        sha = await _forked(call, repository, owner, branch)
    else:
        sha = await repository.git.resolve(branch if colon else name)
    if sha is None:
        raise refusal(422, f"No commit found for SHA: {name}")
    return sha


async def _forked(
    call: Call, repository: Repository, owner: str, branch: str
) -> str | None:
    for fork in call.state.repositories.values():
        same = fork.owner.login.lower() == owner.lower()
        if fork.parent is repository and same:
            sha = await fork.git.resolve(branch)
            if sha:
                source = str(fork.git.directory)
                await repository.git.run("fetch", "--quiet", source, sha)
            return sha
    return None


async def tarball(call: Call) -> Answer:
    """Send the client to where the archive lies."""
    return await _archive(call, "tar.gz")


async def zipball(call: Call) -> Answer:
    """Send the client to where the zip archive lies."""
    return await _archive(call, "zip")


async def _archive(call: Call, kind: str) -> Answer:
    repository = call.repository
    ref = call.parameters.get("ref") or repository.default_branch
    if await repository.git.resolve(ref) is None:
        raise not_found()
    place = f"{call.url}/codeload/{repository.full_name}/legacy.{kind}/{ref}"
    if repository.private:
        place += f"?token={ticket(repository)}"
    return Answer(302, None, {"Location": place})


_REPO = "/repos/{owner}/{repo}"
_READ = ("contents:read",)
ROUTES = (
    Route("GET", f"{_REPO}/commits", listed, _READ),
    Route("GET", f"{_REPO}/commits/{{ref}}", get, _READ),
    Route("GET", f"{_REPO}/compare/{{basehead}}", compare, _READ),
    Route("GET", f"{_REPO}/tarball/{{ref}}", tarball, _READ),
    Route("GET", f"{_REPO}/zipball/{{ref}}", zipball, _READ),
)
