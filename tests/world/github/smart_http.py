"""Git over HTTP: hand clones, fetches and pushes to ``git http-backend``."""

from __future__ import annotations

import asyncio
import re

from aiohttp import web

from tests.world.github.access import allows
from tests.world.github.actors import Actor, authenticate
from tests.world.github.answers import RefusalError
from tests.world.github.entities import Account, Repository
from tests.world.github.git import environment
from tests.world.github.outbox import Outbox
from tests.world.github.pushing import Pushing
from tests.world.github.state import State

PATH = re.compile(
    r"/(?P<owner>[^/]+)/(?P<name>[^/]+?)(?:\.git)?"
    r"(?P<rest>/info/refs|/git-upload-pack|/git-receive-pack|/HEAD|/objects/.+)"
)
_CHALLENGE = {"WWW-Authenticate": 'Basic realm="GitHub"'}


async def serve(
    state: State, outbox: Outbox, request: web.Request
) -> web.StreamResponse | None:
    """Answer a git client; None where the path is not git's."""
    match = PATH.fullmatch(request.path)
    if match is None:
        return None
    try:
        actor = authenticate(state, request.headers.get("Authorization", ""))
        repository = state.repository(match["owner"], match["name"])
    except RefusalError as error:
        return _refuse(error.answer.status)
    writes = "git-receive-pack" in request.path_qs
    if refused := _forbidden(actor, repository, writes=writes):
        return _refuse(refused)
    sender = actor.account or repository.owner
    body = await request.read()
    if match["rest"] != "/git-receive-pack":
        return await _backend(request, repository, match["rest"], body)
    before = await repository.git.refs()
    response = await _backend(request, repository, match["rest"], body)
    await Pushing(state, outbox, repository, sender).follow(before)
    return response


def _refuse(status: int) -> web.Response:
    if status == 401:
        return web.Response(status=401, headers=_CHALLENGE, text="Bad credentials")
    texts = {403: "Permission denied.", 404: "Repository not found."}
    return web.Response(status=status, text=texts.get(status, "Refused."))


def _forbidden(actor: Actor, repository: Repository, *, writes: bool) -> int:
    """Return the status to refuse with, or 0."""
    if actor.account is None:
        return 401 if writes or repository.private else 0
    if actor.token:
        return _token(actor, repository, writes=writes)
    return _person(actor.account, repository, writes=writes)


def _token(actor: Actor, repository: Repository, *, writes: bool) -> int:
    permissions = actor.token.permissions if actor.token else {}
    if not actor.reaches(repository):
        hidden = 404 if repository.private else 0
        return 403 if writes and not hidden else hidden
    need = "contents:write" if writes else "contents:read"
    return 0 if allows(permissions, need) else 403


def _person(account: Account, repository: Repository, *, writes: bool) -> int:
    level = repository.permission(account)
    if level == "none":
        return 404
    return 403 if writes and level in {"read", "triage"} else 0


async def _backend(
    request: web.Request, repository: Repository, rest: str, body: bytes
) -> web.Response:
    variables = {
        "GIT_PROJECT_ROOT": str(repository.git.directory),
        "GIT_HTTP_EXPORT_ALL": "1",
        "PATH_INFO": rest,
        "QUERY_STRING": request.query_string,
        "REQUEST_METHOD": request.method,
        "REMOTE_USER": "git",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": request.headers.get("Content-Type", ""),
        "CONTENT_LENGTH": str(len(body)),
        "GIT_PROTOCOL": request.headers.get("Git-Protocol", ""),
    }
    process = await asyncio.create_subprocess_exec(
        "git",
        "http-backend",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=environment() | variables,
    )
    out, _ = await process.communicate(body)
    return _parsed(out)


def _parsed(out: bytes) -> web.Response:
    head, _, body = out.partition(b"\r\n\r\n")
    pairs = (line.partition(":") for line in head.decode().split("\r\n") if line)
    headers = {name.strip(): value.strip() for name, _, value in pairs}
    status = int(headers.pop("Status", "200").split()[0])
    return web.Response(status=status, body=body, headers=headers)
