"""Answer the ``--format`` of docker's questions from values that we hold. Pure.

The docker command would carry out any program in Go's language of templates. Recipes
ask for single values, so that is all that is understood: ``{{.Name}}``,
``{{.Name.Within}}``, ``{{json .Name}}`` and ``{{json .}}``, with text around them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from bot.builds.words import CallError

Value = str | int | float | bool | None | list["Value"] | dict[str, "Value"]
_LONGEST = 1 << 20
"""Characters of an answer."""
_ACTION = re.compile(r"\{\{(?P<inner>[^{}]{0,200})\}\}")
_ASKED = re.compile(
    r"(?P<json>json[ ]+)?\.(?P<path>[A-Za-z0-9]+(?:\.[A-Za-z0-9]+)*)?", re.ASCII
)
_ESCAPES = {r"\n": "\n", r"\t": "\t"}


def render(template: str, value: Mapping[str, Value]) -> str:
    """Return *template* with the values that it asks for; CallError if others."""
    parts: list[str] = []
    room = _LONGEST
    for part in _parts(template, value):
        room -= len(part)
        if room < 0:
            raise CallError("the answer to --format is longer than a MiB")
        parts.append(part)
    return "".join(parts)


def _parts(template: str, value: Mapping[str, Value]) -> Iterator[str]:
    at = 0
    for action in _ACTION.finditer(template):
        yield _plain(template[at : action.start()])
        yield _value(action["inner"].strip(" -"), value)
        at = action.end()
    yield _plain(template[at:])


def _plain(text: str) -> str:
    if "{{" in text or "}}" in text:
        raise _unknown(text)
    for written, meant in _ESCAPES.items():
        text = text.replace(written, meant)
    return text


def _value(asked: str, value: Mapping[str, Value]) -> str:
    read = _ASKED.fullmatch(asked)
    if read is None:
        raise _unknown(asked)
    found: Value = dict(value)
    for name in (read["path"] or "").split("."):
        if name:
            found = found.get(name) if isinstance(found, dict) else None
    if read["json"]:
        return json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    if isinstance(found, dict | list):
        raise _unknown(asked)
    if isinstance(found, bool):
        return str(found).lower()
    return "<no value>" if found is None else str(found)


def _unknown(text: str) -> CallError:
    return CallError(
        f"--format {text[:80]!r} is not answered: single values such as "
        "{{.Id}}, {{.Os}}, {{.Architecture}}, {{.Config.User}}, and any of them as "
        "{{json .Config.Env}} or {{json .}}, are"
    )
