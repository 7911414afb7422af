"""Tests of answering what recipes ask with ``--format``."""

from __future__ import annotations

import pytest

from bot.builds import templates
from bot.builds.templates import Value
from bot.builds.words import CallError

KNOWN: dict[str, Value] = {
    "Id": "sha256:1",
    "Size": 7,
    "Experimental": False,
    "Config": {"Env": ["A=b"], "User": "me", "Cmd": None},
}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{.Id}}", "sha256:1"),
        ("{{ .Id }}", "sha256:1"),
        (r"{{.Id}}\t{{.Size}} of {{.Config.User}}", "sha256:1\t7 of me"),
        ("{{.Experimental}}", "false"),
        ("{{.Config.Cmd}}{{.Config.Nothing}}{{.Nothing.At.All}}", "<no value>" * 3),
        ("{{json .Config.Env}}", '["A=b"]'),
        ("{{json .Config.Cmd}}", "null"),
        ("plain", "plain"),
    ],
)
def test_single_values_are_answered(template: str, expected: str) -> None:
    """Makefiles read ids, platforms and settings."""
    assert templates.render(template, KNOWN) == expected


@pytest.mark.parametrize(
    "template",
    [
        "{{range .Config.Env}}{{.}}{{end}}",
        '{{define "a"}}x{{end}}{{template "a"}}',
        '{{printf "%1000000000d" 1}}',
        "{{$a := .}}",
        "{{.Config}}",
        "{{.Config.Env}}",
        "{{.Id",
        "}}",
        "{{.Id | json}}",
        "{{" + "{" * 1000,
        "{{." + "a." * 200 + "}}",
    ],
)
def test_programs_are_not_carried_out(template: str) -> None:
    """A template of Go can double a text as often as it likes."""
    with pytest.raises(CallError, match="is not answered"):
        templates.render(template, KNOWN)


def test_an_answer_has_a_length() -> None:
    """What is asked for often is given often."""
    value: dict[str, Value] = {"A": "x" * 1000}
    with pytest.raises(CallError, match="longer than a MiB"):
        templates.render("{{.A}}" * 2000, value)
