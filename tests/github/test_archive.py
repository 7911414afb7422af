"""What becomes of a commit's archive, hostile members included."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from bot.errors import UserError
from bot.github import archive
from bot.snapshot import Skipped

ROOT = "octo-app-0123456"


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    """Return a member below the folder that GitHub puts around a tree."""
    made = tarfile.TarInfo(f"{ROOT}/{name}")
    made.type, made.linkname, made.mode = kind, link, 0o4775
    return made


def packed(place: Path, *members: tarfile.TarInfo) -> Path:
    """Write an archive of *members*; each file holds its own name."""
    file = place / "tree.tar.gz"
    with tarfile.open(file, "w:gz") as tar:
        for one in members:
            content = one.name.encode() if one.isfile() else b""
            one.size = len(content)
            tar.addfile(one, io.BytesIO(content))
    return file


def test_lays_out_files_links_and_modes(tmp_path: Path) -> None:
    """A build needs the tree as git has it, without set-user-id."""
    file = packed(
        tmp_path,
        member("bin/run"),
        member("bin/link", tarfile.SYMTYPE, "run"),
        member("up", tarfile.SYMTYPE, "bin/../bin/run"),
    )

    archive.unpack(file, tmp_path / "tree")

    assert (tmp_path / "tree/bin/run").read_text() == f"{ROOT}/bin/run"
    assert (tmp_path / "tree/bin/run").stat().st_mode & 0o7777 == 0o755
    assert (tmp_path / "tree/bin/link").readlink() == Path("run")
    assert (tmp_path / "tree/up").exists()


@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param((member("../../escape"),), id="dots"),
        pytest.param((member("a/../../../escape"),), id="dots within"),
        pytest.param((member("l", tarfile.SYMTYPE, "/etc"),), id="absolute link"),
        pytest.param((member("a/l", tarfile.SYMTYPE, "../../x"),), id="link out"),
        pytest.param((member("dev", tarfile.CHRTYPE),), id="device"),
    ],
)
def test_nothing_leaves_the_tree(
    tmp_path: Path, hostile: tuple[tarfile.TarInfo, ...]
) -> None:
    """An archive is made by strangers."""
    tree = tmp_path / "work" / "tree"
    tree.mkdir(parents=True)
    file = packed(tmp_path, *hostile, member("Dockerfile"))

    archive.unpack(file, tree)

    found = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")}
    assert found == {"tree.tar.gz", "work", "work/tree", "work/tree/Dockerfile"}


def test_a_snapshot_names_links_as_what_they_are(tmp_path: Path) -> None:
    """A linked Dockerfile is repaired where it really is."""
    file = packed(
        tmp_path,
        member("Dockerfile", tarfile.SYMTYPE, "docker/Dockerfile"),
        member("docker/Dockerfile"),
        member("Makefile", tarfile.SYMTYPE, "../Makefile"),
    )

    snapshot = archive.snapshot(file)

    assert set(snapshot.sources) == {"docker/Dockerfile"}
    assert snapshot.skipped == (
        Skipped(
            "Dockerfile",
            "is a symbolic link to docker/Dockerfile, which is read itself",
        ),
        Skipped("Makefile", "is a symbolic link out of the tree"),
    )


def test_a_broken_archive_is_told(tmp_path: Path) -> None:
    """A download that was cut is no crash."""
    file = packed(tmp_path, member("Dockerfile"))
    file.write_bytes(file.read_bytes()[:-20])

    with pytest.raises(UserError, match="cannot be read"):
        archive.snapshot(file)
