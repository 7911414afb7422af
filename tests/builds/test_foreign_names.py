"""Tests of which images a recipe may name that it did not build."""

from __future__ import annotations

import pytest

from bot.builds import foreign_names

DIGEST = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    "name",
    [
        *("alpine", "alpine:3.6", "calico/node", "quay.io/a/b:c", "host:5000/a"),
        *(f"alpine@sha256:{DIGEST}", f"quay.io/a/b:1@sha256:{DIGEST}"),
        *("multiarch/alpine:arm64", "tonistiigi/binfmt", "a5:latest", "cafe/babe"),
    ],
)
def test_a_published_image_may_be_named(name: str) -> None:
    """Multiarch is also the name of somebody on Docker Hub."""
    assert foreign_names.refusal(name) == ""


@pytest.mark.parametrize(
    "name",
    [
        *("a", "a5", "cafe", "0123456789ab", DIGEST, DIGEST.upper()),
        *("sha256:a5", f"sha256:{DIGEST}", "alpine@sha256:a5", "alpine@sha256:"),
        *("multiarch-run:x", "multiarch-run", "docker.io/multiarch-run:x"),
        *("library/multiarch-run", "index.docker.io/library/multiarch-run:1"),
        "multiarch-anything:1",
    ],
)
def test_what_an_engine_takes_for_more_than_a_name_is_refused(name: str) -> None:
    """Two letters of an id are enough for it."""
    assert "is refused" in foreign_names.refusal(name)


@pytest.mark.parametrize(
    ("digest", "expected"),
    [
        (f"busybox@sha256:{DIGEST}", True),
        (f"docker.io/library/busybox@sha256:{DIGEST}", True),
        (f"them/busybox@sha256:{DIGEST}", False),
        (f"quay.io/library/busybox@sha256:{DIGEST}", False),
        ("<none>@<none>", False),
    ],
)
def test_what_was_pulled_under_a_name_is_known_by_its_digest(
    digest: str,
    expected: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """A tag alone may be anybody's word for what he built there."""
    assert foreign_names.names_the_same("busybox:1", digest) is expected
