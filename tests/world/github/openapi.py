"""Hold every exchange and every webhook against GitHub's own description."""

from __future__ import annotations

import functools
import json
import re
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jsonschema_rs

from tests.world.github.answers import Json
from tests.world.github.packages import CACHE, OPENAPI, fetch
from tests.world.github.paths import Templates
from tests.world.github.server import Seen

_MEMBER = "package/generated/api.github.com.json"
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_ROOT = "urn:github"

_RUN = "/repos/{owner}/{repo}/check-runs"

ALLOWED: frozenset[tuple[str, str]] = frozenset(
    {
        # A ref that names nothing is a 422; described is only 404, or nothing.
        ("GET /repos/{owner}/{repo}/commits/{ref}/check-runs", "422"),
        # The limits of check runs are answered with 422, which is not described.
        (f"POST {_RUN}", "422"),
        (f"PATCH {_RUN}/{{check_run_id}}", "422"),
    }
)
"""Answers that GitHub gives though its description does not know them."""

DEVIATIONS = (
    # An outdated review comment has neither a line nor a position.
    re.compile(r"/pulls/.*: (\d+/)?(line|position) null is not of type"),
    # The account is described as a user and an enterprise at the same time.
    re.compile(r"GET /app/installations: \d+/account \{"),
)
"""Answers of GitHub's, as ``operation: problem``, that its description forbids."""

EVERYWHERE = frozenset({"304", "400", "401", "403", "404", "429", "500", "502", "503"})
"""Answers that any operation may give, described or not."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One exchange or webhook that GitHub's description does not allow."""

    where: str
    what: str

    def __str__(self) -> str:
        """Write both on one line."""
        return f"{self.where}: {self.what}"


@dataclass(frozen=True, slots=True, repr=False)
class Description:
    """GitHub's description of its API, ready to be asked."""

    document: Json
    templates: Templates[Json]
    validators: dict[str, jsonschema_rs.Validator] = field(default_factory=dict)

    def operation(self, method: str, path: str) -> tuple[str, Json] | None:
        """Return the operation that serves a request, with its template."""
        for template, _, item in self.templates.match(path):
            if method.lower() in item:
                return f"{method} {template}", item[method.lower()]
        return None

    def resolve(self, node: Json) -> Json:
        """Follow a reference inside the document."""
        while "$ref" in node:
            target: Any = self.document
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            node = target
        return node

    def errors(self, schema: Json, value: object) -> Iterator[str]:
        """Yield what is wrong with *value*."""
        key = json.dumps(schema, sort_keys=True)
        if key not in self.validators:
            self.validators[key] = self._validator(schema)
        for error in self.validators[key].iter_errors(value):
            yield f"{'/'.join(map(str, error.instance_path))} {error.message[:600]}"

    def _validator(self, schema: Json) -> jsonschema_rs.Validator:
        rooted = json.loads(json.dumps(schema).replace('"#/', f'"{_ROOT}#/'))
        return jsonschema_rs.validator_for(
            {"$schema": _DRAFT, **rooted}, registry=_registry(), validate_formats=False
        )


@functools.cache
def describe() -> Description:
    """Return GitHub's description, fetched and converted once."""
    document = json.loads(_converted().read_bytes())
    templates: Templates[Json] = Templates()
    for path, item in document["paths"].items():
        templates.add(path, item)
    return Description(document, templates)


@functools.cache
def _registry() -> jsonschema_rs.Registry:
    document = json.loads(_converted().read_bytes())
    root = {"$schema": _DRAFT, "components": document["components"]}
    rooted = json.loads(json.dumps(root).replace('"#/', f'"{_ROOT}#/'))
    return jsonschema_rs.Registry([(_ROOT, rooted)])


def _converted() -> Path:
    target = CACHE / f"api.github.com-{OPENAPI.version}-2.json"
    if not target.exists():
        with tarfile.open(fetch(OPENAPI)) as archive:
            member = archive.extractfile(_MEMBER)
            document = json.load(member) if member else {}
        part = target.with_suffix(".part")
        part.write_text(json.dumps(_modern(document)))
        part.rename(target)
    return target


def _modern(node: Any) -> Any:  # noqa: ANN401 - any JSON
    """Write OpenAPI 3.0's ``nullable`` as JSON Schema does, and leave out prose."""
    if isinstance(node, list):
        return [_modern(item) for item in node]
    if not isinstance(node, dict):
        return node
    plain = {k: _modern(v) for k, v in node.items() if not _prose(k, v)}
    if isinstance(plain.get("oneOf"), list):
        # Its alternatives often overlap, so that "exactly one" holds for nothing.
        plain["anyOf"] = plain.pop("oneOf")
    if plain.get("nullable") is not True:
        return plain
    del plain["nullable"]
    return {"anyOf": [plain, {"type": "null"}]}


def _prose(key: str, value: object) -> bool:
    """Tell prose and examples from properties that have the same names."""
    if key in {"description", "summary"}:
        return isinstance(value, str)
    # A property called "example" or "examples" would be a schema with a type.
    typed = isinstance(value, dict) and "type" in value
    return key in {"example", "examples"} and not typed


@dataclass(slots=True, repr=False)
class Judge:
    """Collects what does not fit; ``verdict`` raises it."""

    description: Description = field(default_factory=describe)
    violations: list[Violation] = field(default_factory=list)
    judged: int = 0

    def see(self, seen: Seen) -> None:
        """Judge one exchange."""
        self.judged += 1
        found = self.description.operation(seen.method, seen.path)
        if found is None:
            self._object(f"{seen.method} {seen.path}", "GitHub has no such operation")
            return
        where, operation = found
        accepted = seen.answer.status < 400
        for problem in self._request(operation, seen) if accepted else ():
            self._object(where, f"request {problem}")
        for problem in self._answer(where, operation, seen):
            self._object(where, f"answer {seen.answer.status} {problem}")

    def hear(self, event: str, payload: Json) -> None:
        """Judge one webhook."""
        self.judged += 1
        name = event.replace("_", "-")
        if action := payload.get("action"):
            name += f"-{action.replace('_', '-')}"
        item = self.description.document["x-webhooks"].get(name)
        if item is None:
            self._object(f"webhook {name}", "GitHub has no such webhook")
            return
        content = item["post"]["requestBody"]["content"]["application/json"]
        for problem in self.description.errors(content["schema"], payload):
            self._object(f"webhook {name}", problem)

    def verdict(self) -> None:
        """Raise everything that did not fit."""
        assert not self.violations, "\n".join(map(str, self.violations))

    def _object(self, where: str, what: str) -> None:
        self.violations.append(Violation(where, what))

    def _request(self, operation: Json, seen: Seen) -> Iterator[str]:
        yield from self._query(operation, seen.query)
        described = self.description.resolve(operation.get("requestBody") or {})
        if not described or not seen.content:
            if described.get("required") and not seen.content:
                yield "has no body"
            return
        schema = described["content"].get("application/json", {}).get("schema", {})
        yield from self.description.errors(schema, json.loads(seen.content))

    def _query(self, operation: Json, query: Mapping[str, str]) -> Iterator[str]:
        parameters = map(self.description.resolve, operation.get("parameters", ()))
        known = {p["name"]: p for p in parameters if p["in"] == "query"}
        for name, text in query.items():
            if name not in known:
                yield f"has an unknown query parameter {name}"
                continue
            schema = self.description.resolve(known[name]["schema"])
            for problem in self.description.errors(schema, _typed(schema, text)):
                yield f"query {name}: {problem}"

    def _answer(self, where: str, operation: Json, seen: Seen) -> Iterator[str]:
        answer = seen.answer
        status = str(answer.status)
        response = operation["responses"].get(status)
        if response is None:
            if status not in EVERYWHERE and (where, status) not in ALLOWED:
                yield "is no status of this operation"
            return
        content = self.description.resolve(response).get("content", {})
        schema = content.get("application/json", {}).get("schema")
        if schema is None:
            if answer.body and not content and answer.status < 300:
                yield "should have no body"
        elif answer.content_type == "application/json":
            body = json.loads(json.dumps(answer.body))
            for problem in self.description.errors(schema, body):
                line = f"{where}: {problem}"
                if not any(known.search(line) for known in DEVIATIONS):
                    yield problem


def _typed(schema: Json, text: str) -> object:
    """Read a query's text as its schema's type."""
    kind = schema.get("type")
    if kind == "integer" and text.isdigit():
        return int(text)
    if kind == "boolean" and text in {"true", "false"}:
        return text == "true"
    return text
