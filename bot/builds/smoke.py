"""Start an image and see whether its program starts.

The question is whether the program can run on this machine, not whether it
does its work: it gets no network and no configuration. So an exit with some
status of its own passes; what fails is a program that could not be started
(126, 127, "exec format error") or was ended by a signal such as SIGILL.
An image without a program (neither ENTRYPOINT nor CMD) has nothing to start,
so that proves nothing: it does not pass, and its output says why.
"""

from __future__ import annotations

import contextlib
import json
import re
import shlex
import time
from collections.abc import Iterable
from dataclasses import dataclass

from docker import APIClient
from docker.errors import APIError
from requests.exceptions import ConnectionError as NotConnectedError
from requests.exceptions import ReadTimeout

from bot.builds.confinement import smoke_config
from bot.builds.inspection import inspect
from bot.builds.labels import Mark
from bot.builds.options import Limits
from bot.logs.clean import plain
from bot.proof import Smoke
from bot.redaction import Striker, strike

NOTHING = (
    "Nothing to start: the image has neither an ENTRYPOINT nor a CMD. Give it one, "
    "or name a smoke command for it in .github/multiarch.yml."
)
_SHELL = ("/bin/sh", "-c")
_NO_SHELL = re.compile(r'exec: \\?"/bin/sh\\?": (?:stat /bin/sh|executable file not)')
_ABSENT = 127
_LAST = 40
_WIDEST = 2_000
_LONGEST = 65_536
"""Characters of a line that are read."""
_NOT_STARTED = frozenset({125, 126, 127})
_SIGNALLED = 128
_ENDED_FROM_OUTSIDE = frozenset({1, 2, 13, 15})
"""SIGHUP, SIGINT, SIGPIPE and SIGTERM: programs end themselves with these."""
_KILLED = 9
_FOREIGN = (
    "exec format error",
    "cannot execute binary file",
    "invalid elf image for this architecture",
    "failed to open elf at /lib",
    "could not open '/lib64/ld-linux",
    "could not open '/lib/ld-",
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the engine says when the time is up; no code: it still ran."""

    code: int | None
    output: str
    out_of_memory: bool = False


def start(
    client: APIClient, image: str, command: str, limits: Limits, mark: Mark
) -> Smoke:
    """Start *image*, with *command* through its shell if there is one."""
    details = inspect(client, image)
    shown = command or _spelled(details.command if details else ())
    if not shown:
        return Smoke(False, "", None, NOTHING, 0.0)
    began = time.monotonic()
    outcome = _ran(client, image, (*_SHELL, command) if command else (), limits, mark)
    if command and outcome.code == _ABSENT and _NO_SHELL.search(outcome.output):
        outcome = _ran(client, image, _words(command), limits, mark)
    seconds = time.monotonic() - began
    passed = started(outcome)
    return Smoke(passed, strike(shown), outcome.code, outcome.output, seconds)


def started(outcome: Outcome) -> bool:
    """Tell whether the program itself ran. Pure."""
    text = outcome.output.lower()
    if any(sign in text for sign in _FOREIGN):
        return False
    if outcome.code is None:
        return True
    if outcome.code in _NOT_STARTED:
        return False
    signal = outcome.code - _SIGNALLED
    if signal == _KILLED:
        return outcome.out_of_memory
    return signal <= 0 or signal > 64 or signal in _ENDED_FROM_OUTSIDE  # noqa: PLR2004 - Linux has 64 signals


def _kept(said: str) -> str:
    """Return the last lines of *said*, without the secrets in them."""
    striker = Striker()
    lines = (plain(line[:_LONGEST]) for line in said.splitlines()[-_LAST:])
    return "\n".join(striker.line(line)[:_WIDEST] for line in lines)


def _spelled(words: Iterable[str]) -> str:
    return " ".join(word if word.isprintable() else json.dumps(word) for word in words)


def _words(command: str) -> tuple[str, ...]:
    """Return *command* as an image without a shell takes it."""
    try:
        return tuple(shlex.split(command))
    except ValueError:
        return (command,)


def _ran(
    client: APIClient, image: str, words: tuple[str, ...], limits: Limits, mark: Mark
) -> Outcome:
    container = _create(client, image, words, limits, mark)
    try:
        return _watch(client, container, limits.smoke)
    finally:
        with contextlib.suppress(APIError):
            client.remove_container(container, v=True, force=True)


def _create(
    client: APIClient, image: str, words: tuple[str, ...], limits: Limits, mark: Mark
) -> str:
    container: str = client.create_container(
        image,
        command=list(words[1:]) or None,
        entrypoint=list(words[:1]) or None,
        host_config=smoke_config(client, limits),
        name=mark.name("smoke"),
        labels=mark.labels(),
    )["Id"]
    return container


def _watch(client: APIClient, container: str, seconds: float) -> Outcome:
    try:
        client.start(container)
    except APIError as error:
        state = client.inspect_container(container)["State"]
        why = strike(str(error.explanation or error))
        return Outcome(int(state["ExitCode"]) or 127, why)
    with contextlib.suppress(ReadTimeout, NotConnectedError):
        client.wait(container, timeout=int(seconds))
    state = client.inspect_container(container)["State"]
    said = client.logs(container, tail=_LAST)
    output = _kept(said.decode("utf-8", errors="replace"))
    code = None if state["Running"] else int(state["ExitCode"])
    return Outcome(code, output, bool(state["OOMKilled"]))
