"""How long archives are kept, and that each is downloaded once."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

import pytest

from bot.github.cellar import FRESH, KEPT, LEFT, Cellar


async def test_a_scan_and_its_build_share_one_download(tmp_path: Path) -> None:
    """The second reader of a commit costs no API call, even at the same time."""
    downloads: list[Path] = []

    async def download(target: Path) -> None:
        downloads.append(target)
        await asyncio.sleep(0)
        await asyncio.to_thread(target.write_bytes, b"archive")

    cellar = Cellar(tmp_path)
    first, second = await asyncio.gather(
        cellar.archive("octo/app", "a", download),
        cellar.archive("octo/app", "a", download),
    )
    await cellar.archive("octo/app", "a", download)

    assert first == second
    assert len(downloads) == 1
    assert first.read_bytes() == b"archive"


async def test_commits_and_repositories_do_not_mix(tmp_path: Path) -> None:
    """Two repositories may hold the same commit, and only one may be ours to read."""
    cellar = Cellar(tmp_path)

    async def download(target: Path) -> None:
        await asyncio.to_thread(target.touch)

    names = {
        await cellar.archive(repository, sha, download)
        for repository in ("octo/app", "octo/other")
        for sha in ("a", "b")
    }

    assert len(names) == 4


async def test_a_download_that_breaks_leaves_nothing_to_use(tmp_path: Path) -> None:
    """Half an archive must not be taken for a whole one the next time."""

    async def broken(target: Path) -> None:
        await asyncio.to_thread(target.write_bytes, b"half")
        raise ConnectionResetError

    async def whole(target: Path) -> None:
        await asyncio.to_thread(target.write_bytes, b"whole")

    cellar = Cellar(tmp_path)
    with pytest.raises(ConnectionResetError):
        await cellar.archive("octo/app", "a", broken)

    assert (await cellar.archive("octo/app", "a", whole)).read_bytes() == b"whole"


async def test_old_archives_go_and_fresh_ones_stay(tmp_path: Path) -> None:
    """The disk of a worker is bounded, and nothing goes while it is read."""

    async def download(target: Path) -> None:
        await asyncio.to_thread(target.touch)

    cellar = Cellar(tmp_path)
    count = KEPT + 4
    files = [await cellar.archive("a/b", str(sha), download) for sha in range(count)]
    everything = len(os.listdir(tmp_path))  # noqa: PTH208 - it does not wait
    for file in files[:3]:
        os.utime(file, (0, time.time() - FRESH - 1))
    await cellar.archive("a/b", str(count - 1), download)

    assert everything == count
    assert [file.exists() for file in files[:4]] == [False, False, False, True]


def test_nobody_else_reads_what_is_in_it(tmp_path: Path) -> None:
    """Archives are what private repositories hold."""
    folder = tmp_path / "home" / "cellar"
    Cellar(folder)

    assert folder.stat().st_mode & 0o777 == 0o700


def test_what_a_killed_worker_left_is_removed(tmp_path: Path) -> None:
    """Trees on disk after every crash would fill it; a living worker's stay."""
    old, new = tmp_path / "passing-1", tmp_path / "passing-2"
    for folder in (old, new):
        (folder / "tree").mkdir(parents=True)
    os.utime(old, (0, time.time() - LEFT - 1))
    Cellar(tmp_path)

    assert sorted(tmp_path.iterdir()) == [new]
