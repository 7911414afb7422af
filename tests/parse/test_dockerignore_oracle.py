"""Our reading of an ignore file against what a real engine gets to see."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.builds import pool
from bot.builds.options import Options
from bot.builds.runner import DockerRunner
from bot.model import Source
from bot.parse import dockerignore
from bot.recipe import Recipe

pytestmark = pytest.mark.engine

PLATFORM = "linux/amd64"
FILES = (
    *("a", "b.txt", "README.md", "foo[1]", "sp ace", "é/é", "A/B", "a.b/c"),
    *("bin/x", "bin/amd64/x", "bin/arm64/x", "bin/arm64/y.go", "x/y/z.txt"),
    *("dist/amd64/a-b", "dist/arm64/a-b", "d/e/f/g", "d/e/h", "d/.hidden"),
    *(".git/c", "vendor/v/a.go"),
)
PATTERNS = {
    "an allow-list": "*\n!bin/amd64/x\n!dist/arm64\n",
    "the order decides": "!bin\nbin\n!bin/arm64\nbin/arm64/y.go\n",
    "two stars": "**/x\n**/*.go\nd/**/h\n",
    "one star stops at a slash": "*.txt\nd/*/h\n",
    "a directory takes its files along": "bin\nd/e\n",
    "slashes at the ends": "/bin/\nd/e/\n/a/\n",
    "dots": "./bin/../d\n.\n../a\n",
    "classes": "[a-c]*\n!b.txt\n[^A-z]\n",
    "escapes": "foo\\[1\\]\nb\\.txt\n",
    "blanks, comments and carriage returns": "  sp ace  \r\n# a\n\n #a\r\nb.txt\r\n",
    "a mark of byte order": "\ufeffa\nb.txt\n",
    "taken back with a blank": "*\n! README.md\n",
    "a question mark": "?\n?.txt\n",
    "letters beyond ASCII": "é*\n",
    "the case counts": "a/b\nreadme.md\n",
    "hidden files": ".*\n!.git\n",
}


@pytest.fixture(scope="module", params=["buildkit", "classic"])
def runner(request: pytest.FixtureRequest, local_engine: str) -> DockerRunner:
    """Give a runner with each of the builders."""
    return pool.runners([local_engine], Options(builder=request.param))[0]


@pytest.mark.parametrize("name", PATTERNS)
async def test_keeps_out_what_docker_keeps_out(
    runner: DockerRunner, tmp_path: Path, name: str
) -> None:
    """A file that is said to be let in and is not would never be found."""
    text = PATTERNS[name]
    tree = planted(tmp_path / "tree", text)
    result = await runner.build(
        tree, Recipe("seen", dockerfile="Dockerfile"), PLATFORM, print
    )
    assert result.built is not None
    command = "cd /seen && find . -type f"
    seen = await runner.smoke(result.built.image, PLATFORM, command)
    await runner.discard(result.built.image)

    ignore = dockerignore.parse(Source(".dockerignore", text))
    ours = {path for path in FILES if not ignore.ignores(path)}
    assert ignore.problems == ()
    assert {line.removeprefix("./") for line in seen.output.split("\n")} & {
        *FILES
    } == ours


def planted(tree: Path, ignore: str) -> Path:
    """Make a tree with all files, and a Dockerfile that copies what it gets."""
    shutil.rmtree(tree, ignore_errors=True)
    for path in FILES:
        place = tree / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("x")
    (tree / ".dockerignore").write_bytes(ignore.encode())
    (tree / "Dockerfile").write_text("FROM busybox\nCOPY . /seen/\n")
    return tree
