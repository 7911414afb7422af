"""One step of judging, in the process that was made for it."""

from __future__ import annotations

import os
import pickle
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.errors import UserError
from bot.processes import answers


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a step has no result: *words* are for the author or for the log."""

    words: str
    for_author: bool = False
    of_memory: bool = False


RESULT, FAILURE = b"+", b"-"
"""What an answer begins with."""


def request(name: str, given: tuple[object, ...], named: Mapping[str, object]) -> bytes:
    """Return what a step is given. The worker writes it, so it is believed."""
    return pickle.dumps((name, given, dict(named)), pickle.HIGHEST_PROTOCOL)


def carry_out(place: int, steps: Mapping[str, Callable[..., object]]) -> None:
    """Do the step that is asked for on the connection *place*, and answer there."""
    with socket.socket(fileno=place) as data:
        asked = b"".join(iter(lambda: data.recv(1 << 20), b""))
        data.sendall(_answer(asked, steps))
    os._exit(0)


def _answer(asked: bytes, steps: Mapping[str, Callable[..., object]]) -> bytes:
    try:
        name, given, named = pickle.loads(asked)  # noqa: S301 - from the worker
        return RESULT + answers.write(steps[name](*given, **named))
    except UserError as error:
        failure = Failure(str(error), for_author=True)
    except MemoryError:
        failure = Failure("MemoryError", of_memory=True)
    except Exception as error:  # noqa: BLE001 - the worker is told, whatever it is
        failure = Failure(f"{type(error).__name__}: {error}"[:1000])
    return FAILURE + answers.write(failure)
