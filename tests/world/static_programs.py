"""The smallest real programs: they print a line and end well.

They are machine code for one architecture each, so an arm64 kernel refuses
the x86-64 one as it refuses any other, and a shell that then reads it as a
script stumbles over its first line.
"""

from __future__ import annotations

import struct

BASE = 0x400000
HEADERS = 64 + 56
"""Bytes of the ELF header and of the one program header."""

MACHINES = {"amd64": 62, "arm64": 183}
"""ELF's ``e_machine``."""

REMARK = b" static program ()"
"""A shell that takes the file for a script reads this in its first line, and
reports the bracket: the very words it has for glibc's programs."""


def static_program(architecture: str, says: str) -> bytes:
    """Return an ELF file for *architecture* that prints *says* and exits with 0."""
    message = f"{says}\n".encode()
    start = HEADERS + len(REMARK) + -len(REMARK) % 8
    code = _CODE[architecture](start, len(message))
    size = start + len(code) + len(message)
    header = b"\x7fELF\x02\x01\x01" + bytes(9)
    header += struct.pack(
        "<HHIQQQIHHHHHH",
        2, MACHINES[architecture], 1, BASE + start, 64, 0, 0, 64, 56, 1, 64, 0, 0,
    )  # fmt: skip
    header += struct.pack("<IIQQQQQQ", 1, 5, 0, BASE, BASE, size, size, 0x1000)
    return (header + REMARK).ljust(start, b"\0") + code + message


def _amd64(start: int, length: int) -> bytes:
    """Write(2) the message that follows the code, then exit(2)."""
    size = 0x22
    message = BASE + start + size
    code = b"\xbf\x01\x00\x00\x00"  # mov edi, 1
    code += b"\xbe" + struct.pack("<I", message)  # mov esi, message
    code += b"\xba" + struct.pack("<I", length)  # mov edx, length
    code += b"\xb8\x01\x00\x00\x00\x0f\x05"  # mov eax, 1; syscall
    code += b"\x31\xff\xb8\x3c\x00\x00\x00\x0f\x05"  # xor edi, edi; mov eax, 60; …
    return code.ljust(size, b"\x90")


def _arm64(start: int, length: int) -> bytes:
    """Do the same with AArch64's numbers: write is 64, exit is 93."""
    del start  # adr counts from itself: the message lies 28 bytes further
    return struct.pack(
        "<8I",
        0xD2800020,  # mov x0, 1
        0x100000E1,  # adr x1, message
        0xD2800002 | length << 5,  # mov x2, length
        0xD2800808,  # mov x8, 64
        0xD4000001,  # svc 0
        0xD2800000,  # mov x0, 0
        0xD2800BA8,  # mov x8, 93
        0xD4000001,  # svc 0
    )


_CODE = {"amd64": _amd64, "arm64": _arm64}
