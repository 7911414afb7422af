"""Archives that were made to fill, stop or leave the machine that unpacks them."""

from __future__ import annotations

import gzip
import io
import tarfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.builds import archive, audit
from bot.builds.budget import Allowance, Budget
from bot.builds.saved import UnreadableImageError
from bot.errors import UserError
from bot.github import archive as commit
from tests.builds import tars
from tests.builds.tars import AMD64, Content, Link

ROOT = "octo-app-0123456"
MIB = 1 << 20
Reader = Callable[[Path, Iterator[bytes]], object]


def _zeros(head: bytes, size: int) -> Iterator[bytes]:
    """Yield *head* and then *size* bytes that nobody has in memory."""
    yield head
    for _ in range(size // MIB):
        yield bytes(MIB)


def _context(folder: Path, chunks: Iterator[bytes]) -> object:
    budget = Budget(Allowance(8 << 30, 100_000), "The context", "")
    return archive.unpack(chunks, folder, budget)


def _layer(_folder: Path, chunks: Iterator[bytes]) -> object:
    return audit.read(chunks, "linux/arm64")


def _commit(folder: Path, chunks: Iterator[bytes]) -> object:
    packed = folder / "tree.tar.gz"
    with gzip.open(packed, "wb", compresslevel=1) as file:
        for chunk in chunks:
            file.write(chunk)
    commit.unpack(packed, folder / "tree")
    return commit.snapshot(packed)


READERS = [
    pytest.param(_context, id="context"),
    pytest.param(_layer, id="image"),
    pytest.param(_commit, id="commit"),
]
REFUSED = (UserError, UnreadableImageError)


@pytest.mark.parametrize("kind", [b"x", b"g", b"L", b"K"])
@pytest.mark.parametrize("reader", READERS)
def test_a_header_of_400_mib_is_not_read_whole(
    tmp_path: Path, reader: Reader, kind: bytes
) -> None:
    """Python keeps it in memory, several times."""
    entry = tarfile.TarInfo("x")
    entry.type, entry.size = kind, 400 * MIB
    head = entry.tobuf(tarfile.GNU_FORMAT)
    tracemalloc.start()
    with pytest.raises(REFUSED):
        reader(tmp_path, _zeros(head, entry.size))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 40 * MIB


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"1" * MIB, id="digits"),
        pytest.param(b"1 " * (MIB // 2 - 1) + b"=\n", id="lengths of one"),
        pytest.param(b"9" * 5000 + b" path=x\n", id="a length of 5,000 digits"),
    ],
)
@pytest.mark.parametrize("reader", READERS)
def test_records_cost_no_quadratic_time(
    tmp_path: Path, reader: Reader, content: bytes
) -> None:
    """One header of a mebibyte would hold a seat for days."""
    entry = tarfile.TarInfo("x")
    entry.type, entry.size = b"x", len(content)
    began = time.process_time()
    with pytest.raises(REFUSED):
        reader(tmp_path, iter([entry.tobuf(), content + bytes(1024)]))

    assert time.process_time() - began < 5


@pytest.mark.parametrize("reader", READERS)
def test_a_map_of_holes_without_an_end_is_not_followed(
    tmp_path: Path, reader: Reader
) -> None:
    """Python 3.11 waits for its last line for ever."""
    records = b"22 GNU.sparse.major=1\n22 GNU.sparse.minor=0\n"
    first = tarfile.TarInfo("x")
    first.type, first.size = b"x", len(records)
    second = tarfile.TarInfo("x")
    second.size = 512
    pieces = [first.tobuf(), records, bytes(-len(records) % 512), second.tobuf()]
    with pytest.raises(REFUSED):
        reader(tmp_path, iter([*pieces, b"99999\n" + b"1" * 506]))


def test_a_context_of_holes_leaves_the_disk_as_it_was(tmp_path: Path) -> None:
    """``truncate -s 4G`` five hundred times over."""
    entry = tarfile.TarInfo("hole")
    entry.size = 4 << 30
    budget = Budget(Allowance(8 << 30, 1000), "The contexts", "Send less.")
    budget.spend(size=5 << 30)
    with pytest.raises(UserError, match="comes to more than 8192 MiB"):
        archive.unpack(_zeros(entry.tobuf(), entry.size), tmp_path, budget)

    assert list(tmp_path.iterdir()) == []


def _image(layer: bytes, count: int = 1) -> Iterator[bytes]:
    names = [f"{number}/layer.tar" for number in range(count)]
    said = b'[{"Config":"c.json","Layers":[%s]}]'
    listed = said % ",".join(f'"{name}"' for name in names).encode()
    content: dict[str, Content] = dict.fromkeys(names, layer)
    return tars.chunks(
        tars.tar(content | {"c.json": b"{}", "manifest.json": listed}), MIB
    )


def test_the_entries_of_all_layers_are_counted_together() -> None:
    """Five million in each were 250 million names in memory."""
    layer = tars.tar({f"{number}": b"" for number in range(600)})
    with pytest.raises(UserError, match="comes to more than 1000 files"):
        audit.read(_image(layer, 2), "linux/arm64", Allowance(MIB * 10, 1000))


def test_the_names_of_an_image_fit_into_memory() -> None:
    """A name may have 4,096 bytes; a million of them is four gigabytes."""
    layer = tars.tar({f"{number}/{'x' * 3000}": b"" for number in range(100)})
    with pytest.raises(UnreadableImageError, match="too long to be kept"):
        audit.read(_image(layer), "linux/arm64", Allowance(MIB * 10, 1000, held=200000))


def test_a_layer_that_unpacks_to_too_much_is_left() -> None:
    """A thousand bytes of zeros are one of gzip."""
    entry = tarfile.TarInfo("zeros")
    entry.size = 65 << 30
    packed = gzip.compress(entry.tobuf() + bytes(MIB))
    with pytest.raises(UserError, match="comes to more than 65536 MiB"):
        audit.read(_image(packed), "linux/arm64")


def test_a_description_that_nests_without_end_is_told() -> None:
    """Python's reader of JSON gives up with an error of its own."""
    entries: dict[str, Content] = {
        "manifest.json": b"[" * 100_000,
        "1/layer.tar": AMD64,
    }
    with pytest.raises(UnreadableImageError):
        audit.read(tars.chunks(tars.tar(entries)), "linux/arm64")


OUT = "../../secret"
LINKS: list[dict[str, Content]] = [
    {"b": Link("d/.."), "d": Link("sub/.."), "a": Link("b/../secret")},
    {"sub/x": b"", "b": Link("sub/up"), "sub/up": Link(".."), "a": Link("b/../x")},
    {"sub/x": b"", "a": Link("up/../x"), "up": Link("sub/..")},
    {"a": Link("b/secret"), "b": Link("c"), "c": Link("/")},
    {"c": Link("/"), "b": Link("c"), "a": Link("b/secret")},
    {"a": Link("d/deep/x"), "d": Link("e"), "e/deep": Link("../..")},
    {"e/deep": Link("../.."), "d": Link("e"), "a": Link("d/deep/x")},
    {"a": Link("x/../../secret"), "x": Link(".")},
]


@pytest.mark.parametrize("entries", LINKS)
def test_no_link_leads_out_of_the_tree_through_another(
    tmp_path: Path, entries: dict[str, Content]
) -> None:
    """Each alone looks harmless; whoever opens the first follows them all."""
    (tmp_path / "secret").write_text("s")
    below = {f"{ROOT}/{name}": content for name, content in entries.items()}
    packed = tmp_path / "tree.tar.gz"
    packed.write_bytes(gzip.compress(tars.tar(below)))
    tree = tmp_path / "tree"
    commit.unpack(packed, tree)

    assert all(path.resolve().is_relative_to(tree) for path in tree.rglob("*"))
    assert not (tree / "a").exists()


def test_a_name_that_git_cannot_have_is_no_path_of_the_tree(tmp_path: Path) -> None:
    """Whoever repairs the file of that name would write there."""
    names = ("../../Dockerfile", "a/../../../Dockerfile", "/Dockerfile", ".git/config")
    below = {f"{ROOT}/{name}": b"FROM x\n" for name in (*names, "b/.GIT/Makefile")}
    packed = tmp_path / "tree.tar.gz"
    packed.write_bytes(gzip.compress(tars.tar({**below, f"{ROOT}/Makefile": b""})))

    assert commit.snapshot(packed).paths == {"Makefile"}


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    """Neither one that came before nor one that comes behind."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, target in (("l", ".."), ("l/x", ""), ("m/x", ""), ("m", "..")):
            entry = tarfile.TarInfo(f"{ROOT}/{name}")
            entry.type = tarfile.SYMTYPE if target else tarfile.REGTYPE
            entry.linkname = target
            tar.addfile(entry)
    packed = tmp_path / "tree.tar.gz"
    packed.write_bytes(buffer.getvalue())
    commit.unpack(packed, tmp_path / "in" / "tree")

    assert {path.name for path in tmp_path.rglob("*")} == {
        *("tree.tar.gz", "in", "tree", "m", "x"),
    }
