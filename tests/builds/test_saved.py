"""Tests of reading ``docker save`` in both layouts."""

from __future__ import annotations

import json

import pytest

from bot.builds import layers, saved
from bot.builds.saved import UnreadableImageError
from tests.builds import budgets, tars
from tests.builds.tars import AMD64, ARM64, Content, Link

HISTORY = [
    {"created_by": "ADD base"},
    {"created_by": "ENV x=y", "empty_layer": True},
    {"created_by": "COPY program"},
]
CONFIG = json.dumps({"history": HISTORY}).encode()
LOWER = tars.tar({"a": ARM64})
UPPER = tars.tar({"b": AMD64})


def _manifest(config: str, *names: str) -> bytes:
    return json.dumps([{"Config": config, "Layers": list(names)}]).encode()


def _read(entries: dict[str, Content]) -> tuple[tuple[str, str], ...]:
    image = saved.read(tars.chunks(tars.tar(entries)), budgets.made())
    return tuple(
        (one.path, image.instructions[one.layer]) for one in layers.merge(image.layers)
    )


EXPECTED = (("a", "ADD base"), ("b", "COPY program"))


def test_the_layout_up_to_docker_24_is_read() -> None:
    """The manifest comes last and puts the layers in order."""
    assert (
        _read(
            {
                "2": None,
                "2/layer.tar": UPPER,
                "2/json": b"{}",
                "1/layer.tar": LOWER,
                "c.json": CONFIG,
                "manifest.json": _manifest("c.json", "1/layer.tar", "2/layer.tar"),
            }
        )
        == EXPECTED
    )


def test_a_layer_is_not_taken_for_a_text() -> None:
    """Its first bytes are a file's name, which may begin as JSON does."""
    layer = tars.tar({"[": ARM64})
    entries: dict[str, Content] = {
        "1/layer.tar": layer,
        "c.json": json.dumps({"history": HISTORY[:1]}).encode(),
        "manifest.json": _manifest("c.json", "1/layer.tar"),
    }

    assert _read(entries) == (("[", "ADD base"),)


def test_the_layout_from_docker_25_on_is_read() -> None:
    """Layers and configurations are blobs with names that tell nothing."""
    names = ("blobs/sha256/1", "blobs/sha256/2")
    entries: dict[str, Content] = {
        "blobs/sha256/2": UPPER,
        "blobs/sha256/c": CONFIG,
        "blobs/sha256/1": LOWER,
        "index.json": b"{}",
        "manifest.json": _manifest("blobs/sha256/c", *names),
    }

    assert _read(entries) == EXPECTED


def test_a_layer_that_is_saved_once_counts_twice() -> None:
    """Docker writes an equal layer as a link to the first."""
    entries: dict[str, Content] = {
        "1/layer.tar": LOWER,
        "2/layer.tar": Link("../1/layer.tar"),
        "c.json": CONFIG,
        "manifest.json": _manifest("c.json", "1/layer.tar", "2/layer.tar"),
    }

    assert _read(entries) == (("a", "COPY program"),)


def test_a_history_that_does_not_fit_names_nobody() -> None:
    """A squashed or imported image has one; a wrong name would mislead."""
    entries: dict[str, Content] = {
        "1/layer.tar": LOWER,
        "c.json": CONFIG,
        "manifest.json": _manifest("c.json", "1/layer.tar"),
    }

    assert _read(entries) == (("a", ""),)


@pytest.mark.parametrize(
    "entries",
    [
        {},
        {"manifest.json": b"{}"},
        {"manifest.json": b"[]"},
        {"manifest.json": b"[1"},
        {"manifest.json": _manifest("c.json", "1/layer.tar")},
        {"1/layer.tar": b"\x28\xb5\x2f\xfd zstd"},
        {"1/layer.tar": b"no tar at all" * 100},
    ],
)
def test_what_cannot_be_read_is_refused(entries: dict[str, Content]) -> None:
    """An audit of half an image would prove what it did not see."""
    with pytest.raises(UnreadableImageError):
        _read(entries)


def test_an_image_that_is_cut_short_is_refused() -> None:
    """The connection to a remote engine may end at any byte."""
    whole = tars.tar({"1/layer.tar": LOWER * 3})
    with pytest.raises(UnreadableImageError):
        saved.read(tars.chunks(whole[:2000]), budgets.made())
