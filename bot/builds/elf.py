"""Tell from its first bytes which machine a program was made for. Pure."""

from __future__ import annotations

HEADER = 20
"""Bytes that must be read to know an ELF file's machine."""
_MAGIC = b"\x7fELF"
_CLASS = 4
_ORDER = 5
_32_BIT = 1
_BIG_ENDIAN = 2

# The numbers are those of the ELF specification's e_machine:
# https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html
_MACHINES = {
    2: "SPARC",
    3: "386",
    8: "MIPS",
    20: "PowerPC",
    21: "ppc64",
    22: "s390x",
    40: "arm",
    43: "SPARC V9",
    50: "IA-64",
    62: "x86-64",
    183: "aarch64",
    190: "CUDA",
    224: "AMD GPU",
    243: "RISC-V",
    247: "BPF",
    258: "LoongArch",
}
_EXPECTED = {
    "amd64": "x86-64",
    "arm64": "aarch64",
    "arm": "arm",
    "386": "386",
    "ppc64le": "ppc64",
    "s390x": "s390x",
    "riscv64": "RISC-V",
    "loong64": "LoongArch",
    "mips64le": "MIPS",
}
_ALSO = {"amd64": frozenset({"386"})}
"""What the platform's processors and kernels run beside their own code."""
_ANYWHERE = frozenset({"BPF", "CUDA", "AMD GPU"})
"""Code for the kernel's virtual machine or a graphics card, on any host."""


def machine(header: bytes) -> str | None:
    """Return the machine of the file that begins with *header*, None if no ELF."""
    if len(header) < HEADER or not header.startswith(_MAGIC):
        return None
    low, high = header[18:20]
    if header[_ORDER] == _BIG_ENDIAN:
        low, high = high, low
    number = high << 8 | low
    return _form(_MACHINES.get(number, f"machine {number}"), header)


def belongs(name: str, platform: str) -> bool:
    """Tell whether code for the machine *name* is at home on *platform*."""
    _, _, rest = platform.partition("/")
    wanted = rest.partition("/")[0]
    also = _ALSO.get(wanted, frozenset())
    return name in _ANYWHERE or name == _EXPECTED.get(wanted) or name in also


def _form(name: str, header: bytes) -> str:
    """Tell the forms of aarch64 apart by GNU's names: only one runs on Linux hosts."""
    if name != "aarch64":
        return name
    if header[_ORDER] == _BIG_ENDIAN:
        return "aarch64_be"
    return "aarch64_ilp32" if header[_CLASS] == _32_BIT else name
