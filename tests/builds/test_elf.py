"""Tests of reading a program's machine from its first bytes."""

from __future__ import annotations

import pytest

from bot.builds import elf
from tests.builds import tars


@pytest.mark.parametrize(
    "header", [b"", b"#!/bin/sh\n" * 3, b"\x7fELF", b"\x7fELF" + bytes(15)]
)
def test_what_is_no_program_has_no_machine(header: bytes) -> None:
    """A script or a file cut short must not be counted as a program."""
    assert elf.machine(header) is None


@pytest.mark.parametrize(
    ("number", "name"),
    [(62, "x86-64"), (183, "aarch64"), (3, "386"), (40, "arm"), (999, "machine 999")],
)
def test_a_program_says_its_machine(number: int, name: str) -> None:
    """The audit names the machine in the report, known or not."""
    assert elf.machine(tars.program(number)) == name


def test_a_big_endian_program_is_read_in_its_own_order() -> None:
    """Read the wrong way round, an s390x program would be machine 5632."""
    assert elf.machine(tars.program(22, big_endian=True)) == "s390x"


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (tars.program(183, big_endian=True), "aarch64_be"),
        (tars.program(183, narrow=True), "aarch64_ilp32"),
    ],
)
def test_the_machine_alone_does_not_make_an_arm64_program(
    header: bytes, name: str
) -> None:
    """No arm64 Linux runs the other byte order, and hardly any the narrow form."""
    assert elf.machine(header) == name


@pytest.mark.parametrize(
    ("name", "platform", "expected"),
    [
        ("aarch64", "linux/arm64", True),
        ("x86-64", "linux/arm64", False),
        ("arm", "linux/arm64", False),
        ("arm", "linux/arm/v7", True),
        ("x86-64", "linux/amd64", True),
        ("386", "linux/amd64", True),
        ("386", "linux/arm64", False),
        ("aarch64_be", "linux/arm64", False),
        ("aarch64_ilp32", "linux/arm64", False),
        ("BPF", "linux/arm64", True),
        ("aarch64", "linux/unheard-of", False),
    ],
)
def test_a_program_belongs_where_its_machine_is(
    name: str,
    platform: str,
    expected: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """Only what the platform runs counts, and code for no host at all."""
    assert elf.belongs(name, platform) is expected
