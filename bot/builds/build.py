"""Build one image with the docker command: its arguments, and running them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.builds.printed import TooMuchPrintedError
from bot.builds.tools import Tool
from bot.builds.transcript import Lines, Transcript
from bot.processes import program
from bot.processes.program import Command, Ended


@dataclass(frozen=True, slots=True)
class Order:
    """One ``docker build``: everything a project may decide about it.

    *context* and *dockerfile* are files of this machine, private to us.
    """

    context: Path
    dockerfile: Path
    platform: str
    args: tuple[str, ...] = ()
    """The build arguments, as NAME=VALUE."""
    labels: tuple[str, ...] = ()
    target: str = ""
    pull: bool = False
    no_cache: bool = False
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shop:
    """With what to build: a builder, the command that has it, its settings."""

    builder: str
    tool: Tool
    env: Mapping[str, str]
    folder: Path
    """Private to this build; the image's id is written here."""
    seconds: float


def arguments(order: Order, shop: Shop, tag: str) -> tuple[str, ...]:
    """Return the command line of *order*."""
    argv = [shop.tool.path]
    argv += ["buildx", "build", "--load"] if shop.builder == "buildx" else ["build"]
    if shop.builder == "classic":
        argv += ["--force-rm"]
    else:
        argv += ["--progress=plain"]
    argv += ["--platform", order.platform, "--file", str(order.dockerfile)]
    argv += ["--iidfile", str(_id_file(shop))]
    argv += ["--tag", tag]
    argv += [part for label in order.labels for part in ("--label", label)]
    argv += [part for one in order.args for part in ("--build-arg", one)]
    argv += [part for one in order.hosts for part in ("--add-host", one)]
    argv += ["--target", order.target] if order.target else []
    argv += ["--pull"] if order.pull else []
    argv += ["--no-cache"] if order.no_cache else []
    return (*argv, "--", str(order.context))


async def build(
    order: Order, shop: Shop, tag: str, transcript: Transcript
) -> str | None:
    """Build *order* as *tag*; return the id of the image, None where it failed."""
    env = {**shop.env, "DOCKER_BUILDKIT": "0" if shop.builder == "classic" else "1"}
    transcript.hide_given(one.partition("=")[::2] for one in order.args)
    lines = Lines(transcript)
    command = Command(arguments(order, shop, tag), env, shop.seconds)
    try:
        ended = await program.run(command, lines.hear)
    except TooMuchPrintedError as error:
        await lines.finish()
        transcript.add(str(error))
        return None
    await lines.finish()
    return _image(ended, shop, transcript)


def _image(ended: Ended, shop: Shop, transcript: Transcript) -> str | None:
    if ended.timed_out:
        transcript.add(f"stopped: the build took longer than {shop.seconds:.0f} s")
        return None
    if ended.code != 0:
        return None
    try:
        return _id_file(shop).read_text("ascii").strip() or None
    except OSError:
        transcript.add("the builder reported success but no image")
        return None


def _id_file(shop: Shop) -> Path:
    return shop.folder / "image-id"
