"""The HTTP side: every call is authenticated, answered, counted and judged."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from email.utils import format_datetime

from aiohttp import web

from tests.world.github import downloads, smart_http
from tests.world.github.access import guard
from tests.world.github.actors import Actor, authenticate
from tests.world.github.answers import Answer, RefusalError, not_found
from tests.world.github.calls import Call, Route
from tests.world.github.faults import Faults
from tests.world.github.outbox import Outbox
from tests.world.github.paths import Templates
from tests.world.github.state import State


@dataclass(frozen=True, slots=True)
class Seen:
    """One exchange over the API, as the judge and the counters see it."""

    method: str
    path: str
    query: dict[str, str]
    content: bytes
    actor: str
    route: str
    answer: Answer


Witness = Callable[[Seen], None]


@dataclass(slots=True, repr=False)
class Server:
    """The stand-in's one HTTP handler and what it needs."""

    state: State
    outbox: Outbox
    routes: tuple[Route, ...]
    witness: Witness
    faults: Faults = field(default_factory=Faults)
    calls: list[Seen] = field(default_factory=list)
    _templates: Templates[list[Route]] = field(default_factory=Templates)

    def __post_init__(self) -> None:
        """Sort the routes by their paths."""
        by_path: dict[str, list[Route]] = {}
        for route in self.routes:
            by_path.setdefault(route.path, []).append(route)
        for path, routes in by_path.items():
            self._templates.add(path, routes)

    def application(self) -> web.Application:
        """Return the aiohttp application that serves everything."""
        application = web.Application(client_max_size=256 * 1024 * 1024)
        application.router.add_route("*", "/{anything:.*}", self._serve)
        return application

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        git = await smart_http.serve(self.state, self.outbox, request)
        if git is not None:
            return git
        if answer := await downloads.serve(self.state, request.path, request.query):
            return _response(answer)
        return await self._api(request)

    async def _api(self, request: web.Request) -> web.Response:
        content = await request.read()
        header = request.headers.get("Authorization", "")
        method = "GET" if request.method == "HEAD" else request.method
        call = Call(
            self.state,
            self.outbox,
            Actor(),
            request.rel_url.raw_path,
            {},
            dict(request.query),
            request.headers,
            content,
        )
        route, answer, actor = await self._answered(method, call, header)
        answer = self._headed(call, answer, actor)
        seen = Seen(method, call.path, dict(call.query), content, actor, route, answer)
        self.calls.append(seen)
        self.witness(seen)
        return _response(answer)

    async def _answered(
        self, method: str, call: Call, header: str
    ) -> tuple[str, Answer, str]:
        line = f"{method} {call.path}"
        actor = "anonymous"
        template = ""
        try:
            call = replace(call, actor=authenticate(self.state, header))
            actor = call.actor.name
            route, call = self._routed(method, call)
            template = f"{method} {route.path}"
            early = self.faults.take(line, after_effect=False)
            answer = early or await self._done(route, call)
        except RefusalError as error:
            answer = error.answer
        late = self.faults.take(line, after_effect=True)
        return template, late or answer, actor

    async def _done(self, route: Route, call: Call) -> Answer:
        self.state.limits.check(call.actor.name, call.state.time(), route.path)
        guard(route, call)
        return await route.answer(call)

    def _routed(self, method: str, call: Call) -> tuple[Route, Call]:
        for _, parameters, routes in self._templates.match(call.path):
            for route in routes:
                if route.method == method:
                    return route, replace(call, parameters=parameters)
        raise not_found()

    def _headed(self, call: Call, answer: Answer, actor: str) -> Answer:
        now = call.state.time()
        headers = {
            "Date": format_datetime(now, usegmt=True),
            "X-GitHub-Media-Type": "github.v3; format=json",
        }
        if answer.status == 200:
            tag = f'W/"{hashlib.sha256(_bytes(answer)).hexdigest()}"'
            headers |= {
                "ETag": tag,
                "Cache-Control": "private, max-age=60, s-maxage=60",
            }
            if tag in call.headers.get("If-None-Match", ""):
                answer = Answer(304, None, answer.headers)
        spent = answer.status != 304 and call.path != "/rate_limit"
        headers |= self.state.limits.headers(actor, now, spent=spent)
        return replace(answer, headers={**headers, **answer.headers})


def _bytes(answer: Answer) -> bytes:
    if answer.body is None:
        return b""
    if isinstance(answer.body, bytes):
        return answer.body
    return json.dumps(answer.body, separators=(",", ":")).encode()


def _response(answer: Answer) -> web.Response:
    headers = dict(answer.headers)
    if answer.body is not None:
        plain = answer.content_type == "application/json"
        headers["Content-Type"] = answer.content_type + "; charset=utf-8" * plain
    return web.Response(status=answer.status, body=_bytes(answer), headers=headers)
