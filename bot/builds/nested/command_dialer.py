"""Reach a nested engine on a runner behind TLS, by the docker command.

A line must be able to fall silent in one direction, which is how a question is
given up. Over TLS that takes a library which sends its farewell and goes on
listening; Python's does not, the docker command's does.
"""

from __future__ import annotations

from collections.abc import Mapping
from socket import socket as Socket  # noqa: N812 - a class, named like its module

from bot.builds.nested.script import DIAL
from bot.processes import relay


class CommandDialer:
    """Opens lines into the container *name*; each is a docker command.

    *docker* is its path, *env* its environment, which leads to the runner's engine.
    """

    def __init__(self, docker: str, env: Mapping[str, str], name: str) -> None:
        self._argv = (docker, "exec", "--interactive", name, "/bin/sh", DIAL)
        self._env = env

    def lead(self, connection: Socket) -> None:
        """Carry *connection* to the engine and back, until both have ended."""
        with connection:
            relay.lead(self._argv, self._env, connection.fileno())

    def wake(self) -> None:
        """Nothing is kept ready."""

    def rest(self) -> None:
        """Nothing is kept ready."""
