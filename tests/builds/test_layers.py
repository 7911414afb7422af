"""Tests of what layers hide and leave."""

from __future__ import annotations

import gzip
import tarfile
from collections.abc import Mapping

import pytest

from bot.builds import layers, saved
from bot.builds.layers import Program
from tests.builds import budgets, tars
from tests.builds.tars import AMD64, ARM64, Content, Link


def _programs(*trees: Mapping[str, Content]) -> tuple[tuple[str, str, int], ...]:
    read = tuple(
        layers.read(saved.Chunks(tars.chunks(tars.tar(tree))), b"", budgets.made())
        for tree in trees
    )
    return tuple((one.path, one.machine, one.layer) for one in layers.merge(read))


def test_files_that_are_no_programs_are_left_alone() -> None:
    """Scripts, links and directories are not audited."""
    tree: dict[str, Content] = {"bin": None, "bin/x": b"#!/bin/sh\n", "y": Link("x")}

    assert _programs(tree) == ()


def test_a_program_is_found_with_its_layer() -> None:
    """The layer leads to the instruction that brought the file."""
    found = _programs({"./bin/": None, "./bin/a": ARM64}, {"b": AMD64})

    assert found == (("b", "x86-64", 1), ("bin/a", "aarch64", 0))


def test_a_hard_link_is_the_program_it_links_to() -> None:
    """Busybox images have hundreds of them; each path can be started."""
    found = _programs({"bin/a": AMD64, "bin/b": Link("bin/a", hard=True)})

    assert found == (("bin/a", "x86-64", 0), ("bin/b", "x86-64", 0))


def test_a_hard_link_may_lead_to_a_layer_below() -> None:
    """Engines write such links whole, other builders need not."""
    upper: dict[str, Content] = {"b": Link("bin/a", hard=True), "bin/.wh.a": b""}

    assert _programs({"bin/a": AMD64}, upper) == (("b", "x86-64", 1),)


def test_the_last_of_two_entries_of_a_path_counts() -> None:
    """A tar may be added to; whoever unpacks it keeps what comes last."""
    found = _programs({"a": AMD64, "./a": b"#!/bin/sh\n", "/b//c": AMD64, "b/c": ARM64})

    assert found == (("b/c", "aarch64", 0),)


def test_a_removed_program_does_not_count() -> None:
    """What a later layer deletes is in the image's bytes, not in its files."""
    assert _programs({"bin/a": AMD64}, {"bin/.wh.a": b""}) == ()


def test_a_removed_directory_takes_its_programs_along() -> None:
    """A whiteout may stand for a directory or a file at the root."""
    lower: dict[str, Content] = {"opt/x/a": AMD64, "b": AMD64}

    assert _programs(lower, {"opt/.wh.x": b"", ".wh.b": b""}) == ()


def test_an_opaque_directory_hides_the_layers_below_but_not_its_own() -> None:
    """``rm -rf x && mkdir x`` in one instruction is written that way."""
    upper: dict[str, Content] = {"opt/.wh..wh..opq": b"", "opt/b": ARM64}

    assert _programs({"opt/a": AMD64}, upper) == (("opt/b", "aarch64", 1),)


def test_a_script_in_place_of_a_program_hides_it() -> None:
    """The wrapper that replaces an x86-64 program is a repair."""
    assert _programs({"bin/a": AMD64}, {"bin/a": b"#!/bin/sh\n"}) == ()


def test_a_program_that_is_replaced_belongs_to_the_later_layer() -> None:
    """The instruction to blame is the last that wrote the file."""
    assert _programs({"a": AMD64}, {"a": ARM64}) == (("a", "aarch64", 1),)


def test_a_file_in_place_of_a_directory_hides_what_was_in_it() -> None:
    """Docker writes no whiteout when the kind of a path changes."""
    assert _programs({"x/a": AMD64}, {"x": Link("y")}) == ()


def test_a_program_comes_back_after_its_removal() -> None:
    """Each layer counts in its turn."""
    found = _programs({"a": AMD64}, {".wh.a": b""}, {"a": ARM64})

    assert found == (("a", "aarch64", 2),)


def test_a_compressed_layer_is_read() -> None:
    """Engines with containerd's image store save layers as they were pulled."""
    packed = gzip.compress(tars.tar({"a": ARM64}))
    layer = layers.read(saved.Chunks(tars.chunks(packed)), packed, budgets.made())

    assert layers.merge((layer,)) == (Program("a", "aarch64", 0),)


@pytest.mark.parametrize("harm", ["a bad checksum", "a header cut short"])
def test_an_entry_that_cannot_be_read_is_not_the_end(harm: str) -> None:
    """What comes behind it would never be looked at, and would be proven."""
    tar = bytearray(tars.tar({"a": ARM64, "b": AMD64}))
    second = 1024
    if harm == "a bad checksum":
        tar[second + 148] ^= 1
    else:
        del tar[second + 200 :]

    with pytest.raises(tarfile.ReadError, match="cannot be read"):
        layers.read(saved.Chunks(tars.chunks(bytes(tar))), b"", budgets.made())


def test_a_tar_may_end_without_a_mark() -> None:
    """Go's library writes it, and reads a tar that lacks it."""
    tar = tars.tar({"a": ARM64})[:1024]
    layer = layers.read(saved.Chunks(tars.chunks(tar)), b"", budgets.made())

    assert layer.programs == {"a": "aarch64"}
