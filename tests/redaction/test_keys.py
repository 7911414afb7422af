"""Private keys, which a log shows over many lines."""

from __future__ import annotations

import pytest

from bot.redaction import Striker
from bot.redaction.keys import KEY as GONE
from tests.redaction.samples import BODY, HEX, KEY, joined, some

CERTIFICATE = (
    "-----BEGIN CERTIFICATE-----",
    *BODY,
    "-----END CERTIFICATE-----",
)


def struck(*lines: str) -> list[str]:
    """Return *lines* as one log keeps them."""
    striker = Striker()
    return [striker.line(line) for line in lines]


@pytest.mark.parametrize(
    "lines",
    [CERTIFICATE, BODY, ("-----BEGIN PUBLIC KEY-----", BODY[0]), (KEY[-1],)],
    ids=["certificate", "base64", "public", "end"],
)
def test_leaves_alone_what_is_no_private_key(lines: tuple[str, ...]) -> None:
    """A certificate is there to be shown."""
    assert struck(*lines) == list(lines)


def test_strikes_out_every_line() -> None:
    """The lines stay as many as they were: their numbers are quoted."""
    actual = struck("before", *KEY, "after", BODY[0])

    assert actual == ["before", *[GONE] * 5, "after", BODY[0]]


@pytest.mark.parametrize(
    "label",
    ["PRIVATE KEY", "EC PRIVATE KEY", "OPENSSH PRIVATE KEY", "ENCRYPTED PRIVATE KEY"],
)
def test_knows_every_kind_of_key(label: str) -> None:
    """The letters before PRIVATE KEY say what made it."""
    key = (f"-----BEGIN {label}-----", BODY[0], f"-----END {label}-----")

    assert struck(*key) == [GONE] * 3


def test_strikes_out_a_key_of_pgp() -> None:
    """It has headers, an empty line and a checksum."""
    begin, end = (
        f"-----{word} PGP {'PRIVATE KEY'} BLOCK-----" for word in ("BEGIN", "END")
    )
    key = (begin, "Version: GnuPG v2", "", *BODY, "=aB3d", end)

    actual = struck(*key)

    assert actual == [GONE, GONE, "", *[GONE] * 5]


def putty(*body: str) -> tuple[str, ...]:
    """Return a key as PuTTY keeps it, with *body*."""
    return (
        joined("PuTTY-User-Key-", "File-3: ssh-ed25519"),
        "Encryption: none",
        f"{joined('Private-', 'Lines')}: {len(body)}",
        *body,
        f"{joined('Private-', 'MAC')}: {HEX[:64]}",
    )


def test_strikes_out_a_key_of_putty() -> None:
    """It has words where others have lines of dashes; what it begins with is public."""
    actual = struck(*putty(*BODY), "after", BODY[0])

    assert actual == [*putty()[:2], *[GONE] * 5, "after", BODY[0]]


def test_strikes_out_a_key_of_ssh2() -> None:
    """It has four dashes and a blank."""
    begin, end = (
        f"---- {word} SSH2 ENCRYPTED {'PRIVATE KEY'} ----" for word in ("BEGIN", "END")
    )

    assert struck(begin, *BODY, end, "after") == [*[GONE] * 5, "after"]


@pytest.mark.parametrize(
    "line", ["Private-Lines: many", "My-Private-Lines: 3", "Private-MAC: none", "2:3:4"]
)
def test_words_of_putty_alone_begin_no_key(line: str) -> None:
    """What follows them is shown."""
    assert struck(line, BODY[0]) == [line, BODY[0]]


def test_steps_that_run_side_by_side_keep_their_own_key() -> None:
    """BuildKit mixes the lines of steps and puts their number before each."""
    lines = [f"#5 0.{n} {line}" for n, line in enumerate(KEY)]
    others = ["#6 0.1 done", f"#6 0.2 {BODY[0]}", "#7 [2/3] RUN make", "#6 DONE 0.3s"]
    mixed = [line for pair in zip(lines, others, strict=False) for line in pair]

    actual = struck(*mixed, lines[-1])

    hidden = [f"#5 0.{n} {GONE}" for n in range(5)]
    pairs = zip(hidden, others, strict=False)
    assert actual == [*(line for pair in pairs for line in pair), hidden[-1]]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (r"key: {}\n{}\n{}", f"key: {GONE}"),
        ('"private_key": "{} {} {}", "x": 1', f'"private_key": "{GONE}", "x": 1'),
        ("{} {} {} and {} {} {}", f"{GONE} and {GONE}"),
    ],
)
def test_strikes_out_a_key_on_one_line(line: str, expected: str) -> None:
    """JSON and environments hold it so."""
    pieces = (KEY[0], BODY[0], KEY[-1]) * 2

    assert struck(line.format(*pieces)) == [expected]


@pytest.mark.parametrize(
    "around",
    [
        *('"{}\\n" +', "    '{}',", "  {}", "+ {}", "> {}", "-{}", "| {}"),
        *("{}$", "{}^M$", "2:{}", "dir/key.pem:2:{}", "key.pem:{}", "key.pem-2-{}"),
        *("key.pem:2:{}$", "     2\t{}"),
    ],
)
def test_knows_a_line_of_a_key_as_programs_write_it(around: str) -> None:
    """In quotes in a program, up to its end by ``cat -A``, in its place by ``grep``."""
    first, *rest = (around.format(line) for line in KEY)

    actual = struck(first, *rest)

    assert not [line for line in actual for part in BODY if part in line]


def test_knows_a_line_behind_what_another_program_adds() -> None:
    """Services are named and times are written before what they say."""
    lines = [f"app_1  | 2024-01-02T03:04:05Z {line}" for line in KEY]

    actual = struck(*lines)

    assert not [line for line in actual for part in BODY if part in line]


def test_a_key_that_does_not_end_hides_no_sentence() -> None:
    """The error that follows is what everybody wants to read."""
    error = "ERROR: failed to solve: no space left on device"

    actual = struck(*KEY[:2], error, "make", some(30), "", some(10))

    assert actual == [GONE, GONE, error, "make", GONE, "", GONE]


def test_a_key_that_does_not_end_is_given_up() -> None:
    """A hash on a line of its own is shown again some time later."""
    actual = struck(KEY[0], *["a word"] * 400, some(64))

    assert actual[-1] == some(64)


def test_a_second_key_may_begin_before_the_first_has_ended() -> None:
    """A program may be stopped while it prints one."""
    actual = struck(*KEY[:2], f"again {KEY[0]}", *KEY[1:], "after")

    assert actual == [GONE, GONE, f"again {GONE}", *[GONE] * 4, "after"]


def test_the_text_before_a_key_is_shown() -> None:
    """It says where the key came from."""
    actual = struck(f"+ echo '{joined(KEY[0])}", *KEY[1:-1], f"{KEY[-1]}' > id_rsa")

    assert actual == [f"+ echo '{GONE}", *[GONE] * 3, f"{GONE}' > id_rsa"]


@pytest.mark.parametrize("line", ["   ", '""', "it-is-over.", "made by x.509"])
def test_what_is_no_line_of_a_key_stays(line: str) -> None:
    """Other programs print into the same log."""
    assert struck(*KEY[:2], line, *KEY[2:]) == [GONE, GONE, line, *[GONE] * 3]
