"""The names of images in a Dockerfile cost no more to read than it is long."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from bot import dockerfile_names
from bot.model import Source
from bot.parse import dockerfile


def _arguments_and_stages(size: int) -> str:
    names = "".join(f"ARG a{n}=x\n" for n in range(size // 24))
    return names + "FROM $a1\nARG a1\n" * (size // 30)


def _chain(size: int) -> str:
    return "".join(
        f"FROM s{n - 1} AS s{n}\nENV e{n}=x\nCOPY --from=$e1 a b\n"
        for n in range(size // 45)
    )


@pytest.mark.parametrize("shape", [_arguments_and_stages, _chain])
def test_names_cost_no_more_than_the_file_is_long(shape: Callable[[int], str]) -> None:
    """Twice the size costs twice the time, with room for noise."""
    took: list[float] = []
    for size in (8 * 1024, 16 * 1024):
        file = dockerfile.parse(Source("Dockerfile", shape(size)))
        began = time.process_time()
        list(dockerfile_names.find(file, {}, "linux/arm64"))
        took.append(time.process_time() - began)

    assert took[1] < 3 * took[0], took
