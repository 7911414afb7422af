"""Full texts that the reports are held against, kept in files of their own."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).parent / "expected"


def expected(name: str) -> str:
    """Return the text that a person has read and accepted under *name*."""
    return (_HERE / f"{name}.md").read_text(encoding="utf-8").removesuffix("\n")
