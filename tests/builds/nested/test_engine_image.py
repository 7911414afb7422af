"""Tests of an engine image that is there, comes, or cannot be had."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from docker.errors import APIError, ImageNotFound

from bot.builds import pool
from bot.builds.domain_runner import DomainHost
from bot.builds.nested import engine_image
from bot.builds.nested.engine_image import EngineImageError
from bot.builds.nested.options import NestedOptions
from bot.builds.options import Options
from bot.domain import Domain
from bot.errors import UserError

DIGEST = f"sha256:{'0' * 64}"


@dataclass(slots=True)
class Client:
    """An engine's client that knows *images*, and pulls what *comes*."""

    images: set[str] = field(default_factory=set)
    comes: str = ""
    said: str = ""
    refusal: APIError | None = None
    pulled: list[tuple[str, str]] = field(default_factory=list)

    def inspect_image(self, image: str) -> None:
        """Know it, or not."""
        if image not in self.images:
            raise ImageNotFound(image)

    def pull(self, repository: str, tag: str) -> str:
        """Say what the engine says, which may end in an error."""
        self.pulled.append((repository, tag))
        if self.refusal is not None:
            raise self.refusal
        self.images.add(self.comes)
        return self.said


def have(client: Client, image: str) -> None:
    """Ask for *image* on the runner arm."""
    engine_image.have(client, "arm", image)  # type: ignore[arg-type]  # what it asks of one


def test_an_image_that_is_there_is_not_pulled() -> None:
    """Also under an id, which no registry knows."""
    client = Client({"docker:28-dind", DIGEST})
    have(client, "docker:28-dind")
    have(client, DIGEST)

    assert client.pulled == []


@pytest.mark.parametrize(
    ("image", "asked"),
    [
        ("docker:28-dind", ("docker", "28-dind")),
        ("docker", ("docker", "latest")),
        ("r.corp:5000/dind", ("r.corp:5000/dind", "latest")),
        ("r.corp:5000/dind:1", ("r.corp:5000/dind", "1")),
        (f"docker:28-dind@{DIGEST}", ("docker", DIGEST)),
    ],
)
def test_an_image_that_is_missing_is_pulled(image: str, asked: tuple[str, str]) -> None:
    """A port is no tag, and a digest says more than one."""
    client = Client(comes=image)
    have(client, image)

    assert client.pulled == [asked]


@pytest.mark.parametrize(
    ("client", "image", "reason"),
    [
        (
            Client(refusal=APIError("404", explanation="pull access\n denied")),
            "docker:28-dind",
            "pull access denied",
        ),
        (
            Client(said='{"status": "Pulling"}\n\n{"error": "no space left"}'),
            "docker:28-dind",
            "no space left",
        ),
        (Client(), "docker:28-dind", "the engine pulled it and has it not"),
        (Client(), "Docker", "'library/Docker' is not the name of a repository"),
    ],
)
def test_an_image_that_cannot_be_had_is_told(
    client: Client, image: str, reason: str
) -> None:
    """What is missing, where, why, what that means and what to do."""
    with pytest.raises(EngineImageError) as caught:
        have(client, image)

    assert str(caught.value) == (
        f"the engine image {image} cannot be pulled to the runner arm ({reason}), so "
        "nothing is built there; pull it there, or set MULTIARCH_ENGINE_IMAGE"
    )


@pytest.mark.engine
@pytest.mark.timeout(120)
async def test_a_runner_without_its_engine_image_says_so(
    local_engine: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The real engine's words, without those of the library between."""
    options = Options(nested=NestedOptions(image="127.0.0.1:9/none:1"))
    (outer,) = pool.runners([f"arm={local_engine}"], options)
    host = DomainHost(outer)
    try:
        found = await host.isolation.get()
        with pytest.raises(UserError):
            async with host.inside(Domain("somebody/something", "a-job")):
                pass
    finally:
        host.close()

    words = "the engine image 127.0.0.1:9/none:1 cannot be pulled to the runner arm ("
    refused, told = caplog.messages
    assert (found.holds, found.engine) == (False, False)
    assert refused == found.words
    assert found.words.startswith(words)
    assert "connection refused" in found.words
    assert "Client Error" not in found.words
    assert told == (
        f"the runner arm has no engine for somebody/something: {found.words}"
    )
