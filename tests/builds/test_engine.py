"""Tests of reaching engines: in bounded time, over TLS, and not at all."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from docker import APIClient

from bot.builds import probe
from bot.builds.endpoint import Endpoint
from bot.builds.engine import Engine
from bot.builds.labels import Mark
from bot.errors import EngineUnavailableError
from tests.builds import certificates
from tests.world.places import free_port


@contextlib.asynccontextmanager
async def silent() -> AsyncIterator[int]:
    """Give a port that takes connections and never answers."""
    ends: list[asyncio.StreamWriter] = []

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ends.append(writer)
        await reader.read()

    server = await asyncio.start_server(hold, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
        for writer in ends:
            writer.close()


async def test_an_engine_that_never_answers_is_unavailable() -> None:
    """A hanging engine must not hold a job for ever."""
    async with silent() as port:
        engine = Engine(Endpoint("mute", f"tcp://127.0.0.1:{port}"), 1.0)
        with pytest.raises(EngineUnavailableError, match="engine mute does not answer"):
            await asyncio.wait_for(engine.call(APIClient.ping), 10)


async def test_an_engine_that_refuses_is_unavailable(tmp_path: Path) -> None:
    """The reason is for the operator; the job is tried again."""
    engine = Engine(Endpoint("gone", f"unix://{tmp_path}/none"), 1.0)
    with pytest.raises(EngineUnavailableError, match="No such file"):
        await engine.call(APIClient.ping)


async def test_the_reason_is_what_the_system_said() -> None:
    """The layers of a library that wrapped it help nobody."""
    engine = Engine(Endpoint("gone", f"tcp://127.0.0.1:{free_port()}"), 1.0)
    with pytest.raises(EngineUnavailableError) as caught:
        await engine.call(APIClient.ping)

    assert str(caught.value) == (
        "the Docker engine gone does not answer: Connection refused"
    )


@contextlib.asynccontextmanager
async def guarded(url: str, folder: Path) -> AsyncIterator[int]:
    """Give a port that leads to the engine *url* for who has a certificate."""
    context = ssl.create_default_context(
        ssl.Purpose.CLIENT_AUTH, cafile=str(folder / "ca.pem")
    )
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    context.verify_mode = ssl.CERT_REQUIRED

    leading: list[asyncio.Task[None] | None] = []

    async def lead(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        leading.append(asyncio.current_task())
        there, back = await asyncio.open_unix_connection(url.removeprefix("unix://"))
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            await asyncio.gather(_pour(reader, back), _pour(there, writer))
        writer.close()
        back.close()

    server = await asyncio.start_server(lead, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]
        await asyncio.gather(*(task for task in leading if task))


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()
    with contextlib.suppress(OSError, NotImplementedError):
        writer.write_eof() if writer.can_write_eof() else writer.close()


@pytest.mark.engine
async def test_an_engine_behind_tls_answers_who_has_a_certificate(
    local_engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A remote engine is root on its machine; TLS is what guards it."""
    own = certificates.write(tmp_path / "client", certificates.CLIENT)
    theirs = certificates.write(tmp_path / "server", certificates.SERVER)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/etc/hosts")
    async with guarded(local_engine, theirs) as port:
        url = f"tcp://127.0.0.1:{port}"
        known = Engine(Endpoint("known", url, str(own)), 10.0)
        stranger = Engine(Endpoint("stranger", url), 10.0)
        native = await known.call(probe.native)
        known.close()
        with pytest.raises(EngineUnavailableError):
            await stranger.call(probe.native)

    assert native.startswith("linux/")


@pytest.mark.engine
async def test_a_foreign_program_is_tried_out(local_engine: str) -> None:
    """An engine's word on what it emulates does not exist; a run tells."""
    engine = Engine(Endpoint("here", local_engine), 60.0)
    mark = Mark.fresh("test")
    own = await engine.call(probe.native)
    runs = await engine.call(lambda client: probe.runs(client, own, mark))

    assert runs


@pytest.mark.engine
async def test_an_emulating_engine_is_found_out(emulating_engine: str) -> None:
    """There an arm64 build may pass with x86-64 programs in it."""
    engine = Engine(Endpoint("emulating", emulating_engine), 60.0)
    mark = Mark.fresh("test")
    found = await engine.call(lambda client: probe.emulated(client, mark))

    assert found == {"linux/arm64"}
