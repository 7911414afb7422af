"""Which Dockerfiles their owner would want built, judged by name and content."""

from __future__ import annotations

import pytest

from bot import products
from bot.model import Source
from bot.parse import dockerfile


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("Dockerfile", False),
        ("services/web/Dockerfile", False),
        ("external-dns/Dockerfile", False),
        ("docs-server/Dockerfile", False),
        ("images/ruby-3.2.1/Dockerfile", False),
        ("latest/Dockerfile.release", False),
        ("examples/web/Dockerfile", True),
        ("test-fixtures/Dockerfile", True),
        ("a/e2e/b/Dockerfile", True),
        ("lib/zip/Dockerfile", True),
        (".devcontainer/Dockerfile", True),
        ("Dockerfile.test", True),
        ("ci.Dockerfile", True),
    ],
)
def test_a_name_may_say_that_it_is_no_product(path: str, *, expected: bool) -> None:
    """Nobody wants a proof of an example, and every proof costs three builds."""
    assert products.is_aside(path) is expected


@pytest.mark.parametrize(
    ("path", "image", "expected"),
    [
        ("Dockerfile", "alpine", True),
        ("Dockerfile.arm64", "alpine", True),
        ("Dockerfile.s390x", "alpine", False),
        ("vendor/x/Dockerfile", "alpine", False),
        ("Dockerfile.tmpl", "alpine", False),
        ("Dockerfile.windows", "alpine", False),
        ("windows/app/Dockerfile", "alpine", False),
        ("Dockerfile", "mcr.microsoft.com/windows/nanoserver:ltsc2022", False),
        ("Dockerfile", "mcr.microsoft.com/dotnet/runtime:8.0", True),
    ],
)
def test_some_can_never_be_built_for_linux_on_arm64(
    path: str, image: str, *, expected: bool
) -> None:
    """Other people's files, other systems and other architectures are no failures."""
    file = dockerfile.parse(Source(path, f"FROM {image}\n"))

    assert products.is_possible(file, "linux/arm64") is expected


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["Dockerfile", "main.go"], False),
        (["Dockerfile", "build.sh"], True),
        (["Dockerfile", "Makefile"], True),
        (["Dockerfile", "common.mk"], True),
    ],
)
def test_scripts_may_make_what_an_image_copies(
    paths: list[str], *, expected: bool
) -> None:
    """Only then is a file that is not there one that is not there yet."""
    assert products.has_steps(paths) is expected
