"""What ``ignored-arch-path`` reports, leaves alone and repairs."""

from __future__ import annotations

import pytest

from bot.model import Safety
from bot.rules.ignored_arch_path import RULE
from tests.catalogue import findings, repaired, safeties, subjects


def ignoring(*lines: str, path: str = ".dockerignore") -> dict[str, str]:
    """Return a project with an ignore file of *lines*."""
    return {path: "".join(f"{line}\n" for line in lines)}


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["out/", "!bin/x-amd64"], id="nothing is kept out"),
        pytest.param(["*", "!bin/x"], id="no architecture"),
        pytest.param(["*", "!bin/amd64", "!bin/arm64"], id="both"),
        pytest.param(["*", "!bin/arm64", "!bin/amd64"], id="both, the other way"),
        pytest.param(["*", "!bin/amd64", "!bin"], id="let in with the directory"),
        pytest.param(["*", "!bin/s390x"], id="another architecture"),
        pytest.param(["*", "!amd64-arm64"], id="several"),
        pytest.param(["*", "# !bin/amd64"], id="comment"),
        pytest.param(["*", *(f"!amd64/{n}" for n in range(301))], id="generated"),
    ],
)
def test_leaves_alone(lines: list[str]) -> None:
    """Where the arm64 file gets in, or none is meant to, nothing is wrong."""
    assert findings(RULE, ignoring(*lines)) == ()


@pytest.mark.parametrize(
    "path", ["Dockerfile.amd64.dockerignore", "vendor/x/.dockerignore"]
)
def test_leaves_files_for_others_alone(path: str) -> None:
    """The ignore file of a Dockerfile for one architecture serves only that."""
    assert findings(RULE, ignoring("*", "!bin/amd64", path=path)) == ()


def test_leaves_what_comes_from_another_stage_alone() -> None:
    """An ignore file rules the context, and that alone."""
    files = {
        ".dockerignore": "dist/arm64\n",
        "Dockerfile": (
            "FROM a AS b\nFROM a\nARG TARGETARCH\nCOPY --from=b dist/$TARGETARCH/x /x\n"
        ),
    }

    assert findings(RULE, files) == ()


@pytest.mark.parametrize("catch_all", ["*", "**", "**/*", "dist", "dist/*"])
def test_names_the_file_that_is_missing(catch_all: str) -> None:
    """In the words of the builder, which misses exactly this path."""
    files = ignoring(catch_all, "!dist/amd64/x", "!dist/amd64/y")

    assert subjects(RULE, files) == ["dist/arm64/x", "dist/arm64/y"]
    assert safeties(RULE, files) == [Safety.SAFE, Safety.SAFE]


def test_all_lines_share_one_fix() -> None:
    """They are let in together."""
    files = ignoring("*", "!dist/amd64/x", "!dist/amd64/y")
    fixes = {item.match.fix for item in findings(RULE, files)}

    assert len(fixes) == 1


@pytest.mark.parametrize(
    ("bad", "good"),
    [
        pytest.param(
            ["*", "!a", "!d/amd64/x", "!d/amd64/y", "!d/s390x/x", "!d/s390x/y"],
            [
                *["*", "!a", "!d/amd64/x", "!d/amd64/y", "!d/arm64/x", "!d/arm64/y"],
                *["!d/s390x/x", "!d/s390x/y"],
            ],
            id="behind the block",
        ),
        pytest.param(
            ["*", "!amd64/x", "!z", "!amd64/y"],
            ["*", "!amd64/x", "!arm64/x", "!z", "!amd64/y", "!arm64/y"],
            id="behind every block",
        ),
        pytest.param(
            ["*", "!amd64/x", "!amd64/y", "!arm64/x"],
            ["*", "!amd64/x", "!amd64/y", "!arm64/y", "!arm64/x"],
            id="only what is missing",
        ),
        pytest.param(
            ["**", "!out/x86_64-*"],
            ["**", "!out/x86_64-*", "!out/aarch64-*"],
            id="in its own spelling",
        ),
    ],
)
def test_lets_the_arm64_files_in(bad: list[str], good: list[str]) -> None:
    """Where an engineer would write it: behind the lines for amd64."""
    assert repaired(RULE, ignoring(*bad)) == ignoring(*good)


COPYING = {
    "Dockerfile": "FROM a\nARG TARGETARCH\nCOPY ./bin/$TARGETARCH/x /x\n",
    "Makefile": "image:\n\tdocker buildx build .\n",
}


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["bin/s390x"], id="another architecture"),
        pytest.param(["bin/arm64", "!bin/arm64/x"], id="let in again"),
        pytest.param(["bin/arm64", "bin/amd64"], id="both are kept out"),
        pytest.param(["other/arm64"], id="not copied"),
    ],
)
def test_leaves_what_is_not_missed_alone(lines: list[str]) -> None:
    """Only a file that amd64 gets and arm64 does not is missed."""
    assert findings(RULE, COPYING | ignoring(*lines)) == ()


@pytest.mark.parametrize("line", ["bin/arm64", "  **/arm64/x  ", "*/arm64/"])
def test_finds_the_line_that_keeps_arm64_out(line: str) -> None:
    """The path of the Dockerfile is followed for both architectures."""
    files = COPYING | ignoring("a", line, "b")

    assert subjects(RULE, files) == ["bin/arm64/x"]
    assert safeties(RULE, files) == [Safety.UNSAFE]
    assert repaired(RULE, files) == COPYING | ignoring("a", "b")


def test_asks_the_ignore_file_in_force_only() -> None:
    """The ignore file of another context has no say."""
    assert findings(RULE, COPYING | ignoring("bin/arm64", path="d/.dockerignore")) == ()


def test_keeps_line_ends_and_a_missing_last_one() -> None:
    """A file without a final newline gets none."""
    files = repaired(RULE, {".dockerignore": "*\r\n!amd64/x"})

    assert files == {".dockerignore": "*\r\n!amd64/x\r\n!arm64/x"}
