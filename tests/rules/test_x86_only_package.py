"""What ``x86-only-package`` reports, leaves alone and repairs."""

from __future__ import annotations

import pytest

from bot.model import Safety
from bot.rules.x86_only_package import RULE
from tests.catalogue import findings, repaired, safeties, subjects

GLIBC = """\
FROM alpine:3.6
RUN apk add wget && \\
    wget https://host/2.23-r3/glibc-2.23-r3.apk && \\
    wget https://host/2.23-r3/glibc-bin-2.23-r3.apk && \\
    apk add glibc-2.23-r3.apk glibc-bin-2.23-r3.apk && \\
    /usr/glibc-compat/sbin/ldconfig /lib && \\
    rm -f glibc-2.23-r3.apk glibc-bin-2.23-r3.apk
"""


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("RUN apk add libgcc gcompat", id="other packages"),
        pytest.param("RUN apt-get install -y syslinux", id="of another system"),
        pytest.param("RUN apk del intel-ucode", id="removed"),
        pytest.param("RUN echo apk add intel-ucode", id="only said"),
        pytest.param("# RUN apk add intel-ucode", id="comment"),
        pytest.param(
            'RUN if [ "$(uname -m)" = x86_64 ]; then apk add intel-ucode; fi',
            id="guarded",
        ),
        pytest.param(
            "RUN case $TARGETARCH in amd64) apk add intel-ucode;; esac", id="case"
        ),
    ],
)
def test_leaves_alone(body: str) -> None:
    """Only an installation that arm64 would run as well is wrong."""
    assert findings(RULE, f"FROM alpine:3.6\n{body}\n") == ()


def test_leaves_what_is_for_one_architecture_alone() -> None:
    """There the package is at home."""
    pinned = "FROM --platform=linux/amd64 alpine:3.6\nRUN apk add syslinux\n"

    assert findings(RULE, pinned) == ()
    assert findings(RULE, {"Dockerfile-amd64": GLIBC}) == ()


def test_names_each_package_as_the_log_does() -> None:
    """The log has the trigger of ``glibc-bin-2.23-r3``, so that is the subject."""
    assert subjects(RULE, GLIBC) == ["glibc-2.23-r3", "glibc-bin-2.23-r3"]


@pytest.mark.parametrize(
    ("more", "safety"),
    [
        pytest.param("", Safety.SAFE, id="only ldconfig"),
        pytest.param(
            "RUN /usr/glibc-compat/bin/localedef x\n", Safety.UNSAFE, id="localedef"
        ),
    ],
)
def test_what_the_image_needs_is_not_taken_safely(more: str, safety: Safety) -> None:
    """glibc-bin is dispensable where nothing but its ldconfig is used."""
    assert safeties(RULE, GLIBC + more) == [Safety.UNSAFE, safety]


def test_takes_one_package_out_and_no_other() -> None:
    """Download, installation and clean-up of glibc-bin go; glibc stays."""
    files = repaired(RULE, {"Dockerfile": GLIBC}, at_least=Safety.SAFE)

    assert files["Dockerfile"] == (
        "FROM alpine:3.6\n"
        "RUN apk add wget && \\\n"
        "    wget https://host/2.23-r3/glibc-2.23-r3.apk && \\\n"
        "    apk add glibc-2.23-r3.apk && \\\n"
        "    /usr/glibc-compat/sbin/ldconfig /lib && \\\n"
        "    rm -f glibc-2.23-r3.apk\n"
    )


def test_takes_commands_out_that_have_nothing_left_to_do() -> None:
    """An ``apk add`` without a package would not be what anybody meant."""
    files = repaired(RULE, {"Dockerfile": GLIBC})

    assert files["Dockerfile"] == (
        "FROM alpine:3.6\n"
        "RUN apk add wget && \\\n"
        "    /usr/glibc-compat/sbin/ldconfig /lib\n"
    )


@pytest.mark.parametrize(
    ("bad", "good"),
    [
        pytest.param("RUN apk add syslinux\nRUN x\n", "RUN x\n", id="the whole RUN"),
        pytest.param(
            "RUN apk add a \\\n    syslinux \\\n    b\n",
            "RUN apk add a \\\n    b\n",
            id="a line of a list",
        ),
        pytest.param(
            "RUN apt-get update && apt-get install -y libc6-i386=2.36 && x\n",
            "RUN apt-get update && x\n",
            id="with its version",
        ),
        pytest.param(
            "RUN wget -O /tmp/glibc-2.35-r0.apk https://h/glibc-2.35-r0.apk; "
            "apk add /tmp/glibc-2.35-r0.apk; x\n",
            "RUN x\n",
            id="saved elsewhere",
        ),
    ],
)
def test_leaves_the_rest_as_it_is(bad: str, good: str) -> None:
    """The smallest edit: what else the command does, it still does."""
    files = repaired(RULE, {"Dockerfile": f"FROM a\n{bad}"})

    assert files == {"Dockerfile": f"FROM a\n{good}"}


def test_offers_nothing_for_a_pipeline() -> None:
    """Taking a part out would change what the rest reads."""
    text = "FROM a\nRUN apk add syslinux | tee log\n"

    assert safeties(RULE, text) == [None]
