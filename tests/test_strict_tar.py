"""Tests of reading archives that strangers made."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from bot import strict_tar
from bot.strict_tar import LARGEST_HEADER, entries, opened

END = bytes(1024)


def header(name: str, kind: bytes, size: int = 0, link: str = "") -> bytes:
    """Return one header block."""
    entry = tarfile.TarInfo(name)
    entry.type, entry.size, entry.linkname = kind, size, link
    return entry.tobuf(tarfile.GNU_FORMAT)


def block(content: bytes) -> bytes:
    """Return *content* with what fills its last block."""
    return content + bytes(-len(content) % 512)


def before(kind: bytes, content: bytes) -> bytes:
    """Return a header that describes the next entry."""
    return header("x", kind, len(content)) + block(content)


def record(key: str, value: str) -> bytes:
    """Return one of POSIX's records."""
    text = f" {key}={value}\n"
    length = len(text) + len(str(len(text)))
    length += len(str(length)) - len(str(len(text)))
    return f"{length}{text}".encode()


def read(content: bytes) -> list[tuple[str, str, int]]:
    """Return name, link and size of each entry."""
    with opened(io.BytesIO(content), "r|") as tar:
        return [(one.name, one.linkname, one.size) for one in entries(tar)]


FILE = header("file", tarfile.REGTYPE)


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_names_are_read_in_both_forms(form: int) -> None:
    """Go's library writes POSIX's records, GNU tar its own headers."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as tar:
        entry = tarfile.TarInfo("a/" * 100 + "ü")
        entry.size = 3
        tar.addfile(entry, io.BytesIO(b"abc"))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "b/" * 100 + "x"
        tar.addfile(link)
        folder = tarfile.TarInfo("c/" * 100)
        folder.type = tarfile.DIRTYPE
        tar.addfile(folder)

    assert read(buffer.getvalue()) == [
        ("a/" * 100 + "ü", "", 3),
        ("link", "b/" * 100 + "x", 0),
        (("c/" * 100)[:-1], "", 0),
    ]


def test_the_archive_of_a_file_is_read(tmp_path: Path) -> None:
    """GitHub's begin with a record for all: the commit."""
    path = tmp_path / "tree.tar.gz"
    with tarfile.open(path, "w:gz", pax_headers={"comment": "1" * 40}) as tar:
        tar.addfile(tarfile.TarInfo("x"))
    with strict_tar.opened_file(path) as tar:
        found = [entry.name for entry in entries(tar)]

    assert found == ["x"]


def test_a_size_in_the_records_counts() -> None:
    """Files beyond 8 GiB have it there."""
    content = before(tarfile.XHDTYPE, record("size", "3")) + FILE + block(b"abc")

    assert read(content + header("next", tarfile.REGTYPE) + END) == [
        ("file", "", 3),
        ("next", "", 0),
    ]


def test_records_for_all_are_left_aside() -> None:
    """Go's library does so: both must see the same names."""
    content = before(tarfile.XGLTYPE, record("path", "other"))

    assert read(content + FILE + END) == [("file", "", 0)]


SPARSE = record("GNU.sparse.major", "1") + record("GNU.sparse.minor", "0")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(header("x", b"S") + END, id="holes of GNU"),
        pytest.param(before(b"x", SPARSE) + FILE, id="holes in records"),
        pytest.param(before(b"x", b"5 a=b") + FILE, id="record without its end"),
        pytest.param(before(b"x", b"1 a=b\n") + FILE, id="record of another length"),
        pytest.param(before(b"x", b"1" * 9000) + FILE, id="nothing but digits"),
        pytest.param(before(b"x", b"0 a=b\n") + FILE, id="record of no length"),
        pytest.param(before(b"x", record("size", "-1")) + FILE, id="negative size"),
        pytest.param(before(b"x", record("size", "9" * 30)) + FILE, id="endless size"),
        pytest.param(before(b"x", record("size", "²")) + FILE, id="strange digit"),
        pytest.param(before(b"x", record("path", "a\0b")) + FILE, id="NUL in a path"),
        pytest.param(before(b"L", b"a" * 5000) + FILE, id="endless path"),
        pytest.param(before(b"K", b"a" * 5000) + FILE, id="endless target"),
        pytest.param(before(b"L", b"a/" * 300) + FILE, id="endless depth"),
        pytest.param(before(b"L", b"a") * 9 + FILE, id="nine descriptions"),
        pytest.param(before(b"L", b"a") * 2 + FILE, id="two names"),
        pytest.param(
            before(b"L", b"a") + before(b"x", record("path", "b")) + FILE,
            id="a name in each form",
        ),
        pytest.param(before(b"L", b"a") + END, id="a description of nothing"),
        pytest.param(header("x", b"x", 2000) + bytes(512), id="a header cut off"),
        pytest.param(
            header("x", b"x", LARGEST_HEADER + 1) + END, id="a header of a mebibyte"
        ),
    ],
)
def test_what_python_would_choke_on_is_refused(content: bytes) -> None:
    """It takes time, memory, or another name than the engine reads."""
    with pytest.raises(tarfile.ReadError, match="cannot be read"):
        read(content)


def test_a_negative_size_in_the_header_is_refused() -> None:
    """The next header would be this one, again and again."""
    plain = bytearray(FILE)
    plain[124:136] = b"\xff" * 12
    plain[148:156] = b" " * 8
    plain[148:156] = f"{sum(plain):06o}\0 ".encode()

    with pytest.raises(tarfile.ReadError, match="negative"):
        read(bytes(plain))
