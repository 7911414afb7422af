"""Tests of the audit and of how it names instructions."""

from __future__ import annotations

import json

import pytest

from bot.builds import audit
from bot.proof import Audit, WrongFile
from tests.builds import tars
from tests.builds.tars import AMD64, ARM64


def _image(made: str) -> bytes:
    history = [
        {"created_by": "/bin/sh -c #(nop) ADD file:1 in / "},
        {"created_by": made},
    ]
    manifest = [{"Config": "c.json", "Layers": ["1/layer.tar", "2/layer.tar"]}]
    return tars.tar(
        {
            "1/layer.tar": tars.tar({"bin/sh": ARM64}),
            "2/layer.tar": tars.tar({"usr/lib/libc.so": AMD64}),
            "c.json": json.dumps({"history": history}).encode(),
            "manifest.json": json.dumps(manifest).encode(),
        }
    )


def test_an_image_of_the_platform_has_nothing_wrong() -> None:
    """Every program counts, whatever becomes of it."""
    image = tars.tar(
        {
            "1/layer.tar": tars.tar({"a": ARM64, "b": ARM64}),
            "c.json": b"{}",
            "manifest.json": b'[{"Config": "c.json", "Layers": ["1/layer.tar"]}]',
        }
    )

    assert audit.read(tars.chunks(image), "linux/arm64") == Audit(2)


def test_a_foreign_program_is_named_with_its_instruction() -> None:
    """The author must know which line to change."""
    made = "|1 ARCH=arm64 /bin/sh -c apk add glibc-2.23-r3.apk"

    assert audit.read(tars.chunks(_image(made)), "linux/arm64") == Audit(
        2,
        (WrongFile("/usr/lib/libc.so", "x86-64", "RUN apk add glibc-2.23-r3.apk"),),
    )


def test_a_layer_of_unknown_origin_says_so() -> None:
    """An imported base image has no history to blame."""
    assert audit.read(tars.chunks(_image("")), "linux/arm64").wrong == (
        WrongFile("/usr/lib/libc.so", "x86-64", "layer 2, of unknown origin"),
    )


@pytest.mark.parametrize(
    ("created_by", "expected"),
    [
        ("/bin/sh -c #(nop) ADD file:ab in / ", "ADD file:ab in /"),
        ("/bin/sh -c apk add   tini", "RUN apk add tini"),
        ("|2 A=/bin/x B=y /bin/sh -c make", "RUN make"),
        ("RUN /bin/sh -c apk add tini # buildkit", "RUN apk add tini"),
        ("RUN |1 A=x y /bin/sh -c make # buildkit", "RUN make"),
        ("COPY bin/x /code # buildkit", "COPY bin/x /code"),
        ("/bin/bash -eo pipefail -c make", "RUN /bin/bash -eo pipefail -c make"),
        ("", ""),
        ("x" * 400, "x" * 300 + "…"),
    ],
)
def test_an_instruction_reads_as_in_a_dockerfile(
    created_by: str, expected: str
) -> None:
    """Both builders wrap what the author wrote in words of their own."""
    assert audit.instruction(created_by) == expected
