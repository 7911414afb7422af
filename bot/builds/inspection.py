"""What an engine knows about an image, as a typed value."""

from __future__ import annotations

from dataclasses import dataclass

from docker import APIClient
from docker.errors import APIError

from bot.architecture import normalise


@dataclass(frozen=True, slots=True)
class ImageDetails:
    """An image on an engine: what it is for and what it starts."""

    id: str
    platform: str
    command: tuple[str, ...]
    """ENTRYPOINT and CMD together."""
    path: str
    """The PATH its programs get."""
    names: tuple[str, ...]
    digests: tuple[str, ...] = ()
    """What it was pulled as, each with its digest."""

    def is_for(self, platform: str) -> bool:
        """Tell whether the image says of itself that it is for *platform*."""
        return self.platform.split("/")[:2] == normalise(platform).split("/")[:2]


def inspect(client: APIClient, image: str) -> ImageDetails | None:
    """Return what the engine knows about *image*, None where it has it not.

    It has none by a name that is none (400), as a stranger's recipe may use.
    """
    try:
        said = client.inspect_image(image)  # type: ignore[no-untyped-call]  # SDK stubs
    except APIError as error:
        if error.is_client_error():
            return None
        raise
    config = said.get("Config") or {}
    words = [*(config.get("Entrypoint") or ()), *(config.get("Cmd") or ())]
    settings = dict(
        setting.partition("=")[::2] for setting in config.get("Env") or () if setting
    )
    return ImageDetails(
        said["Id"],
        normalise(f"{said['Os']}/{said['Architecture']}/{said.get('Variant') or ''}"),
        tuple(words),
        settings.get(
            "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        ),
        tuple(said.get("RepoTags") or ()),
        tuple(said.get("RepoDigests") or ()),
    )
