"""The direction of imports: what may know what."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PURE = (
    *("bot/model.py", "bot/facts.py", "bot/snapshot.py", "bot/proof.py"),
    *("bot/recipe.py", "bot/kinds.py", "bot/config.py", "bot/project.py"),
    *("bot/readers.py", "bot/dockerfile_names.py"),
    *("bot/analysis.py", "bot/fixing.py", "bot/suppression.py", "bot/repair.py"),
    *("bot/architecture.py", "bot/events.py", "bot/command.py", "bot/errors.py"),
    *("bot/attribution.py", "bot/x86_packages.py", "bot/view.py"),
    *("bot/judging.py", "bot/differences.py"),
    *("bot/parse", "bot/rules", "bot/causes", "bot/callers", "bot/logs"),
    *("bot/judgement", "bot/redaction", "bot/report"),
)
IMPURE = {
    *("aiohttp", "asyncio", "docker", "gidgethub", "os", "pathlib", "random"),
    *("socket", "subprocess", "time", "tempfile", "shutil", "bot.ports"),
    *("bot.pipeline", "bot.github", "bot.builds", "bot.jobs", "bot.cli", "handlers"),
    *("bot.processes", "bot.judge"),
}


def imports(path: Path) -> set[str]:
    """Return the modules, and their parents, that *path* imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    parts = [name.split(".") for name in names]
    return {".".join(name[:length]) for name in parts for length in (1, 2, len(name))}


def files(place: str) -> list[Path]:
    """Return the modules of a package, or the one module that *place* is."""
    path = ROOT / place
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


@pytest.mark.parametrize("place", PURE)
def test_the_pure_places_are_there(place: str) -> None:
    """A place that was renamed would be watched no more."""
    assert files(place)


@pytest.mark.parametrize(
    "path",
    [path for place in PURE for path in files(place)],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_pure_code_stays_pure(path: Path) -> None:
    """Parsing, judging, repairing and rendering never touch the world."""
    assert imports(path) & IMPURE == set()


@pytest.mark.parametrize(
    "path", files("bot/judgement"), ids=lambda path: str(path.relative_to(ROOT))
)
def test_shared_judgements_know_no_rule(path: Path) -> None:
    """Rules stand on judgements, never the other way."""
    assert not any(name.startswith("bot.rules") for name in imports(path))


@pytest.mark.parametrize("package", ["bot/rules", "bot/causes"])
def test_plugins_do_not_know_each_other(package: str) -> None:
    """What two plugins need lives in the engine, so that one can be deleted."""
    dotted = package.replace("/", ".")
    for path in files(package):
        known = {name for name in imports(path) if name.startswith(f"{dotted}.")}

        assert known == set()
