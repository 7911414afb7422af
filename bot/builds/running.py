"""Carry out a recipe's ``docker run``: a container beside its own."""

from __future__ import annotations

import asyncio
import itertools
import time
from dataclasses import dataclass, field

from docker import APIClient
from docker.errors import APIError

from bot.builds import mounts, process, pulling
from bot.builds.calls import RunCall
from bot.builds.confinement import host_config
from bot.builds.desk import Answer, Request
from bot.builds.images import OwnImages
from bot.builds.output import Output
from bot.builds.process import Command, Ended
from bot.builds.sandbox import Sandbox
from bot.builds.words import CallError
from bot.redaction import secret_values

_POLL = 0.05
_STARTS_WITHIN = 30.0


@dataclass(frozen=True, slots=True)
class Running:
    """Starts containers for a recipe; mounts are made one at a time."""

    sandbox: Sandbox
    images: OwnImages
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    numbers: itertools.count[int] = field(default_factory=itertools.count)

    async def carry_out(self, call: RunCall, request: Request) -> Answer:
        """Run what *call* asks for and answer as docker would."""
        place = self.sandbox.place
        settings = (one.partition("=")[::2] for one in call.environment)
        place.transcript.hide(secret_values(settings))
        image = await self._image(call)
        name = place.mark.name(f"run-{next(self.numbers)}")
        try:
            await place.engine.call(
                lambda client: self._create(client, call, image, name)
            )
        except APIError as error:
            raise CallError(str(error.explanation or error)) from error
        stdin = request.stdin if call.interactive else None
        flags = ["--attach", *(["--interactive"] if stdin else [])]
        command = place.command("start", *flags, name, stdin=stdin)
        out, err = (Output(place, one, request.live) for one in ("out", "err"))
        ended = await self._start(call, name, command, out, err)
        await place.engine.call(
            lambda client: client.remove_container(name, v=True, force=True)
        )
        said = frozenset({*out.close(), *err.close()})
        return Answer(ended.code, out.content(), err.content(), said)

    async def _image(self, call: RunCall) -> str:
        own = self.images.find(call.image)
        if own is not None:
            self.images.used.add(own.id)
            return own.id
        platform = call.platform or self.sandbox.place.platform
        if not await pulling.ensure(self.sandbox.place, call.image, platform):
            raise CallError(f"the image {call.image} cannot be had for {platform}")
        return call.image

    def _create(self, client: APIClient, call: RunCall, image: str, name: str) -> None:
        place = self.sandbox.place
        binds = mounts.binds(client, self.sandbox, call.volumes)
        client.create_container(
            image,
            command=list(call.command) or None,
            entrypoint=None if call.entrypoint is None else [call.entrypoint],
            environment=list(call.environment),
            working_dir=call.directory or None,
            user=call.user or None,
            volumes=[one.target for one in call.volumes if not one.source],
            stdin_open=call.interactive,
            host_config=host_config(client, place.limits, binds),
            name=name,
            labels=place.mark.labels(),
        )

    async def _start(
        self, call: RunCall, name: str, command: Command, out: Output, err: Output
    ) -> Ended:
        parts = mounts.parts(call.volumes)
        ready = asyncio.Event()
        loop = asyncio.get_running_loop()

        async def run() -> Ended:
            await ready.wait()
            return await process.run(command, out.feed, err.feed)

        def hold(client: APIClient) -> None:
            with mounts.standing_still(client, self.sandbox.place.mark):
                for part in parts:
                    mounts.check(client, self.sandbox.name, part)
                loop.call_soon_threadsafe(ready.set)
                _wait_for_start(client, name)

        running = asyncio.create_task(run())
        try:
            if parts:
                async with self.lock:
                    await self.sandbox.place.engine.call(hold)
            ready.set()
            return await running
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


def _wait_for_start(client: APIClient, name: str) -> None:
    """Wait until the container's mounts are made, or never will be."""
    deadline = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < deadline:
        state = client.inspect_container(name)["State"]
        if state["Status"] != "created" or state["Error"]:
            return
        time.sleep(_POLL)
    client.remove_container(name, force=True)
    raise CallError("the container did not start in time")
