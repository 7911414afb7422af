"""The laws of striking out: once is enough, in linear time, and known values too."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.redaction import MOST_GIVEN, Striker, as_shown, strike
from bot.redaction.mark import apart
from tests.redaction.samples import KEY, TOKENS
from tests.redaction.test_assignments import FOUND as SETTINGS
from tests.redaction.test_credentials import FOUND as PLACES
from tests.redaction.test_forms import FOUND as FORMS

RECORDED = sorted((Path(__file__).parent.parent / "logs/recorded").glob("*.log"))
PIECES = [
    *(secret for _, secret in TOKENS.values()),
    *(line for line, _ in SETTINGS),
    *PLACES,
    *(line for line, _ in FORMS),
    *KEY,
    *(" ", "=", ":", '"', "'", "://", "@", "\\", "-", "ENV ", "#5 0.1 ", "TOKEN", "\n"),
    *("[struck out: secret]", "Authorization: ", "Bearer ", "curl -u ", "login -p "),
]


@pytest.mark.parametrize("file", RECORDED, ids=lambda file: file.name)
def test_leaves_real_logs_alone(file: Path) -> None:
    """Causes recognise the lines of real builders: none may change."""
    text = file.read_text(encoding="utf-8", errors="replace")

    assert strike(text) == text


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_striking_twice_is_striking_once(text: str) -> None:
    """What was stored may be posted, and passes here again."""
    once = strike(text, ["known secret"])

    assert strike(once, ["known secret"]) == once


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300))
def test_takes_any_text(text: str) -> None:
    """A program may print anything; the lines stay as many as they were."""
    once = strike(text)

    assert once.count("\n") == text.count("\n")
    assert strike(once) == once


@pytest.mark.parametrize("unseen", ["\u200b", "\u202e", "\xad", "\ufe0f", "\U000e0061"])
def test_what_no_reader_sees_parts_no_secret(unseen: str) -> None:
    """Whoever copies the line from a page would have it whole."""
    secret = TOKENS["ghp"][1]
    line = f"a {unseen.join(secret)} and sword{unseen}fish{unseen} b"

    assert strike(line, ["swordfish"]) == (
        "a [struck out: GitHub token] and [struck out: secret] b"
    )


@pytest.mark.parametrize(
    "line", ["\u202babc\u202c is right to left", "a\u200db", "\u26a0\ufe0f a warning"]
)
def test_what_no_reader_sees_stays_in_a_line_without_secrets(line: str) -> None:
    """Some languages are not read without it."""
    assert strike(line) == line


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([secret for _, secret in TOKENS.values()]),
    st.sampled_from(["", " ", "x ", '"', "TOKEN=", "https://u:", "#5 0.1 ", "\t"]),
    st.sampled_from(["", " ", '"', "@h", ".", ",", "\n"]),
)
def test_no_secret_is_left(secret: str, before: str, after: str) -> None:
    """Whatever stands around it."""
    assert secret not in strike(f"{before}{secret}{after}")


def test_strikes_out_known_values_verbatim() -> None:
    """The operator's password may have any shape."""
    striker = Striker()
    striker.hide(["correct", "correct horse", "a.b*cd"])

    assert striker.line("correct horse, correct, a.b*cd, axbbcd") == (
        "[struck out: secret], [struck out: secret], [struck out: secret], axbbcd"
    )


@pytest.mark.parametrize("value", ["struck", "secret", "[struck out: secret]"])
def test_a_known_value_that_is_in_a_mark_ends(value: str) -> None:
    """Or each round would strike out what the one before has put there."""
    actual = strike(f"a {value} b", [value])

    assert actual == "a [struck out: secret] b"


def test_a_value_may_become_known_on_the_way() -> None:
    """A recipe's own build brings its arguments when it is called."""
    striker = Striker()
    before = striker.line("hunter2 and swordfish")
    striker.hide(["swordfish"])
    striker.hide(["hunter2"])

    assert (before, striker.line("hunter2 and swordfish")) == (
        "hunter2 and swordfish",
        "[struck out: secret] and [struck out: secret]",
    )


def test_what_the_operator_hides_is_not_displaced() -> None:
    """A recipe may give as many arguments as it likes, each longer than a host."""
    striker = Striker()
    striker.hide(["mirror.corp:5000"])
    striker.hide_given(["swordfish"])
    fits = striker.hide_given(f"{n:04}{'y' * 60}" for n in range(MOST_GIVEN))
    striker.hide(f"{n:04}{'z' * 60}" for n in range(2 * MOST_GIVEN))

    assert not fits
    assert striker.line(
        f"mirror.corp:5000 swordfish 0001{'y' * 60} 0399{'z' * 60}"
    ) == (
        f"[struck out: secret] [struck out: secret] 0001{'y' * 60} [struck out: secret]"
    )


def test_values_that_were_given_before_count_once() -> None:
    """A command may start the same container again and again."""
    values = [f"value {n:04}" for n in range(MOST_GIVEN)]
    striker = Striker()
    fits = [striker.hide_given(values) for _ in range(2)]

    assert fits == [True, True]
    assert strike(" ".join(values), values) == striker.line(" ".join(values))
    assert "value" not in striker.line(" ".join(values))


def test_a_line_of_a_file_is_compared_as_a_log_shows_it() -> None:
    """The instruction that failed is found by its text."""
    written = "TOKEN=abcdef \\\n  # so that it may\n  make"

    assert as_shown("RUN", written, "TOKEN=[struck out: secret]   make") == (
        "TOKEN=[struck out: secret] make"
    )
    assert as_shown("RUN", written, "make") == written


def test_a_mark_is_told_from_other_text() -> None:
    """Every second piece is a mark, and may not be touched."""
    assert apart("a [struck out: GitHub token] b") == [
        "a ",
        "[struck out: GitHub token]",
        " b",
    ]


def hostile(piece: str) -> Callable[[int], str]:
    """Return what makes a line of a stranger of any size."""
    return lambda size: piece * (size // len(piece))


@pytest.mark.parametrize(
    "line",
    [
        *(hostile(piece) for piece in PIECES if "\n" not in piece),
        *(hostile(secret[:-1] + "!") for _, secret in TOKENS.values()),
        *(
            hostile(piece)
            for piece in ("a.b-", "eyJ", "sk-", "x=", "x='", 'x="', "x: ")
        ),
        *(
            hostile(piece)
            for piece in ("curl ", "login ", "mysql ", "machine a login ")
        ),
        *(
            hostile(piece)
            for piece in ("://a", "://a:", "token=", "token: ", "--token ")
        ),
        *(
            hostile(piece)
            for piece in ("<token>", "<token ", "config set ", "-H 'a-token:", "\u200b")
        ),
        *(
            hostile(piece)
            for piece in ("BEGIN", "-----BEGIN ", "PRIVATE KEY-----", "=")
        ),
    ],
)
def test_a_line_of_twice_the_length_takes_no_more_than_twice_the_time(
    line: Callable[[int], str],
) -> None:
    """With room for a busy machine: what is quadratic takes four times as long."""
    times = {
        size: min(_seconds(line(size)) for _ in range(3)) for size in (8_000, 32_000)
    }

    assert times[32_000] < max(9 * times[8_000], 0.05)


def _seconds(line: str) -> float:
    striker = Striker()
    begun = time.process_time()
    striker.line(line)
    return time.process_time() - begun
