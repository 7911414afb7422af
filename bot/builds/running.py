"""Carry out a recipe's ``docker run``: a container beside its own."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

from docker import APIClient
from docker.errors import APIError

from bot.builds import mounts, pulling, starting
from bot.builds.calls import RunCall
from bot.builds.confinement import host_config
from bot.builds.desk import Answer, Request
from bot.builds.images import OwnImages
from bot.builds.output import Output
from bot.builds.sandbox import Sandbox
from bot.builds.starting import Program
from bot.builds.words import CallError
from bot.processes import program
from bot.processes.program import Ended

_TOO_LONG = (
    "what the container printed is longer than the runner keeps for a command; let "
    "it write into the workspace"
)


@dataclass(frozen=True, slots=True)
class Running:
    """Starts containers for a recipe, beside its own."""

    sandbox: Sandbox
    images: OwnImages
    numbers: itertools.count[int] = field(default_factory=itertools.count)

    async def carry_out(self, call: RunCall, request: Request) -> Answer:
        """Run what *call* asks for and answer as docker would."""
        place = self.sandbox.place
        settings = (one.partition("=")[::2] for one in call.environment)
        place.transcript.hide_given(settings)
        image = await self._image(call)
        name = place.mark.name(f"run-{next(self.numbers)}")
        try:
            unsafe = await place.engine.call(
                lambda client: self._create(client, call, image, name)
            )
        except APIError as error:
            raise CallError(str(error.explanation or error)) from error
        stdin = request.stdin if call.interactive else None
        flags = ["--attach", *(["--interactive"] if stdin else [])]
        command = place.command("start", *flags, name, stdin=stdin)
        out, err = (
            Output(place, one, request.live, request.kept) for one in ("out", "err")
        )
        ended = await self._start(
            name, unsafe, lambda: program.run(command, out.feed, err.feed)
        )
        await place.engine.call(
            lambda client: client.remove_container(name, v=True, force=True)
        )
        if request.kept.full:
            raise CallError(_TOO_LONG)
        said = frozenset({*await out.close(), *await err.close()})
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

    def _create(
        self, client: APIClient, call: RunCall, image: str, name: str
    ) -> Sequence[str]:
        """Create the container; return what must be checked when it starts."""
        place = self.sandbox.place
        mounted = mounts.plan(client, self.sandbox, call.volumes)
        client.create_container(
            image,
            command=list(call.command) or None,
            entrypoint=None if call.entrypoint is None else [call.entrypoint],
            environment=list(call.environment),
            working_dir=call.directory or None,
            user=call.user or None,
            volumes=[one.target for one in call.volumes if not one.source],
            stdin_open=call.interactive,
            host_config=host_config(client, place.limits, mounted.binds, mounted.parts),
            name=name,
            labels=place.mark.labels(),
        )
        return mounted.unsafe

    async def _start(self, name: str, unsafe: Sequence[str], begin: Program) -> Ended:
        place, gate = self.sandbox.place, self.sandbox.gate
        nested = await place.engine.call(lambda client: mounts.is_nested(client, name))
        if not unsafe and not nested:
            return await starting.run(place.engine, gate, name, begin)
        loop = asyncio.get_running_loop()
        ready = asyncio.Event()

        async def run() -> Ended:
            await ready.wait()
            return await begin()

        def hold(client: APIClient) -> None:
            with mounts.standing_still(client, place.mark):
                for part in unsafe:
                    mounts.check(client, self.sandbox.name, part)
                loop.call_soon_threadsafe(ready.set)
                starting.wait(client, name)

        running = asyncio.create_task(run())
        try:
            async with gate.mounting():
                await place.engine.call(hold)
            return await running
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
