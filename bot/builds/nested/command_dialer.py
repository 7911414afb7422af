"""Reach a nested engine on a runner behind TLS, by the docker command.

A line must be able to fall silent in one direction, which is how a question is
given up. Over TLS that takes a library which sends its farewell and goes on
listening; Python's does not, the docker command's does.
"""

from __future__ import annotations

import os
from pathlib import Path
from socket import socket as Socket  # noqa: N812 - a class, named like its module

from bot.builds.endpoint import Endpoint, command_environment
from bot.builds.nested.script import DIAL
from bot.processes import relay

_NO_CONFIGURATION = Path("/nonexistent/docker")


class CommandDialer:
    """Opens lines into the container *name* of the engine at *endpoint*.

    *docker* is the path of the docker command. Each line is one such program.
    """

    def __init__(self, endpoint: Endpoint, docker: str, name: str) -> None:
        self._argv = (docker, "exec", "--interactive", name, "/bin/sh", DIAL)
        self._env = command_environment(endpoint, _NO_CONFIGURATION, os.environ)

    def lead(self, connection: Socket) -> None:
        """Carry *connection* to the engine and back, until both have ended."""
        with connection:
            relay.lead(self._argv, self._env, connection.fileno())

    def wake(self) -> None:
        """Nothing is kept ready."""

    def rest(self) -> None:
        """Nothing is kept ready."""
