"""What is refused before a byte of a body is read, and what is not."""

from __future__ import annotations

import pytest
from aiohttp import web
from multidict import CIMultiDict

from bot.web.announcement import LARGEST, Announcement, announced

HEADERS = {
    "X-Hub-Signature-256": "sha256=" + "0a" * 32,
    "X-GitHub-Event": "push",
    "X-GitHub-Delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
    "Content-Type": "application/json",
}


def read(length: int | None = 7, **changed: str | None) -> Announcement:
    """Return what is made of the usual headers with some *changed* or without."""
    named = {name.replace("_", "-"): value for name, value in changed.items()}
    merged = {**HEADERS, **named}
    given = {name: value for name, value in merged.items() if value is not None}
    return announced(CIMultiDict(given), length)


def refusal(length: int | None = 7, **changed: str | None) -> tuple[int, str | None]:
    """Return the status and the words with which headers are refused."""
    with pytest.raises(web.HTTPException) as caught:
        read(length, **changed)
    return caught.value.status, caught.value.text


@pytest.mark.parametrize(
    ("kind", "is_form"),
    [
        ("application/json", False),
        ("Application/JSON; charset=utf-8", False),
        ('application/json;charset="UTF-8"', False),
        ("application/x-www-form-urlencoded", True),
    ],
)
def test_takes_what_github_sends(kind: str, is_form: bool) -> None:  # noqa: FBT001
    """In both of its content types, whatever a proxy does to their letters."""
    expected = Announcement("push", HEADERS["X-GitHub-Delivery"], b"\n" * 32, is_form)

    assert read(Content_Type=kind) == expected


def test_takes_a_body_in_chunks() -> None:
    """A proxy may send on what it has not yet got as a whole; it is counted."""
    assert read(None, Transfer_Encoding="chunked").event == "push"


UNSIGNED = "The signature is missing or does not fit the secret.\n"


@pytest.mark.parametrize(
    "signature",
    [
        *(None, "", "sha256=", "sha256=é", "sha256=" + "0" * 63, "sha256=" + "0" * 65),
        *("sha1=" + "0" * 40, "sha512=" + "0" * 64, "sha256=" + "A" * 64),
    ],
)
def test_refuses_what_is_no_signature(signature: str | None) -> None:
    """SHA-1 alone is no proof any more; GitHub sends both."""
    assert refusal(X_Hub_Signature_256=signature) == (401, UNSIGNED)


@pytest.mark.parametrize("name", ["X-GitHub-Event", "X-GitHub-Delivery"])
def test_says_which_header_is_missing(name: str) -> None:
    """Proxies drop headers."""
    expected = (400, f"The header {name} is missing.\n")

    assert refusal(7, **{name.replace("-", "_"): None}) == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-GitHub-Event", "push it"),
        ("X-GitHub-Event", "p" * 65),
        ("X-GitHub-Delivery", "a b"),
        ("X-GitHub-Delivery", "a~b"),
        ("X-GitHub-Delivery", ""),
        ("X-GitHub-Delivery", "d" * 65),
    ],
)
def test_says_which_header_is_wrong(name: str, value: str) -> None:
    """A name goes into the log, so it must not be able to say anything there."""
    expected = (400, f"{name} is not what GitHub sends.\n")

    assert refusal(7, **{name.replace("-", "_"): value}) == expected


@pytest.mark.parametrize(
    "kind", [None, "text/plain", "application/json; charset=utf-16", "application/xml"]
)
def test_refuses_other_content(kind: str | None) -> None:
    """It could not be read anyway."""
    assert refusal(Content_Type=kind)[0] == 415


def test_refuses_what_is_compressed() -> None:
    """A few bytes could become many."""
    assert refusal(Content_Encoding="gzip")[0] == 415


def test_refuses_what_does_not_tell_its_length() -> None:
    """Nothing follows it, or nobody knows what."""
    assert refusal(None)[0] == 411


def test_refuses_what_is_too_long() -> None:
    """GitHub sends none beyond."""
    assert read(LARGEST).event == "push"
    assert refusal(LARGEST + 1)[0] == 413
