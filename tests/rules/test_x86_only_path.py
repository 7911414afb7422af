"""What ``x86-only-path`` reports, leaves alone and repairs."""

from __future__ import annotations

import pytest

from bot.model import Safety
from bot.rules.x86_only_path import RULE
from tests.catalogue import findings, repaired, safeties, subjects

RUN = "RUN /usr/glibc-compat/sbin/ldconfig /lib\n"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("FROM a\nRUN /sbin/ldconfig\n", id="the usual place"),
        pytest.param(f"FROM frolvlad/alpine-glibc\n{RUN}", id="brought by the image"),
        pytest.param(f"FROM a\nRUN apk add /glibc-bin-2.23-r3.apk\n{RUN}", id="here"),
        pytest.param(
            f"FROM a AS b\nRUN apk add /glibc-bin-2.23-r3.apk\nFROM b\n{RUN}",
            id="brought by a stage",
        ),
        pytest.param("FROM a\nRUN ls /usr/glibc-compat/sbin/ldconfig\n", id="listed"),
        pytest.param(
            "FROM a\nRUN [ $(uname -m) = x86_64 ] && /usr/glibc-compat/sbin/ldconfig\n",
            id="guarded",
        ),
        pytest.param(f"FROM --platform=linux/amd64 a\n{RUN}", id="pinned"),
    ],
)
def test_leaves_alone(text: str) -> None:
    """While something brings the program, the path is right."""
    assert findings(RULE, text) == ()


def test_names_the_program_as_the_shell_does() -> None:
    """The log says ``/usr/glibc-compat/sbin/ldconfig: not found``."""
    assert subjects(RULE, f"FROM a\n{RUN}") == ["/usr/glibc-compat/sbin/ldconfig"]
    assert safeties(RULE, f"FROM a\n{RUN}") == [Safety.SAFE]


def test_replaces_the_program_and_nothing_else() -> None:
    """Its arguments are the author's."""
    bad = f"FROM a\nRUN x && \\\n  /usr/glibc-compat/sbin/ldconfig  /lib /y\n{RUN}"
    files = repaired(RULE, {"Dockerfile": bad})

    good = "FROM a\nRUN x && \\\n  /sbin/ldconfig  /lib /y\nRUN /sbin/ldconfig /lib\n"
    assert files == {"Dockerfile": good}
