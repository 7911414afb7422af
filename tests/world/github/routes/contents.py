"""Files and folders of a repository, read and written one at a time."""

from __future__ import annotations

import base64
import binascii
from urllib.parse import quote

from tests.world.github.answers import (
    Answer,
    Json,
    RefusalError,
    invalid,
    not_found,
    refusal,
)
from tests.world.github.calls import Call, Route
from tests.world.github.edits import Change, write
from tests.world.github.git import GitError
from tests.world.github.history import Entry, commit, entries
from tests.world.github.shapes.commit import git_commit

_LARGEST = 1024 * 1024
"""Beyond this a file's content is left out unless it is asked for raw."""

_TYPES = {"blob": "file", "tree": "dir", "commit": "submodule"}


async def read(call: Call) -> Answer:
    """Return a file, a folder's list, or the raw bytes."""
    path = call.parameters.get("path", "").strip("/")
    ref = call.query.get("ref") or call.repository.default_branch
    sha = await call.repository.git.resolve(ref)
    if sha is None:
        raise refusal(404, f"No commit found for the ref {ref}")
    entry = await _entry(call, sha, path)
    if entry is None or entry.kind == "tree":
        return await _folder(call, ref, f"{sha}:{path}", path)
    return await _file(call, ref, entry)


async def _entry(call: Call, sha: str, path: str) -> Entry | None:
    """Return the entry at *path*; None is the root."""
    if not path:
        return None
    parent, _, name = path.rpartition("/")
    try:
        siblings = await entries(call.repository.git, f"{sha}:{parent}")
    except GitError:
        raise not_found() from None
    for entry in siblings:
        if entry.path == name:
            return Entry(entry.mode, entry.kind, entry.sha, entry.size, path)
    raise not_found()


async def _folder(call: Call, ref: str, tree: str, path: str) -> Answer:
    listed = await entries(call.repository.git, tree)
    prefix = f"{path}/" if path else ""
    found = [
        _described(call, ref, Entry(e.mode, e.kind, e.sha, e.size, prefix + e.path))
        for e in listed
    ]
    if not call.accepts("object"):
        return Answer(body=found)
    own = _described(call, ref, Entry("040000", "tree", listed[0].sha, 0, path))
    return Answer(body={**own, "entries": found})


async def _file(call: Call, ref: str, entry: Entry) -> Answer:
    git = call.repository.git
    data = await git.run("cat-file", "blob", entry.sha)
    if call.accepts("raw"):
        return Answer(
            body=data, content_type="application/vnd.github.raw; charset=utf-8"
        )
    body = _described(call, ref, entry)
    if entry.mode == "120000":
        return Answer(body={**body, "target": data.decode(errors="replace")})
    large = len(data) > _LARGEST
    coded = base64.encodebytes(data).decode()
    content = {"encoding": "none" if large else "base64"}
    return Answer(body={**body, "content": "" if large else coded, **content})


def _described(call: Call, ref: str, entry: Entry) -> Json:
    repository = call.repository
    api = f"{call.url}/repos/{repository.full_name}"
    path = quote(entry.path)
    tree = entry.kind == "tree"
    own = f"{api}/contents/{path}?ref={ref}"
    git = f"{api}/git/{'trees' if tree else 'blobs'}/{entry.sha}"
    page = (
        f"{call.url}/{repository.full_name}/{'tree' if tree else 'blob'}/{ref}/{path}"
    )
    raw = f"{call.url}/{repository.full_name}/raw/{ref}/{path}"
    kind = "symlink" if entry.mode == "120000" else _TYPES[entry.kind]
    return {
        "name": entry.path.rpartition("/")[2],
        "path": entry.path,
        "sha": entry.sha,
        "size": entry.size or 0,
        "url": own,
        "html_url": page,
        "git_url": git,
        "download_url": None if tree else raw,
        "type": kind,
        "_links": {"self": own, "git": git, "html": page},
    }


async def put(call: Call) -> Answer:
    """Write one file as one commit."""
    body = call.body
    try:
        data = base64.b64decode(str(body["content"]))
    except (KeyError, binascii.Error):
        raise refusal(422, "content is not valid Base64") from None
    return await _written(call, data)


async def delete(call: Call) -> Answer:
    """Remove one file as one commit."""
    return await _written(call, None)


async def _written(call: Call, data: bytes | None) -> Answer:
    body = call.body
    path = call.parameters["path"]
    branch = body.get("branch") or call.repository.default_branch
    if not body.get("message"):
        raise invalid("Contents", "message", "missing_field")
    old = await _standing(call, branch, path)
    if old and body.get("sha") != old.sha:
        raise refusal(409, f"{path} does not match {body.get('sha')}")
    if data is None and old is None:
        raise not_found()
    change = Change(branch, {path: data}, str(body["message"]), call.account)
    sha = await write(call.state, call.outbox, call.repository, change)
    made = git_commit(call.url, call.repository, await commit(call.repository.git, sha))
    if data is None:
        return Answer(body={"content": None, "commit": made})
    entry = await _entry(call, sha, path)
    content = _described(call, branch, entry) if entry else None
    return Answer(200 if old else 201, {"content": content, "commit": made})


async def _standing(call: Call, branch: str, path: str) -> Entry | None:
    sha = await call.repository.git.resolve(branch)
    if sha is None:
        raise refusal(404, f"Branch {branch} not found")
    try:
        return await _entry(call, sha, path)
    except RefusalError:
        return None


_PATH = "/repos/{owner}/{repo}/contents/{path}"
ROUTES = (
    Route("GET", "/repos/{owner}/{repo}/contents", read, ("contents:read",)),
    Route("GET", _PATH, read, ("contents:read",)),
    Route("PUT", _PATH, put, ("contents:write",)),
    Route("DELETE", _PATH, delete, ("contents:write",)),
)
