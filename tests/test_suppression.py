"""What an author may silence, and where the comment must stand."""

from __future__ import annotations

import pytest

from bot.model import Finding, Match, Severity, Source, Span
from bot.suppression import is_allowed, silencer

ALLOW = "# multiarch: allow some-rule"


def finding(source: Source) -> Finding:
    """Return a finding at the ``X`` of *source*."""
    at = source.text.index("X")
    return Finding("some-rule", Severity.BREAKS, Match(Span("f", at, at + 1), ""))


def allowed(text: str) -> bool:
    """Tell whether the finding at the ``X`` of *text* is silenced."""
    source = Source("f", text)
    return is_allowed(finding(source), source)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("FROM X\n", id="nothing said"),
        pytest.param(f"{ALLOW}s\nFROM X\n", id="a longer name"),
        pytest.param(f"{ALLOW}-too\nFROM X\n", id="another rule"),
        pytest.param("# multiarch: allow\nFROM X\n", id="no rule"),
        pytest.param(f"{ALLOW}\nRUN y\nFROM X\n", id="above another line"),
        pytest.param(f"{ALLOW}\n\nFROM X\n", id="apart"),
        pytest.param(f"FROM X\n{ALLOW}\n", id="below"),
        pytest.param(f"multiarch {ALLOW[2:]}\nFROM X\n", id="not a comment"),
    ],
)
def test_does_not_silence(text: str) -> None:
    """A finding must not vanish by accident."""
    assert not allowed(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"{ALLOW}\nFROM X\n", id="above"),
        pytest.param(f"{ALLOW} it is for amd64 only\nFROM X\n", id="with a reason"),
        pytest.param(f"  #multiarch:allow some-rule\nFROM X{''}\n", id="squeezed"),
        pytest.param(f"{ALLOW}\n# more words\nFROM X\n", id="in a block of comments"),
        pytest.param(f"{ALLOW}\r\nFROM X\r\n", id="line ends of windows"),
        pytest.param(f"\tdocker build X {ALLOW}\n", id="on the line"),
        pytest.param(f"{ALLOW}\nRUN a && \\\n    b && \\\n    X\n", id="above RUN"),
        pytest.param(f"RUN a && \\\n{ALLOW}\n    X\n", id="inside RUN"),
        pytest.param(f"{ALLOW}\n!X", id="last line"),
    ],
)
def test_silences(text: str) -> None:
    """On the line, right above it, or above the instruction it continues."""
    assert allowed(text)


@pytest.mark.parametrize("text", ["FROM X\n", "RUN a && \\\n    X\n", "X"])
def test_the_line_that_is_shown_works(text: str) -> None:
    """What a report tells people to write must do what it says."""
    source = Source("f", text)
    line = source.line(text.index("X"))
    at = source.start_of(line)
    comment = silencer(finding(source), source)

    assert comment == ALLOW
    assert allowed(f"{text[:at]}{comment}\n{text[at:]}")
