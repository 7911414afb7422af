"""No regular expression costs more than its text is long; none is made from a text."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

import bot
import handlers
from bot.attribution import instruction_at
from bot.model import Source
from bot.parse import dockerfile
from tests.attacks.pumping import attacks, cost
from tests.test_architecture import ROOT, files

ONCE = {"search", "match", "fullmatch"}
FUNCTIONS = {*ONCE, "compile", "split", "findall", "finditer", "sub", "subn"}
MAKERS = {"re.compile", "fnmatch", "Template", "string.Template", "regex"}
"""Modules and names that make a pattern, or a template, of what they are given."""
PROGRAM = [*files("bot"), *files("handlers")]


@dataclass(frozen=True, slots=True)
class Used:
    """A pattern of the program, and one way in which it is used."""

    name: str
    pattern: re.Pattern[str]
    way: str

    def work(self, text: str) -> object:
        """Use the pattern on *text* as the program does."""
        if self.way in ONCE:
            return getattr(self.pattern, self.way)(text)
        return sum(1 for _ in self.pattern.finditer(text))


def modules() -> Iterator[ModuleType]:
    """Yield every module of the program."""
    for package in (bot, handlers):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__"):
                yield importlib.import_module(found.name)


@cache
def tree(path: Path) -> ast.Module:
    """Return what a module is written as."""
    return ast.parse(path.read_text())


def ways(module: ModuleType, name: str) -> set[str]:
    """Return the methods of the pattern *name* that its module uses.

    One that is handed on may be searched for.
    """
    nodes = list(ast.walk(tree(Path(str(module.__file__)))))
    methods = {
        id(node.value): node.attr for node in nodes if isinstance(node, ast.Attribute)
    }
    uses = {
        methods.get(id(node), "search")
        for node in nodes
        if isinstance(node, ast.Name)
        and node.id == name
        and isinstance(node.ctx, ast.Load)
    }
    return uses or {"search"}


def compiled(value: object) -> list[re.Pattern[str]]:
    """Return the patterns that *value* is or holds."""
    match value:
        case re.Pattern():
            return [value] if isinstance(value.pattern, str) else []
        case dict():
            return [one for each in value.values() for one in compiled(each)]
        case tuple() | list():
            return [one for each in value for one in compiled(each)]
    if is_dataclass(value) and not isinstance(value, type):
        parts = [getattr(value, each.name) for each in fields(value)]
        return compiled(parts)
    return []


def of_modules() -> Iterator[Used]:
    """Yield every pattern that a module keeps."""
    for module in modules():
        for name, value in vars(module).items():
            for pattern in compiled(value):
                for way in sorted(ways(module, name)):
                    yield Used(f"{module.__name__}.{name}", pattern, way)


def called(node: ast.AST) -> str:
    """Return the name of the function of ``re`` that *node* calls, or nothing."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr=name)):
            return name
    return ""


def literals() -> Iterator[Used]:
    """Yield every pattern that is written down where it is used."""
    for path in PROGRAM:
        for node in ast.walk(tree(path)):
            name = called(node)
            match node:
                case ast.Call(args=[ast.Constant(value=str(text)), *_]):
                    if name in FUNCTIONS - {"compile"}:
                        place = f"{path.relative_to(ROOT)}:{node.lineno}"
                        yield Used(place, re.compile(text), name)


def every() -> list[Used]:
    """Return every pattern and way once, wherever it is imported."""
    found: dict[tuple[str, int, str], Used] = {}
    for used in (*of_modules(), *literals()):
        way = used.way if used.way in ONCE else "finditer"
        found.setdefault((used.pattern.pattern, used.pattern.flags, way), used)
    return list(found.values())


def worst(used: Used) -> object:
    """Return a text that *used* costs too much on, or None."""
    tried = (cost(used.work, attack) for attack in attacks(used.pattern))
    return next((each for each in tried if each), None)


@pytest.mark.parametrize("used", every(), ids=lambda used: f"{used.name}-{used.way}")
@pytest.mark.timeout(300)
def test_every_pattern_is_linear(used: Used) -> None:
    """Twice the text, twice the time: whatever the pattern itself suggests."""
    assert worst(used) is None


@pytest.mark.parametrize(
    ("pattern", "way"),
    [
        pytest.param(r"(a+)+b", "match", id="exponential"),
        pytest.param(r"(?:ab|a|b)*;", "match", id="exponential by choice"),
        pytest.param(r"x(?:[^/]+/?)*!", "fullmatch", id="exponential in a class"),
        pytest.param(r"\s+$", "search", id="quadratic by its starts"),
        pytest.param(r"a.*b.*c", "match", id="quadratic"),
        pytest.param(r"[ \t]*\n", "sub", id="quadratic in blanks"),
        pytest.param(r"\$\(f\s+(.*),\s*(.*?)\s*\)", "search", id="cubic"),
    ],
)
@pytest.mark.timeout(120)
def test_the_sweep_finds_what_is_costly(pattern: str, way: str) -> None:
    """A sweep that cannot fail would prove nothing."""
    assert worst(Used("known", re.compile(pattern), way)) is not None


@pytest.mark.parametrize(
    ("pattern", "way"),
    [
        pytest.param(r"a+b", "match", id="plain"),
        pytest.param(r"(?:a++)++b", "match", id="nothing is given back"),
        pytest.param(r"(?<!\s)\s+$", "search", id="one start"),
    ],
)
def test_the_sweep_leaves_alone_what_is_not(pattern: str, way: str) -> None:
    """A sweep that cries at everything would be switched off."""
    assert worst(Used("known", re.compile(pattern), way)) is None


def made(module: ast.Module) -> list[str]:
    """Return the calls in functions of *module* that make a pattern of a value."""
    found = []
    for function in ast.walk(module):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            for node in ast.walk(function):
                match node:
                    case ast.Call(args=[ast.Constant(value=str()), *_]):
                        continue
                if (name := called(node)) in {*FUNCTIONS, "escape"}:
                    found.append(f"re.{name}")
    return found


def imported(module: ast.Module) -> set[str]:
    """Return the modules and names that *module* imports."""
    found = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import | ast.ImportFrom):
            home = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
            found |= {f"{home}{alias.name}" for alias in node.names}
            found |= {home.removesuffix(".")}
    return found


@pytest.mark.parametrize("path", PROGRAM, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_pattern_is_made_from_a_text(path: Path) -> None:
    """In functions a pattern is a literal; what modules compile no stranger wrote."""
    assert made(tree(path)) == []
    assert imported(tree(path)) & MAKERS == set()


def test_the_guard_sees_a_pattern_that_is_made() -> None:
    """It is the one of a Dockerfile that once held the whole worker."""
    line = "re.fullmatch('.*'.join(re.escape(one) for one in pieces), text)"
    known = ast.parse(f"A = re.compile(B)\ndef f(pieces, text):\n    return {line}\n")

    assert made(known) == ["re.fullmatch", "re.escape"]


@pytest.mark.parametrize("count", [4, 5, 6, 9, 30, 3000])
@pytest.mark.timeout(20)
def test_variables_of_a_dockerfile_are_no_pattern(count: int) -> None:
    """Nine of them in an echoed RUN once had no end."""
    echo = " ".join("$A" for _ in range(count))
    v = "${A}" * count
    text = f"FROM a\nRUN echo {echo} b\nADD {v}b /{v}b\n"
    file = dockerfile.parse(Source("Dockerfile", text))

    assert instruction_at(file, "RUN echo " + "a" * 4096) is None
    assert instruction_at(file, "ADD file:0 in /" + "a" * 4096) is None
    assert instruction_at(file, "RUN echo " + "a" * 4096 + "b") is not None
