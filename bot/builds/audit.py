"""Is every program of an image made for its platform? Ask the files.

A build under emulation passes with foreign programs in it, because the host
runs them natively; only their headers tell.
"""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator

from bot.builds import elf, layers, saved
from bot.builds.budget import Allowance, Budget
from bot.proof import Audit, WrongFile
from bot.redaction import strike

ALLOWED = Allowance(
    size=64 << 30, entries=1_000_000, seconds=900.0, held=128 * 1024 * 1024
)
"""What an image may cost us. A whole Debian desktop has some 300,000 files."""
_IMAGE = "The image"
_REMEDY = "It is not audited: make it smaller, or several of it."
_LONGEST = 300
_ARGUMENTS = re.compile(r"^\|\d+ .*?(?=/bin/(?:ba|a)?sh -\w*c |$)", re.DOTALL)
_SHELL = re.compile(r"^(?:RUN )?/bin/(?:ba|a)?sh -\w*c (?:#\(nop\)\s*)?")
_NO_OPERATION = re.compile(r"^/bin/(?:ba|a)?sh -\w*c #\(nop\)\s*")


def read(
    chunks: Iterator[bytes], platform: str, allowance: Allowance = ALLOWED
) -> Audit:
    """Audit the image that *chunks*, its ``docker save``, carry.

    UnreadableImageError where it cannot be read, UserError where it costs more
    than *allowance*.
    """
    image = saved.read(chunks, Budget(allowance, _IMAGE, _REMEDY))
    try:
        programs = layers.merge(image.layers)
    except tarfile.ReadError as error:
        raise saved.UnreadableImageError(str(error)) from error
    wrong = tuple(
        WrongFile(
            f"/{program.path}",
            program.machine,
            instruction(image.instructions[program.layer])
            or f"layer {program.layer + 1}, of unknown origin",
        )
        for program in programs
        if not elf.belongs(program.machine, platform)
    )
    return Audit(len(programs), wrong)


def instruction(created_by: str) -> str:
    """Return the instruction behind a history entry, as a Dockerfile says it."""
    text = created_by.removesuffix("# buildkit").strip()
    if _NO_OPERATION.match(text):
        text = _NO_OPERATION.sub("", text)
    else:
        ran = text.startswith(("|", "/bin/"))
        text = _ARGUMENTS.sub("", text.removeprefix("RUN "))
        bare = _SHELL.sub("", text)
        ran = ran or created_by.startswith("RUN ")
        text = f"RUN {bare.strip()}" if ran else bare
    text = strike(" ".join(text.split()))
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
