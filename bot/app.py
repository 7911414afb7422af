"""The App put together: the one place that knows every part, handlers too."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

from aiohttp import web

from bot.builds import pool
from bot.builds.runner import DockerRunner
from bot.errors import UserError
from bot.github.app import connect
from bot.github.credentials import Identity as AppIdentity
from bot.images.registry import RegistryClient
from bot.jobs.enqueueing import Outbox
from bot.jobs.performing import Patience, Performing
from bot.jobs.worker import Capacity, Identity, Worker
from bot.pipeline.office import Office
from bot.processes.judge import ProcessJudge
from bot.proving import Limits
from bot.scratch import temporary_files
from bot.settings import Settings
from bot.web import Receiver, application
from handlers import ROUTER
from handlers.commands import COMMANDS

LOG = logging.getLogger(__name__)

_STOP = (signal.SIGTERM, signal.SIGINT)


async def serve(settings: Settings, *, work: bool = False) -> None:
    """Receive webhooks until SIGTERM; with *work*, do the jobs as well."""
    settings.for_the_app()
    told = _told_to_stop()
    async with AsyncExitStack() as stack:
        if work:
            await stack.enter_async_context(_worker(settings))
        await stack.enter_async_context(_endpoint(settings))
        await told.wait()


async def work(settings: Settings) -> None:
    """Do jobs until SIGTERM."""
    settings.for_the_app()
    told = _told_to_stop()
    async with _worker(settings):
        await told.wait()


@asynccontextmanager
async def _endpoint(settings: Settings) -> AsyncIterator[None]:
    """Listen for webhooks."""
    outbox = await asyncio.to_thread(Outbox.open, settings.database_url)
    receiver = Receiver(outbox, ROUTER, settings.webhook_secret)
    running = web.AppRunner(application(receiver), access_log=None)
    await running.setup()
    try:
        await _listen(running, settings)
        yield
    finally:
        await running.cleanup()
        outbox.close()


async def _listen(running: web.AppRunner, settings: Settings) -> None:
    """Take the port, or say that it cannot be had."""
    try:
        await web.TCPSite(running, settings.host, settings.port).start()
    except OSError as error:
        raise UserError(
            f"{settings.host} port {settings.port} cannot be listened on: "
            f"{os.strerror(error.errno or 0)}. HOST and PORT choose another."
        ) from error
    for address in running.addresses:
        LOG.info("listening on %s port %s", *address[:2])


@asynccontextmanager
async def _worker(settings: Settings) -> AsyncIterator[None]:
    """Do jobs."""
    runners = pool.runners(settings.runners, settings)
    async with _office(settings, runners) as office:
        patience = Patience(tries=settings.retries)
        worker = Worker(
            Identity(settings.worker, settings.database_url),
            Performing(office, patience),
            Capacity(settings.jobs, max(1, len(runners)) * settings.builds_per_runner),
        )
        await worker.start()
        LOG.info("worker %s works with %d runners", settings.worker, len(runners))
        sweeping = asyncio.create_task(pool.sweep(runners, LOG.warning))
        try:
            yield
        finally:
            sweeping.cancel()
            with suppress(asyncio.CancelledError):
                await sweeping
            await worker.stop(settings.grace_seconds)


@asynccontextmanager
async def _office(
    settings: Settings, runners: tuple[DockerRunner, ...]
) -> AsyncIterator[Office]:
    """Open the doors that jobs go through."""
    identity = AppIdentity(settings.app_id, settings.private_key).checked()
    cellar = settings.home / "cellar"
    with temporary_files(settings.home / "scratch"):
        async with (
            connect(settings.github_url, identity, cellar) as github,
            RegistryClient(settings.registries) as images,
            ProcessJudge() as judge,
        ):
            limits = Limits(attempts=settings.attempts)
            yield Office(github, images, runners, COMMANDS, limits, judge)


def _told_to_stop() -> asyncio.Event:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in _STOP:
        loop.add_signal_handler(number, told.set)
    return told
