"""What an image reference means, and which texts are none."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from yarl import URL

from bot.images.reference import Invalid, Reference, parse

SHA = "sha256:" + "a1" * 32


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "alpine",
            Reference("alpine", "docker.io", "library/alpine", "latest"),
        ),
        (
            "alpine:3.4",
            Reference("alpine", "docker.io", "library/alpine", "3.4"),
        ),
        (
            "calico/go-build:latest-arm64",
            Reference(
                "calico/go-build", "docker.io", "calico/go-build", "latest-arm64"
            ),
        ),
        (
            "docker.io/alpine:3.4",
            Reference("docker.io/alpine", "docker.io", "library/alpine", "3.4"),
        ),
        (
            "index.docker.io/library/alpine",
            Reference(
                "index.docker.io/library/alpine",
                "docker.io",
                "library/alpine",
                "latest",
            ),
        ),
        (
            "localhost:5000/a/b_c/d-e.f:1.0",
            Reference(
                "localhost:5000/a/b_c/d-e.f", "localhost:5000", "a/b_c/d-e.f", "1.0"
            ),
        ),
        (
            "localhost/app",
            Reference("localhost/app", "localhost", "app", "latest"),
        ),
        (
            "[::1]:5000/app:1",
            Reference("[::1]:5000/app", "[::1]:5000", "app", "1"),
        ),
        (
            "Registry/app:1",
            Reference("Registry/app", "registry", "app", "1"),
        ),
        (
            f"quay.io/app@{SHA}",
            Reference("quay.io/app", "quay.io", "app", "", SHA),
        ),
        (
            f"quay.io:443/app:1.2@{SHA}",
            Reference("quay.io:443/app", "quay.io:443", "app", "1.2", SHA),
        ),
    ],
)
def test_reads_what_docker_reads(text: str, expected: Reference) -> None:
    """A port is no tag, a user is no host, and Docker Hub has many names."""
    actual = parse(text)

    assert actual == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it is empty"),
        ("a" * 5000, "it is too long"),
        ("alpine:$TAG", "it holds a variable without a value"),
        ("${BASE}", "it holds a variable without a value"),
        ("scratch", "scratch is the empty image, which no registry serves"),
        ("scratch:latest", "scratch is the empty image, which no registry serves"),
        ("a1" * 32, "it is an image id, which only one engine knows"),
        ("Alpine", "'library/Alpine' is not the name of a repository"),
        ("quay.io/", "'' is not the name of a repository"),
        ("quay.io//app", "'/app' is not the name of a repository"),
        ("quay.io/../app", "'../app' is not the name of a repository"),
        ("quay.io/a?b", "'a?b' is not the name of a repository"),
        ("user@quay.io/app", "its digest is not of the form sha256:… in full"),
        ("http://quay.io/app", "'http:' is not the name of a registry"),
        ("quay..io/app", "'quay..io' is not the name of a registry"),
        ("quay.io:99999/app", "'quay.io:99999' is not the name of a registry"),
        ("[::1::]:5000/app", "'[::1::]:5000' is not the name of a registry"),
        ("quay.io:port/app", "'quay.io:port' is not the name of a registry"),
        ("alpine:", "the tag '' is not allowed"),
        ("alpine:.5", "the tag '.5' is not allowed"),
        ("alpine:" + "a" * 129, f"the tag {'a' * 40!r} is not allowed"),
        ("alpine@sha256:abc", "its digest is not of the form sha256:… in full"),
        ("alpine@", "its digest is not of the form sha256:… in full"),
        ("a" * 250, "its name is longer than 255 characters"),
        ("al pine", "'library/al pine' is not the name of a repository"),
        ("alpine\n", "'library/alpine\\n' is not the name of a repository"),
    ],
)
def test_says_why_a_text_is_no_reference(text: str, reason: str) -> None:
    """The reason is shown to the author in place of an answer."""
    actual = parse(text)

    assert actual == Invalid(reason)


def test_answers_to_what_it_is_asked() -> None:
    """A digest outranks the tag beside it, as it does in Docker."""
    both = Reference("alpine", "docker.io", "library/alpine", "3.4", SHA)

    assert both.target == SHA
    assert both.image == "docker.io/library/alpine"
    assert both.tagged("3.6") == "alpine:3.6"
    assert both.tagged("3.6", SHA) == f"alpine:3.6@{SHA}"


@given(st.text(alphabet="aA0.:/@-_$[]é\n", max_size=30))
def test_never_crashes_and_never_leaves_the_repository(text: str) -> None:
    """References come from strangers and end up in URLs."""
    actual = parse(text)

    if isinstance(actual, Reference):
        assert ".." not in actual.repository.split("/")
        assert not set(actual.repository) & set("?#%:@\n")


@given(st.text("aA0.:-_[]/@fF9", max_size=24))
@example("a:99999/b")
@example("[:]/b")
def test_every_registry_has_an_address(text: str) -> None:
    """A name that no URL can hold must not end the scan of a whole tree."""
    found = parse(text)

    assert isinstance(found, Invalid) or URL(f"https://{found.registry}").host
