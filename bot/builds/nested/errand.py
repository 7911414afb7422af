"""Run a few lines of shell on a runner, in a container that goes at once."""

from __future__ import annotations

from typing import Any

from docker import APIClient
from docker.types import LogConfig

from bot.errors import UserError

LABEL = "dev.multiarch.errand"
"""The label of a container that serves for moments; one that stays is left over."""


def run(client: APIClient, image: str, script: str, *words: str, **host: Any) -> str:  # noqa: ANN401 - what the engine's client takes
    """Run *script* in *image* with *words* as its parameters; return what it prints.

    *host* are further fields of the container's host configuration. It has no
    capability but those that are given there. Raise UserError where it fails.
    """
    made: str = client.create_container(
        image,
        command=["-c", script, "errand", *words],
        entrypoint=["/bin/sh"],
        user="0",
        host_config=client.create_host_config(
            cap_drop=["ALL"], log_config=LogConfig(type="json-file"), **host
        ),
        labels={LABEL: ""},
    )["Id"]
    try:
        client.start(made)
        status = client.wait(made)["StatusCode"]
        said: bytes = client.logs(made)
    finally:
        client.remove_container(made, v=True, force=True)
    text = said.decode("utf-8", "replace")
    if status:
        told = " / ".join(text.strip().splitlines()[-3:])
        raise UserError(
            f"A container of the engine image {image} ended with status {status} "
            f"where it was asked about its runner ({told[:300]})."
        )
    return text
