"""Which source a builder missed, in the words of every generation."""

from __future__ import annotations

import pytest

from bot.architecture import Architecture
from bot.logs import read
from bot.logs.missing_sources import missing_sources

CLASSIC = "Step 3/9 : {}\n{}\n"
MOUNT = "/var/lib/docker/tmp/buildkit-mount12"


def missed(instruction: str, error: str) -> list[str]:
    """Return the paths missed by one instruction of the classic builder."""
    log = read(CLASSIC.format(instruction, error))
    return [missing.path for missing in missing_sources(log)]


@pytest.mark.parametrize(
    ("instruction", "error"),
    [
        ("RUN make", "lstat bin/a: no such file or directory"),
        ("COPY --from=b /bin/a /b", "COPY failed: stat bin/a: file does not exist"),
        ("RUN x", "stat: cannot stat 'bin/a': No such file or directory"),
        ("ADD bin/a /b", "bin/a: no such file or directory, said the script"),
    ],
)
def test_leaves_other_complaints_alone(instruction: str, error: str) -> None:
    """Programs miss files too; only the builder's own words count."""
    assert missed(instruction, error) == []


@pytest.mark.parametrize(
    ("instruction", "error", "path"),
    [
        ("ADD bin/a /b", "lstat bin/a: no such file or directory", "bin/a"),
        ("ADD a b /c/", "ADD failed: stat b: file does not exist", "b"),
        (
            "COPY bin/a /b",
            "COPY failed: stat /d/docker-builder77/bin/a: no such file or directory",
            "bin/a",
        ),
        ("COPY so/*.so /b", "COPY failed: no source files were specified", "so/*.so"),
        (
            "COPY ./d/a/x /b",
            f"failed to walk {MOUNT}/d/a: lstat {MOUNT}/d/a: no such file or directory",
            "d/a/x",
        ),
        (
            "COPY d/$ARCH/x /b",
            'failed to compute cache key: "/d/arm64/x" not found: not found',
            "d/arm64/x",
        ),
    ],
)
def test_names_the_source(instruction: str, error: str, path: str) -> None:
    """As the Dockerfile spells it, without the builder's own directories."""
    assert missed(instruction, error) == [path]


def test_each_source_is_told_once() -> None:
    """BuildKit repeats the error at the end of the log."""
    error = '"/bin/a" not found: not found'
    text = f"#8 [2/2] ADD bin/a /\n#8 ERROR: failed to compute cache key: {error}\n"

    found = missing_sources(read(f"{text}{text}"))

    assert [(missing.path, missing.line.number) for missing in found] == [("bin/a", 2)]


@pytest.mark.parametrize(
    ("path", "foreign"),
    [
        ("bin/tool", None),
        ("bin/tool-arm64", None),
        ("bin/tool-aarch64", None),
        ("bin/amd64-to-arm64", None),
        ("bin/tool-amd64", Architecture.AMD64),
        ("bin/linux_x86_64/tool", Architecture.AMD64),
        ("dist/s390x/tool", Architecture.S390X),
    ],
)
def test_knows_foreign_paths(path: str, foreign: Architecture | None) -> None:
    """A path is foreign if it names architectures, and not the wanted one."""
    error = f"ADD failed: stat {path}: file does not exist"
    (missing,) = missing_sources(read(CLASSIC.format(f"ADD {path} /", error)))

    assert missing.foreign("linux/arm64") == foreign


@pytest.mark.parametrize(
    ("files", "present"),
    [
        ((), None),
        (("other/a",), None),
        (("bin/ab",), None),
        (("bin/a",), "bin/a"),
        (("x/y/bin/a", "x/bin/a"), "x/bin/a"),
        (("bin/a/inside",), "bin/a/inside"),
    ],
)
def test_looks_for_the_file_below_any_context(
    files: tuple[str, ...], present: str | None
) -> None:
    """The log does not tell which directory the context was."""
    text = "ADD failed: stat bin/a: file does not exist"
    log = read(CLASSIC.format("ADD bin/a /", text), files=files)
    (missing,) = missing_sources(log)

    assert missing.present(log) == present
