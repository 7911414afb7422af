"""Which packages are known to exist for x86 only."""

from __future__ import annotations

import pytest

from bot.x86_packages import PACKAGES, of_file, of_word


@pytest.mark.parametrize(
    ("file", "found"),
    [
        ("glibc-2.23-r3.apk", ("glibc", "glibc-2.23-r3")),
        ("glibc-bin-2.23-r3.apk", ("glibc-bin", "glibc-bin-2.23-r3")),
        ("glibc-$VERSION.apk", ("glibc", "glibc-$VERSION")),
        ("glibc-i18n-2.35-r1.apk", ("glibc-i18n", "glibc-i18n-2.35-r1")),
        ("glibc.apk", None),
        ("libglibc-2.23-r3.apk", None),
        ("glibc-2.23-r3.tar.gz", None),
    ],
)
def test_a_file_names_its_package(file: str, found: tuple[str, str] | None) -> None:
    """With the version, as the installer's log names it."""
    known = of_file(file)

    assert (known and (known[0].name, known[1])) == found


@pytest.mark.parametrize(
    ("installer", "word", "name"),
    [
        ("apk", "intel-ucode", "intel-ucode"),
        ("apk", "intel-ucode=20240312-r0", "intel-ucode"),
        ("apt-get", "libc6-i386", "libc6-i386"),
        ("apt-get", "intel-ucode", None),
        ("apk", "glibc", None),
        ("pip", "syslinux", None),
    ],
)
def test_an_installer_knows_its_own(
    installer: str, word: str, name: str | None
) -> None:
    """The same word may be another package elsewhere."""
    package = of_word(installer, word)

    assert (package and package.name) == name


def test_every_entry_has_its_source() -> None:
    """A table without sources is a rumour."""
    assert [each.name for each in PACKAGES if "https://" not in each.source] == []
