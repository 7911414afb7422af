"""Which paths are build files: a push is judged by them before any API call."""

from __future__ import annotations

import pytest

from bot.kinds import Kind, kind_of


@pytest.mark.parametrize(
    "path",
    [
        "main.go",
        "docs/Dockerfile.md",
        "Dockerfile_test.go",
        "bot/parse/dockerfile.py",
        "dockerfile-parser.go",
        "Dockerfile.j2.bak",
        "Makefile.PL",
        "makefiles/readme",
        "multiarch.yml",
        "sub/.github/multiarch.yml",
        "MyDockerfile",
        "Dockerfile ",
        "",
    ],
)
def test_leaves_other_files_alone(path: str) -> None:
    """What is written in another language is not ours, whatever it is called."""
    assert kind_of(path) is None


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("Dockerfile", Kind.DOCKERFILE),
        ("a/b/Containerfile", Kind.DOCKERFILE),
        ("Dockerfile-s390x", Kind.DOCKERFILE),
        ("Dockerfile.arm32v7", Kind.DOCKERFILE),
        ("Dockerfile_prod", Kind.DOCKERFILE),
        ("centos7-build.Dockerfile-ppc64le", Kind.DOCKERFILE),
        ("web.Dockerfile", Kind.DOCKERFILE),
        ("web-Dockerfile", Kind.DOCKERFILE),
        ("web.dockerfile", Kind.DOCKERFILE),
        ("dockerfile", Kind.DOCKERFILE),
        (".dockerignore", Kind.DOCKERIGNORE),
        ("docker/web.Dockerfile.dockerignore", Kind.DOCKERIGNORE),
        ("Makefile", Kind.MAKEFILE),
        ("makefile", Kind.MAKEFILE),
        ("GNUmakefile", Kind.MAKEFILE),
        ("build/Makefile.common", Kind.MAKEFILE),
        ("Makefile-docker", Kind.MAKEFILE),
        ("common.mk", Kind.MAKEFILE),
        (".github/multiarch.yml", Kind.CONFIG),
    ],
)
def test_knows_build_files_by_name(path: str, kind: Kind) -> None:
    """Every common way to name a build file is known."""
    assert kind_of(path) is kind
