"""The App as it is run: one process that hears GitHub and does the work."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.bench.serving import identity
from tests.world.github.fixtures import described, github
from tests.world.github.stand_in import StandIn
from tests.world.places import LOOPBACK, free_port
from tests.world.surroundings import surroundings

__all__ = ["described", "github"]

ROOT = Path(__file__).parent.parent
NAME = "octo/app"
EVENTS = ("push", "pull_request", "issue_comment", "check_run")
SECONDS = 60.0


async def until(claim: Callable[[], Awaitable[bool]], what: str) -> None:
    """Wait until *claim* holds, or fail saying *what* did not happen."""
    end = time.monotonic() + SECONDS
    while not await claim():
        assert time.monotonic() < end, f"never happened: {what}"
        await asyncio.sleep(0.05)


@contextmanager
def app(folder: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run ``multiarch serve --work`` in *folder* as long as the block lasts."""
    settings = surroundings(MULTIARCH_HOME=str(folder / "home"), **environment)
    with (folder / "app.log").open("ab") as log:
        process = subprocess.Popen(
            (sys.executable, "-m", "bot", "serve", "--work"),
            cwd=ROOT,
            env=settings,
            stdout=log,
            stderr=log,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


async def is_ready(port: int) -> bool:
    """Ask the App whether it takes webhooks."""
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://{LOOPBACK}:{port}/ready") as answer,
        ):
            return answer.status == 200
    except aiohttp.ClientError:
        return False


async def test_hears_a_push_and_shows_a_check_run(
    github: StandIn, tmp_path: Path
) -> None:
    """Every part for real, put together by nothing but the environment.

    The process is killed after the first push and started again before the
    second: the check runs of both heads are there, one each.
    """
    port = free_port()
    files = {"Dockerfile": "FROM alpine:3.4\n"}
    url = f"http://{LOOPBACK}:{port}/webhook"
    hosted = github.app(events=EVENTS, webhook_url=url)
    await github.create_repository(NAME, files)
    await github.install(hosted, "octo")
    github.person("alice", {NAME: "write"})
    settings = {
        "HOST": LOOPBACK,
        "PORT": str(port),
        "MULTIARCH_GITHUB_URL": github.url,
        **identity(hosted),
        # Nobody listens there: what images have is unknown, and says so.
        "MULTIARCH_REGISTRY_MIRRORS": f"docker.io={LOOPBACK}:{free_port()}",
    }

    async def push_and_see() -> None:
        text = {"Dockerfile": f"FROM alpine:3.4\n# {time.monotonic()}\n"}
        head = await github.commit("alice", NAME, text, branch="topic")

        async def seen() -> bool:
            runs = github.check_runs(NAME)
            ended = [run for run in runs if run.status == "completed"]
            return head in {run.suite.head_sha for run in ended}

        await until(seen, "the check run ends")

    with app(tmp_path, **settings) as process:
        await until(lambda: is_ready(port), "the App is ready")
        await push_and_see()
        process.send_signal(signal.SIGKILL)
        process.wait()
    with app(tmp_path, **settings) as process:
        await until(lambda: is_ready(port), "the App is ready again")
        await push_and_see()
        process.terminate()

        assert await asyncio.to_thread(process.wait, 30) == 0
    assert len(github.check_runs(NAME)) == 2


async def test_tells_of_a_runner_that_is_down(github: StandIn, tmp_path: Path) -> None:
    """By its name and without its address; otherwise it looks like no runner at all."""
    port = free_port()
    hosted = github.app(events=EVENTS, webhook_url=f"http://{LOOPBACK}:{port}/")
    address = f"unix://{tmp_path}/none.sock"
    settings = {
        "HOST": LOOPBACK,
        "PORT": str(port),
        "MULTIARCH_GITHUB_URL": github.url,
        **identity(hosted),
        "MULTIARCH_RUNNERS": f"gone={address},{address}",
    }
    found: dict[str, str] = {}

    async def told() -> bool:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://{LOOPBACK}:{port}/ready") as answer,
        ):
            found.update((await answer.json())["runners"])
        return ["answer" in words for words in found.values()] == [True, True]

    with app(tmp_path, **settings):
        await until(lambda: is_ready(port), "the App is ready")
        await until(told, "the runners are told")

    words = {re.sub(r"[0-9]", "0", one) for one in found.values()}
    assert sorted(found) == ["gone", "runner-2"]
    assert words == {"does not answer (since 0000-00-00 00:00 UTC)"}


def ended(folder: Path, *words: str, **environment: str) -> tuple[int, str]:
    """Run a command that cannot go on; return its status and what it says last."""
    status, lines = told(folder, *words, **environment)
    return status, lines[-1]


def told(folder: Path, *words: str, **environment: str) -> tuple[int, list[str]]:
    """Run a command that cannot go on; return its status and all that it says."""
    bare = {"PATH": os.environ["PATH"], "HOME": str(folder), **environment}
    done = subprocess.run(  # noqa: S603 - our own command
        (sys.executable, "-m", "bot", *words),
        cwd=ROOT,
        env=bare,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    return done.returncode, done.stderr.splitlines()


SECRET = "MULTIARCH_WEBHOOK_SECRET (or MULTIARCH_WEBHOOK_SECRET_FILE)"  # noqa: S105 - its name
IDENTITY = "MULTIARCH_APP_ID and MULTIARCH_PRIVATE_KEY (or MULTIARCH_PRIVATE_KEY_FILE)"


@pytest.mark.parametrize(
    ("words", "lacking"),
    [
        (("serve",), SECRET),
        (("work",), IDENTITY),
        (("serve", "--work"), f"{IDENTITY} and {SECRET}"),
    ],
)
def test_says_what_it_lacks(
    words: tuple[str, ...], lacking: str, tmp_path: Path
) -> None:
    """A first start without settings is answered with what to set, misspelt or not."""
    status, lines = told(tmp_path, *words, MULTIARCH_WEBHOOK_SECRE="hush")

    assert status == 2
    assert lines[0].endswith(
        "MULTIARCH_WEBHOOK_SECRE is no setting, so it does nothing. "
        "Is MULTIARCH_WEBHOOK_SECRET meant?"
    )
    (complaint,) = lines[1:]
    assert complaint == (
        f"multiarch {words[0]}: {lacking} must be set: without that the bot is no App "
        "to GitHub. README.md says, under The App, where it comes from."
    )


SETTINGS = {
    "HOST": LOOPBACK,
    "MULTIARCH_APP_ID": "1",
    "MULTIARCH_PRIVATE_KEY": "hush",
    "MULTIARCH_WEBHOOK_SECRET": "hush",
}


def test_says_that_the_port_is_taken(tmp_path: Path) -> None:
    """Two of one machine is a common first try, and no defect of ours."""
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = str(taken.getsockname()[1])
        status, said = ended(tmp_path, "serve", **SETTINGS, PORT=port)

    assert status == 2
    assert said == (
        f"multiarch serve: {LOOPBACK} port {port} cannot be listened on: Address "
        "already in use. HOST and PORT choose another."
    )


def test_says_that_a_key_is_none(tmp_path: Path) -> None:
    """Half a file in a variable is found out at start, not by the first job."""
    status, said = ended(tmp_path, "work", **SETTINGS)

    assert status == 2
    assert said.startswith(
        "multiarch work: MULTIARCH_PRIVATE_KEY is no private key in PEM."
    )
    assert "hush" not in said


def test_says_which_logins_are_for_nobody(tmp_path: Path) -> None:
    """A file as `docker login` writes it opens nothing, and nobody is told why."""
    file = tmp_path / "config.json"
    entries = {
        "ghcr.io": {"auth": "Ym90Omh1c2g="},  # bot:hush
        "quay.io": {"username": "bot", "password": "hush", "for": []},
        "docker.io": {"auth": "Ym90Omh1c2g=", "for": ["octo"]},
    }
    file.write_text(json.dumps({"auths": entries}))
    more = {"MULTIARCH_REGISTRY_CREDENTIALS": str(file)}
    _, lines = told(tmp_path, "work", **SETTINGS, **more)

    words = (
        'the login for {} in {} has no "for", so no repository uses it: private '
        "images there are unknown and are not pulled. Add the owners or repositories "
        'that may use it, such as "for": ["OWNER"]; ["*"] is every repository that '
        "the App is installed in."
    )
    warned = [line.partition(": ")[2] for line in lines if "the login for" in line]
    assert warned == [words.format(host, file) for host in ("ghcr.io", "quay.io")]
    assert not [line for line in lines if "hush" in line or "Ym90" in line]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://bot:hush@127.0.0.1:9/jobs", "postgresql://bot:***@127.0.0.1:9"),
        ("sqlite:////proc/none/jobs.sqlite", "sqlite:////proc/none/jobs.sqlite"),
    ],
)
def test_says_that_the_database_is_down(url: str, shown: str, tmp_path: Path) -> None:
    """By its name, and without its password."""
    status, said = ended(tmp_path, "serve", **SETTINGS, MULTIARCH_DATABASE_URL=url)

    assert status == 2
    assert said.startswith(f"multiarch serve: The database {shown}")
    assert "hush" not in said


@pytest.mark.parametrize("words", [("serve",), ("serve", "--work")])
def test_says_that_its_home_cannot_be_used(
    words: tuple[str, ...], github: StandIn, tmp_path: Path
) -> None:
    """By the setting that names it, though the database is in it."""
    hosted = github.app(events=EVENTS, webhook_url="http://127.0.0.1/")
    settings = SETTINGS | {"MULTIARCH_PRIVATE_KEY": hosted.key}
    status, said = ended(tmp_path, *words, **settings, MULTIARCH_HOME="/proc/none/bot")

    assert status == 2
    assert said == (
        "multiarch serve: MULTIARCH_HOME is /proc/none/bot, which cannot be used (No "
        "such file or directory), so the bot has no place for its files. Name a "
        "directory that its user may write to."
    )


def test_a_worker_without_a_runner_says_what_that_means(tmp_path: Path) -> None:
    """Otherwise it looks as if no project had anything to prove."""
    _, lines = told(tmp_path, "work", **SETTINGS)

    (warning,) = [line.partition(": ")[2] for line in lines if "no runner" in line]
    assert warning == (
        "there is no runner, so nothing is built: findings are shown, but no fix is "
        "proven and no fix pull request is opened. MULTIARCH_RUNNERS names the Docker "
        "engines that build."
    )
