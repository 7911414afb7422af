"""What the headers of a delivery say, checked before a byte of its body is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

LARGEST = 25 * 1024 * 1024
"""Bytes of the largest payload; GitHub sends none beyond."""

_SIGNATURE = re.compile(r"sha256=([0-9a-f]{64})")
_EVENT = re.compile(r"[a-z0-9_]{1,64}")
_DELIVERY = re.compile(r"[0-9A-Za-z-]{1,64}")
_TYPE = re.compile(
    r"application/(?P<kind> json | x-www-form-urlencoded )"
    r"(?: \s*;\s* charset = \"?utf-8\"? )?",
    re.IGNORECASE | re.VERBOSE,
)
_UNSIGNED = "The signature is missing or does not fit the secret.\n"
_UNKNOWN_TYPE = (
    "The content type is neither application/json nor "
    "application/x-www-form-urlencoded, in UTF-8.\n"
)


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is said of a body that is still to come; only the body is signed."""

    event: str
    delivery: str
    signature: bytes
    is_form: bool


def announced(headers: Mapping[str, str], length: int | None) -> Announcement:
    """Return what *headers* say of a body of *length*, or refuse to read it.

    Nobody who does not know how GitHub delivers costs more than this.
    """
    signature = _SIGNATURE.fullmatch(headers.get("X-Hub-Signature-256", ""))
    if signature is None:
        raise unsigned()
    event = _word(headers, "X-GitHub-Event", _EVENT)
    delivery = _word(headers, "X-GitHub-Delivery", _DELIVERY)
    kind = _TYPE.fullmatch(headers.get("Content-Type", ""))
    if kind is None:
        raise web.HTTPUnsupportedMediaType(text=_UNKNOWN_TYPE)
    if "Content-Encoding" in headers:
        # Few bytes could become many; GitHub compresses nothing.
        raise web.HTTPUnsupportedMediaType(text="A body in a coding is not read.\n")
    if length is None and "Transfer-Encoding" not in headers:
        raise web.HTTPLengthRequired(text="The header Content-Length is missing.\n")
    if length is not None and length > LARGEST:
        raise web.HTTPRequestEntityTooLarge(LARGEST, length)
    is_form = kind["kind"].lower() != "json"
    return Announcement(event, delivery, bytes.fromhex(signature[1]), is_form)


def unsigned() -> web.HTTPUnauthorized:
    """Return the answer to whoever does not know the secret."""
    return web.HTTPUnauthorized(text=_UNSIGNED)


def _word(headers: Mapping[str, str], name: str, form: re.Pattern[str]) -> str:
    word = headers.get(name)
    if word is None:
        raise web.HTTPBadRequest(text=f"The header {name} is missing.\n")
    if not form.fullmatch(word):
        raise web.HTTPBadRequest(text=f"{name} is not what GitHub sends.\n")
    return word
