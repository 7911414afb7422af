"""Whatever a job keeps reads back equal, and nothing else is read."""

from __future__ import annotations

import ast
import dataclasses
import enum
import inspect
import typing
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import errors, github_ports
from bot.errors import EngineUnavailableError, UserError
from bot.github.client import MissingError
from bot.github_ports import GitHubUnavailableError
from bot.jobs import kept, notation
from bot.jobs.fitting import fits
from bot.jobs.kept import Done, Later, OtherError
from bot.jobs.notation import UnreadableError, read, write
from tests.jobs.conftest import push
from tests.test_architecture import ROOT, files

TEXT = st.text(st.characters(codec=None), max_size=8)
"""Lone surrogates and NUL too: logs and paths hold what they like."""
PLAIN: Mapping[type, st.SearchStrategy[Any]] = MappingProxyType(
    {
        str: TEXT,
        int: st.integers(),
        float: st.floats(allow_nan=False),
        bool: st.booleans(),
        type(None): st.none(),
    }
)


def values(hint: Any) -> st.SearchStrategy[Any]:  # noqa: ANN401 - an annotation
    """Return a strategy for every value that *hint* allows."""
    if hint in PLAIN:
        return PLAIN[hint]
    if hint is Any:
        return st.one_of(*map(values, kept.ROOTS[4:]), st.none(), TEXT)
    if hint is Exception:
        return st.builds(UserError, TEXT)
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return st.sampled_from(hint)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        fields = {name: values(one) for name, one in kept.hints(hint.__name__).items()}
        return st.builds(hint, **fields)
    return several(typing.get_origin(hint), typing.get_args(hint))


def several(origin: Any, args: tuple[Any, ...]) -> st.SearchStrategy[Any]:  # noqa: ANN401 - an annotation
    """Return a strategy for what holds others."""
    if origin is frozenset:
        return st.frozensets(values(args[0]), max_size=3)
    if origin is Mapping:
        return st.dictionaries(*map(values, args), max_size=3)
    if origin is tuple and args[1:] == (...,):
        return st.lists(values(args[0]), max_size=3).map(tuple)
    if origin is tuple:
        return st.tuples(*map(values, args))
    return st.one_of(*map(values, args))


@pytest.mark.parametrize("kind", kept.types().values(), ids=lambda kind: kind.__name__)
def test_every_kept_type_reads_back_equal(kind: type) -> None:
    """A job that goes on after a crash must meet what it left."""

    @given(values(kind))
    def law(value: object) -> None:
        text = write(value)
        found = read(text)

        assert text.isascii()
        assert told(found) == told(value)
        assert type(found) is type(value)

    law()


def told(value: object) -> object:
    """Return *value*, or what it says where it holds an error."""
    return repr(value.error) if isinstance(value, Later) else value


@given(st.recursive(TEXT | st.none() | st.integers(), st.lists))
def test_lists_read_back_equal(value: object) -> None:
    """DBOS's own steps return plain values."""
    assert read(write(value)) == value


@pytest.mark.parametrize(
    "value", [(1, ("a",)), {"a": (1,)}, {1, 2}, frozenset({"x"}), {("a", "b"): 1}, {}]
)
def test_what_holds_others_keeps_its_type(value: object) -> None:
    """A tuple that came back as a list would be another value."""
    found = read(write(value))

    assert found == value
    assert type(found) is type(value)


def test_errors_are_told_apart_when_a_job_goes_on() -> None:
    """What a step raised is caught again by its type."""
    told = read(write(UserError("mend it")))
    gone = read(write(MissingError("404")))
    wait = read(write(GitHubUnavailableError("later", 30.0)))
    ours = read(write(KeyError("x")))

    assert (type(told), str(told)) == (UserError, "mend it")
    assert (type(gone), str(gone)) == (github_ports.GitHubRefusedError, "404")
    assert (type(wait), str(wait), wait.seconds) == (
        GitHubUnavailableError,
        "later",
        30.0,
    )
    assert (type(ours), str(ours)) == (OtherError, "KeyError: 'x'")


def test_every_error_for_jobs_is_kept() -> None:
    """One that is not would come back as an error of ours."""
    known = {
        name
        for module in (errors, github_ports)
        for name, one in inspect.getmembers(module, inspect.isclass)
        if issubclass(one, Exception)
    }

    assert known <= kept.ERRORS.keys()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "gASVHgAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOU",
        '{"os.system":{"command":"true"}}',
        '{"builtins.eval":"1"}',
        '{"Job":{}}',
        '{"Place":{"repository":"a","installation":"1","id":5}}',
        '{"Place":{"repository":"a","installation":true,"id":5}}',
        '{"Place":{"repository":"a","installation":1,"id":5,"x":1}}',
        '{"Place":{"repository":"a","installation":1}}',
        '{"Place":["a",1,5]}',
        '{"Permission":"OWNER"}',
        '{"Permission":1}',
        '{"error":["SystemExit","bye",0]}',
        '{"error":["UserError"]}',
        '{"tuple":1}',
        '{"tuple":[],"list":[]}',
        "{}",
        '{"dict":[[["a"],1]]}',
        "[" * 100_000,
    ],
)
def test_nothing_else_is_read(text: str) -> None:
    """Who can write to the database writes what he likes."""
    with pytest.raises(UnreadableError):
        read(text)


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """A type that has only the name of one that is kept."""

    repository: str = ""
    installation: int = 1


@pytest.mark.parametrize("value", [Place(), object(), b"", open, Done(Place())])
def test_nothing_else_is_written(value: object) -> None:
    """What could not be read again must not be kept."""
    with pytest.raises(TypeError):
        write(value)


def test_a_field_that_came_later_has_its_default() -> None:
    """Jobs wait while the bot is exchanged for a newer one."""
    job = push("a")
    older = write(job).replace(',"forced":false', "")

    assert older != write(job)
    assert read(older) == job


@pytest.mark.parametrize(
    ("value", "hint", "verdict"),
    [
        ((1, "a"), tuple[int, str], True),
        ((1,), tuple[int, str], False),
        ((1, "a"), tuple[int, ...], False),
        ({"a": (1,)}, Mapping[str, tuple[int, ...]], True),
        ({"a": (True,)}, Mapping[str, tuple[int, ...]], False),
        (None, int | None, True),
        (1, float, True),
        ("1", float | None, False),
        (frozenset({1}), frozenset[str], False),
    ],
)
def test_fields_hold_what_they_say(value: object, hint: object, verdict: bool) -> None:  # noqa: FBT001 - what is expected
    """A job whose number is a text would fail where nobody expects it."""
    assert fits(value, hint) is verdict


def test_every_step_returns_what_is_kept() -> None:
    """A step whose result cannot be kept fails its job after the work is done."""
    returned = {name: hint for name, hint in _returned() if hint is not None}
    unknown = {name: hint for name, hint in returned.items() if not _is_kept(hint)}

    assert len(returned) > 10
    assert unknown == {}


def _returned() -> list[tuple[str, Any]]:
    """Return what the functions return that steps are made of, with their names.

    They are those of the ports, which lambdas and partials call, and the local
    functions that are handed to a checkpoint by name.
    """
    from bot import ports  # noqa: PLC0415 - only here

    doors = (github_ports.Repository, github_ports.Publisher, ports.Runner)
    names = {
        node.attr
        for path in files("bot")
        for call in ast.walk(ast.parse(path.read_text()))
        if _is_checkpoint(call)
        for node in ast.walk(call)
        if isinstance(node, ast.Attribute)
    }
    found = [
        (f"{door.__name__}.{name}", typing.get_type_hints(member).get("return"))
        for door in (*doors, ports.ImageRegistry)
        for name, member in inspect.getmembers(door, inspect.isfunction)
        if name in names
    ]
    return [*found, *_local()]


def _is_checkpoint(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    called = node.func
    name = called.attr if isinstance(called, ast.Attribute) else ""
    return name == "checkpoint" or getattr(called, "id", "") == "checkpoint"


def _local() -> list[tuple[str, Any]]:
    """Return what each function returns that a checkpoint is handed by its name."""
    found: list[tuple[str, Any]] = []
    for path in files("bot"):
        tree = ast.parse(path.read_text())
        calls = [node for node in ast.walk(tree) if _is_checkpoint(node)]
        handed = {
            arg.id
            for call in calls
            if isinstance(call, ast.Call)
            for arg in call.args
            if isinstance(arg, ast.Name)
        }
        module = str(path.relative_to(ROOT).with_suffix("")).replace("/", ".")
        found += [
            (f"{module}.{node.name}", _resolved(module, ast.unparse(node.returns)))
            for node in ast.walk(tree)
            if isinstance(node, ast.AsyncFunctionDef)
            and node.name in handed
            and node.returns is not None
        ]
    return found


def _resolved(module: str, hint: str) -> Any:  # noqa: ANN401 - an annotation
    names = vars(__import__(module, fromlist=["_"]))
    return eval(hint, dict(names))  # noqa: S307 - our own annotations


def _is_kept(hint: Any) -> bool:  # noqa: ANN401 - an annotation
    """Tell whether every type that *hint* names is kept or plain."""
    if typing.get_args(hint):
        return all(map(_is_kept, typing.get_args(hint)))
    return hint in (*PLAIN, None, ...) or hint in kept.types().values()


def test_passing_errors_keep_how_long_to_wait() -> None:
    """They are results of a step, to be tried again."""
    later = read(write(Later(GitHubUnavailableError("slow down", 7.0))))
    down = read(write(Later(EngineUnavailableError("down"))))

    assert later.error.seconds == 7.0
    assert type(down.error) is EngineUnavailableError
    assert notation.read("null") is None
