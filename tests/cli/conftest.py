"""Small checkouts, and the command without a network."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.cli import main
from tests.cli.saying import OLD, Said, Say, grown


@pytest.fixture
def say(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Say:
    """Say a subcommand about a tree without a network; return status and prints."""
    images = tmp_path / "images.json"
    both = ["linux/amd64", "linux/arm64"]
    images.write_text(json.dumps({"alpine:3.4": ["linux/amd64"], "alpine:3.6": both}))

    def said(verb: str, tree: Path, *words: str) -> Said:
        asking = ("--offline", "--images", str(images))
        status = main([verb, str(tree), *asking, *words])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return said


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a clean checkout of a project that is tied to amd64."""
    return grown(tmp_path, Dockerfile=OLD)
