"""The App put together: the one place that knows every part, handlers too."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from bot import private, setting_needs
from bot.builds import pool
from bot.builds.domain_runner import DomainHost
from bot.github.app import connect
from bot.github.credentials import Identity as AppIdentity
from bot.images.registry import RegistryClient
from bot.jobs.enqueueing import Outbox
from bot.jobs.past import past
from bot.jobs.performing import Patience, Performing
from bot.jobs.runner_watch import Pauses, watch
from bot.jobs.worker import Capacity, Identity, Worker
from bot.pipeline.office import Office
from bot.processes.judge import ProcessJudge
from bot.proving import Limits
from bot.scratch import temporary_files
from bot.settings import Settings
from bot.web.gate import Limits as ConnectionLimits
from bot.web.gate import as_files_allow
from bot.web.listening import listening
from bot.web.receiver import Receiver, application
from handlers import ROUTER
from handlers.commands import COMMANDS

LOG = logging.getLogger(__name__)

_STOP = (signal.SIGTERM, signal.SIGINT)


async def serve(settings: Settings, *, work: bool = False) -> None:
    """Receive webhooks until SIGTERM; with *work*, do the jobs as well."""
    known = (setting_needs.both if work else setting_needs.serving)(settings)
    told = _told_to_stop()
    async with AsyncExitStack() as stack:
        if work:
            await stack.enter_async_context(_worker(known))
        await stack.enter_async_context(_endpoint(known))
        await told.wait()


async def work(settings: Settings) -> None:
    """Do jobs until SIGTERM."""
    known = setting_needs.working(settings)
    told = _told_to_stop()
    async with _worker(known):
        await told.wait()


@asynccontextmanager
async def _endpoint(settings: Settings) -> AsyncIterator[None]:
    """Listen for webhooks."""
    if settings.keeps_jobs_at_home:
        private.home(settings.home)
    outbox = await asyncio.to_thread(Outbox.open, settings.database_url)
    receiver = Receiver(outbox, ROUTER, settings.webhook_secret)
    place = settings.host, settings.port
    try:
        async with listening(application(receiver), *place, connections(settings)):
            yield
    finally:
        outbox.close()


@asynccontextmanager
async def _worker(settings: Settings) -> AsyncIterator[None]:
    """Do jobs."""
    judge = ProcessJudge()
    machines = pool.hosts(settings, judge)
    _warn_of_logins(settings)
    if not machines:
        LOG.warning(
            "there is no runner, so nothing is built: findings are shown, but no fix "
            "is proven and no fix pull request is opened. MULTIARCH_RUNNERS names the "
            "Docker engines that build."
        )
    async with _office(settings, machines, judge) as office:
        worker = Worker(
            Identity(settings.worker, settings.database_url),
            Performing(office, patience(settings)),
            Capacity(settings.jobs, max(1, len(machines)) * settings.builds_per_runner),
        )
        await worker.start()
        LOG.info("worker %s works with %d runners", settings.worker, len(machines))
        beside = [
            asyncio.create_task(pool.prune(machines, LOG.warning)),
            asyncio.create_task(watch(machines, settings.database_url, Pauses())),
        ]
        try:
            yield
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            await worker.stop(settings.grace_seconds)
            for machine in machines:
                machine.close()


def _warn_of_logins(settings: Settings) -> None:
    """Tell the operator which logins the App does not use."""
    for host in settings.registries.logins.for_nobody():
        LOG.warning(
            'the login for %s in %s has no "for", so no repository uses it: private '
            "images there are unknown and are not pulled. Add the owners or "
            'repositories that may use it, such as "for": ["OWNER"]; ["*"] is every '
            "repository that the App is installed in.",
            host,
            settings.registry_credentials,
        )


@asynccontextmanager
async def _office(
    settings: Settings, machines: tuple[DomainHost, ...], judge: ProcessJudge
) -> AsyncIterator[Office]:
    """Open the doors that jobs go through."""
    identity = AppIdentity(settings.app_id, settings.private_key).checked()
    home = private.home(settings.home)
    cellar = home / "cellar"
    with temporary_files(home / "scratch"):
        async with (
            connect(settings.github_url, identity, cellar) as github,
            RegistryClient(settings.registries) as images,
            judge,
        ):
            bounds = limits(settings)
            yield Office(github, images, machines, COMMANDS, bounds, past, judge)


def connections(settings: Settings) -> ConnectionLimits:
    """Return how many connections the endpoint holds."""
    return ConnectionLimits(settings.connections_per_address, as_files_allow())


def patience(settings: Settings) -> Patience:
    """Return how often and how long a job is tried. Pure."""
    return Patience(tries=settings.retries, longest=settings.job_minutes * 60.0)


def limits(settings: Settings) -> Limits:
    """Return what one job may take. Pure."""
    return Limits(
        attempts=settings.attempts,
        recipes=settings.recipes,
        minutes=settings.job_minutes,
    )


def _told_to_stop() -> asyncio.Event:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in _STOP:
        loop.add_signal_handler(number, told.set)
    return told
