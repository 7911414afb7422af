"""The git database: blobs, trees, commits and tags."""

from __future__ import annotations

import base64
import binascii

from tests.world.github import edits, history
from tests.world.github.answers import Answer, Json, invalid, not_found, refusal
from tests.world.github.calls import Call, Route
from tests.world.github.entities import Account
from tests.world.github.git import EMPTY_TREE, GitError, Identity
from tests.world.github.history import Entry
from tests.world.github.shapes.account import node_id
from tests.world.github.shapes.commit import git_commit, person

_MODES = frozenset({"100644", "100755", "040000", "160000", "120000"})


async def blob(call: Call) -> Answer:
    """Return a blob as base64, or raw."""
    sha = call.parameters["file_sha"]
    try:
        data = await call.repository.git.run("cat-file", "blob", sha)
    except GitError:
        raise not_found() from None
    if call.accepts("raw"):
        return Answer(
            body=data, content_type="application/vnd.github.raw; charset=utf-8"
        )
    body = {
        "sha": sha,
        "node_id": node_id("Blob", call.repository.id),
        "size": len(data),
        "url": _own(call, "blobs", sha),
        "content": base64.encodebytes(data).decode(),
        "encoding": "base64",
    }
    return Answer(body=body)


async def create_blob(call: Call) -> Answer:
    """Store a blob."""
    body = call.body
    content = body.get("content")
    if not isinstance(content, str):
        raise invalid("Blob", "content", "missing_field")
    data = content.encode()
    if body.get("encoding") == "base64":
        try:
            data = base64.b64decode(content)
        except binascii.Error:
            raise refusal(422, "content is not valid Base64") from None
    sha = await call.repository.git.write_blob(data)
    return Answer(201, {"sha": sha, "url": _own(call, "blobs", sha)})


async def tree(call: Call) -> Answer:
    """Return a tree, with all below it when asked; cut when it is huge."""
    name = call.parameters["tree_sha"]
    git = call.repository.git
    sha = await git.resolve(name, "tree")
    if sha is None:
        raise not_found()
    listed = await history.entries(git, sha, recursive="recursive" in call.query)
    return Answer(body=_tree(call, sha, listed))


def _tree(call: Call, sha: str, listed: list[Entry]) -> Json:
    most = call.state.most_tree_entries
    return {
        "sha": sha,
        "url": _own(call, "trees", sha),
        "tree": [_entry(call, entry) for entry in listed[:most]],
        "truncated": len(listed) > most,
    }


def _entry(call: Call, entry: Entry) -> Json:
    body: Json = {"path": entry.path, "mode": entry.mode, "type": entry.kind}
    body["sha"] = entry.sha
    if entry.size is not None:
        body["size"] = entry.size
    if entry.kind != "commit":
        body["url"] = _own(call, f"{entry.kind}s", entry.sha)
    return body


async def create_tree(call: Call) -> Answer:
    """Write a tree from entries, on top of another where one is named."""
    body = call.body
    git = call.repository.git
    base = EMPTY_TREE
    if named := body.get("base_tree"):
        resolved = await git.resolve(str(named), "tree")
        if resolved is None:
            raise refusal(404, "Not Found")
        base = resolved
    lines = [await _line(call, entry) for entry in body.get("tree", ())]
    if not lines:
        raise refusal(422, "Invalid tree info")
    try:
        sha = await edits.apply(git, base, lines)
    except GitError:
        raise refusal(422, "GitRPC::BadObjectState") from None
    return Answer(201, _tree(call, sha, await history.entries(git, sha)))


async def _line(call: Call, entry: Json) -> str:
    path, mode = entry.get("path"), entry.get("mode", "100644")
    if not path or mode not in _MODES:
        raise refusal(422, "tree.mode Must supply a valid tree.mode")
    git = call.repository.git
    if "content" in entry:
        sha = await git.write_blob(str(entry["content"]).encode())
    elif entry.get("sha") is None:
        return f"0 {'0' * 40}\t{path}"
    else:
        sha = entry["sha"]
        if mode != "160000" and await git.resolve(sha, "object") is None:
            raise refusal(422, f"tree.sha {sha} is not a valid object")
    return f"{mode} {sha}\t{path}"


async def commit(call: Call) -> Answer:
    """Return a commit of the git database."""
    git = call.repository.git
    sha = await git.resolve(call.parameters["commit_sha"])
    if sha is None:
        raise not_found()
    read = await history.commit(git, sha)
    return Answer(body=git_commit(call.url, call.repository, read))


async def create_commit(call: Call) -> Answer:
    """Write a commit; the actor is its author unless another is named."""
    body = call.body
    git = call.repository.git
    sha = str(body.get("tree"))
    if await git.resolve(sha, "tree") is None:
        raise refusal(422, "Tree SHA does not exist")
    parents = list(body.get("parents", ()))
    for parent in parents:
        if await git.resolve(parent) is None:
            raise refusal(422, f"Parent SHA does not exist or is not a commit {parent}")
    author = _identity(body.get("author"), call.account)
    committer = _identity(body.get("committer") or body.get("author"), call.account)
    who = (author, committer)
    made = await git.commit_tree(sha, parents, str(body.get("message", "")), who)
    read = await history.commit(git, made)
    return Answer(201, git_commit(call.url, call.repository, read))


def _identity(given: Json | None, account: Account) -> Identity:
    if given is None:
        return Identity(account.login, account.email)
    return Identity(given["name"], given["email"], given.get("date", ""))


async def tag(call: Call) -> Answer:
    """Return an annotated tag."""
    git = call.repository.git
    sha = call.parameters["tag_sha"]
    try:
        text = await git.text("cat-file", "tag", sha)
    except GitError:
        raise not_found() from None
    head, _, message = text.partition("\n\n")
    fields = dict(line.split(" ", 1) for line in head.splitlines())
    return Answer(body=_tag(call, sha, fields, message))


def _tag(call: Call, sha: str, fields: dict[str, str], message: str) -> Json:
    target, kind = fields["object"], fields["type"]
    name, _, rest = fields["tagger"].partition(" <")
    email, _, seconds = rest.partition("> ")
    moment = history.moment(int(seconds.split()[0]))
    return {
        "sha": sha,
        "node_id": node_id("Tag", call.repository.id),
        "url": _own(call, "tags", sha),
        "tag": fields["tag"],
        "message": message,
        "tagger": person(Identity(name, email, moment)),
        "object": {
            "sha": target,
            "type": kind,
            "url": _own(call, f"{kind}s", target),
        },
    }


async def create_tag(call: Call) -> Answer:
    """Write an annotated tag object; a reference to it is made apart."""
    body = call.body
    who = _identity(body.get("tagger"), call.account)
    seconds = int(call.state.time().timestamp())
    text = (
        f"object {body['object']}\ntype {body['type']}\ntag {body['tag']}\n"
        f"tagger {who.name} <{who.email}> {seconds} +0000\n\n{body['message']}\n"
    )
    try:
        sha = await call.repository.git.text("mktag", stdin=text.encode())
    except GitError:
        raise refusal(422, "Validation Failed") from None
    told = {"object": body["object"], "type": body["type"], "tag": body["tag"]}
    stamp = f"{who.name} <{who.email}> {seconds} +0000"
    answer = _tag(call, sha, {**told, "tagger": stamp}, str(body["message"]))
    return Answer(201, answer)


def _own(call: Call, kind: str, sha: str) -> str:
    return f"{call.url}/repos/{call.repository.full_name}/git/{kind}/{sha}"


_GIT = "/repos/{owner}/{repo}/git"
_READ, _WRITE = ("contents:read",), ("contents:write",)
ROUTES = (
    Route("GET", f"{_GIT}/blobs/{{file_sha}}", blob, _READ),
    Route("POST", f"{_GIT}/blobs", create_blob, _WRITE),
    Route("GET", f"{_GIT}/trees/{{tree_sha}}", tree, _READ),
    Route("POST", f"{_GIT}/trees", create_tree, _WRITE),
    Route("GET", f"{_GIT}/commits/{{commit_sha}}", commit, _READ),
    Route("POST", f"{_GIT}/commits", create_commit, _WRITE),
    Route("GET", f"{_GIT}/tags/{{tag_sha}}", tag, _READ),
    Route("POST", f"{_GIT}/tags", create_tag, _WRITE),
)
