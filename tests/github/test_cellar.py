"""How long archives are kept, and that each is downloaded once."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

import pytest

from bot.github.cellar import KEPT, LEFT, Cellar


async def used(cellar: Cellar, sha: str, content: bytes = b"") -> Path:
    """Read the archive of *sha*, which is *content* where it is downloaded."""

    async def download(target: Path) -> None:
        await asyncio.to_thread(target.write_bytes, content)

    async with cellar.archive(7, sha, download) as file:
        return file


def age(file: Path, seconds: float) -> None:
    """Let *file* have been used *seconds* ago."""
    os.utime(file, (0, time.time() - seconds))


async def test_a_scan_and_its_build_share_one_download(tmp_path: Path) -> None:
    """The second reader of a commit costs no API call, even at the same time."""
    downloads: list[Path] = []

    async def download(target: Path) -> None:
        downloads.append(target)
        await asyncio.sleep(0)
        await asyncio.to_thread(target.write_bytes, b"archive")

    async def read() -> bytes:
        async with cellar.archive(7, "a", download) as file:
            return await asyncio.to_thread(file.read_bytes)

    cellar = Cellar(tmp_path)
    said = [*await asyncio.gather(read(), read()), await read()]

    assert said == [b"archive"] * 3
    assert len(downloads) == 1


async def test_commits_and_repositories_do_not_mix(tmp_path: Path) -> None:
    """Two repositories may hold the same commit, and only one may be ours to read."""
    cellar = Cellar(tmp_path)
    names: set[Path] = set()

    async def download(target: Path) -> None:
        await asyncio.to_thread(target.touch)

    for repository in (7, 8):
        for sha in ("a", "b"):
            async with cellar.archive(repository, sha, download) as file:
                names.add(file)

    assert len(names) == 4


async def test_a_download_that_breaks_leaves_nothing_to_use(tmp_path: Path) -> None:
    """Half an archive must not be taken for a whole one the next time."""

    async def broken(target: Path) -> None:
        await asyncio.to_thread(target.write_bytes, b"half")
        raise ConnectionResetError

    cellar = Cellar(tmp_path)
    with pytest.raises(ConnectionResetError):
        async with cellar.archive(7, "a", broken):
            pass

    assert (await used(cellar, "a", b"whole")).read_bytes() == b"whole"


async def test_another_worker_may_bring_the_same_archive(tmp_path: Path) -> None:
    """The first one stays: it may be being read."""

    async def overtaken(target: Path) -> None:
        await asyncio.to_thread(target.write_bytes, b"second")
        await used(Cellar(tmp_path), "a", b"first")

    async with Cellar(tmp_path).archive(7, "a", overtaken) as file:
        content = await asyncio.to_thread(file.read_bytes)

    assert content == b"first"


async def test_the_oldest_go_where_there_are_many(tmp_path: Path) -> None:
    """All of them are young: a hundred pushes in a minute fill no disk."""
    cellar = Cellar(tmp_path)
    files = [await used(cellar, str(number)) for number in range(KEPT)]
    for number, file in enumerate(files):
        age(file, 100.0 - number)
    await used(cellar, "0")
    await used(cellar, "one more")

    gone = [file for file in files if not file.exists()]
    assert gone == files[1:2]


async def test_the_oldest_go_where_they_are_large(tmp_path: Path) -> None:
    """Sixteen archives of the largest kind would fill many a disk."""
    cellar = Cellar(tmp_path, most_bytes=10)
    first = await used(cellar, "a", b"1234")
    age(first, 60.0)
    second = await used(cellar, "b", b"1234")
    kept = first.exists() and second.exists()
    third = await used(cellar, "c", b"1234")

    assert kept
    assert [file.exists() for file in (first, second, third)] == [False, True, True]


async def test_what_is_being_read_stays(tmp_path: Path) -> None:
    """By whatever process; it goes when it is read no more and there is too much."""
    cellar, other = Cellar(tmp_path, most_bytes=1), Cellar(tmp_path, most_bytes=1)

    async def download(target: Path) -> None:
        await asyncio.to_thread(target.write_bytes, b"large")

    async with cellar.archive(7, "a", download) as file:
        age(file, 3600.0)
        beside = await used(other, "b", b"large")
        there = [one.exists() for one in (file, beside)]

    assert there == [True, False]
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - it does not wait


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
