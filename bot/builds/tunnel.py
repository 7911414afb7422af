"""Reach an engine over SSH through a private socket of this machine.

Each connection to the socket becomes one ``ssh HOST docker system dial-stdio``,
which is also what the docker command does. The ssh program of the machine is
used, with its own keys, agent, and known hosts; it never asks for a password, and
it speaks with no host that is not known.
"""

from __future__ import annotations

import os
import shlex
import socket
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from bot.builds.endpoint import Endpoint
from bot.builds.private_socket import PrivateSocket
from bot.processes import environment, relay

_OPTIONS = (
    # Neither agent nor display nor port of ours is the other end's to use.
    *("-T", "-a", "-x", "-o", "ClearAllForwardings=yes"),
    *("-o", "PermitLocalCommand=no", "-o", "StrictHostKeyChecking=yes"),
    *("-o", "BatchMode=yes", "-o", "ConnectTimeout=20", "-o", "LogLevel=ERROR"),
    # A connection that a router has forgotten would else look like a long build.
    *("-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=4"),
)


@dataclass(slots=True)
class Last:
    """Why the last connection through a tunnel failed; empty where it did not."""

    reason: str = field(default="")


class Tunnel:
    """A socket that leads to the engine of an ``ssh://`` endpoint."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.last = last = Last()
        argv = command(endpoint)
        self._socket = PrivateSocket(lambda connection: _lead(connection, argv, last))
        self.endpoint = replace(endpoint, url=self._socket.url)

    def close(self) -> None:
        """Let nobody through any more."""
        self._socket.close()


def command(endpoint: Endpoint) -> tuple[str, ...]:
    """Return the command that leads to the engine of *endpoint*."""
    parts = urlsplit(endpoint.url)
    there = ["docker", "system", "dial-stdio"]
    if parts.path.strip("/"):
        there[1:1] = ["--host", f"unix://{parts.path}"]
    user = ("-l", parts.username) if parts.username else ()
    port = ("-p", str(parts.port)) if parts.port else ()
    host = parts.hostname or ""
    return ("ssh", *_OPTIONS, *user, *port, "--", host, shlex.join(there))


def _lead(connection: socket.socket, argv: tuple[str, ...], last: Last) -> None:
    """Lead *connection* to the engine; *last* is told before it is closed."""
    env = environment.short(os.environ, *environment.FOR_SSH)
    with connection:
        try:
            ended = relay.lead(argv, env, connection.fileno())
        except OSError as error:
            last.reason = f"ssh cannot be started: {error.strerror}"
        else:
            said = ended.err.decode(errors="replace")
            last.reason = why(said, argv) if ended.code else ""


def why(said: str, argv: tuple[str, ...]) -> str:
    """Say in one line why ssh failed, or what it led to; nothing if unknown. Pure."""
    *options, host, _ = argv
    port = options[options.index("-p") + 1] if "-p" in options else ""
    way = f"-p {port} {host}" if port else host
    if "HOST IDENTIFICATION HAS CHANGED" in said:
        known = f"'[{host}]:{port}'" if port else host
        return (
            f"the key of {host} is another one than it was, so somebody else may "
            f"answer; if it was replaced, run `ssh-keygen -R {known}` and `ssh {way}`"
        )
    if "Host key verification failed" in said:
        return (
            f"the key of {host} is not known here; run `ssh {way}` once as the user "
            "of the bot and compare the fingerprint, or add what `ssh-keyscan "
            f"{way}` prints to ~/.ssh/known_hosts"
        )
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return f"ssh: {lines[-1].removeprefix('ssh: ')}" if lines else ""
