"""Write the pages of docs/ that come from the code: ``python -m bot.pages``."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from bot import settings
from bot.causes import CAUSES
from bot.model import Cause, Rule
from bot.rules import RULES

DOCS = Path(__file__).parent.parent / "docs"
_MAKE = re.compile(r"^```make\b.*?^```$", re.MULTILINE | re.DOTALL)
_NOTE = "<!-- Written by `make pages` from the code; do not edit. -->\n\n"


def pages() -> Iterator[tuple[str, str]]:
    """Yield the path below docs/ and the text of every generated page."""
    yield (
        "rules/README.md",
        _index("Rules", "What ties build files to one architecture.", RULES),
    )
    yield (
        "causes/README.md",
        _index("Causes", "How builds for arm64 fail, and what repairs them.", CAUSES),
    )
    for rule in RULES:
        yield f"rules/{rule.name}.md", _page(rule)
    for cause in CAUSES:
        yield f"causes/{cause.name}.md", _page(cause)
    yield "settings.md", f"{_NOTE}# Settings\n\n{settings.reference()}"


def stale(docs: Path) -> list[str]:
    """Return the pages that are missing, out of date, or of nothing any more."""
    wanted = dict(pages())
    there = {
        path.relative_to(docs).as_posix()
        for folder in ("rules", "causes")
        for path in (docs / folder).glob("*.md")
    }
    wrong = [path for path, text in wanted.items() if _read(docs / path) != text]
    return sorted({*wrong, *(there - wanted.keys())})


def write(docs: Path) -> None:
    """Write every page, and remove those of nothing any more."""
    wanted = dict(pages())
    for path in stale(docs):
        target = docs / path
        if path in wanted:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(wanted[path], encoding="utf-8")
        else:
            target.unlink()


def _page(item: Rule[Any] | Cause) -> str:
    title, _, body = _with_tabs(item.doc or "").partition("\n")
    return f"{_NOTE}# {item.name}\n\n{title}\n{body.rstrip()}\n"


def _with_tabs(doc: str) -> str:
    """Give make its tabs back, which a formatter takes out of a docstring."""
    return _MAKE.sub(lambda block: re.sub(r"(?m)^ {8}", "\t", block[0]), doc)


def _index(title: str, lead: str, items: Iterable[Rule[Any] | Cause]) -> str:
    rows = (f"| [{item.name}]({item.name}.md) | {item.summary} |\n" for item in items)
    return (
        f"{_NOTE}# {title}\n\n{lead}\n\n| name | in short |\n|---|---|\n{''.join(rows)}"
    )


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def main() -> int:
    """Write the pages, or with --check say which are out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    if not parser.parse_args().check:
        write(DOCS)
        return 0
    wrong = stale(DOCS)
    for path in wrong:
        sys.stderr.write(f"docs/{path} is out of date; run `make pages`.\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
