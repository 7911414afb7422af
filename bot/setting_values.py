"""How the value of a setting is written, and how it is read."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar
from urllib.parse import urlsplit

from bot.builds.nested import reach
from bot.builds.nested.reach import Allowed
from bot.images import reference
from bot.images.reference import Invalid

_NAME = re.compile(r"[\w.\-]*")
_HOST = re.compile(r"(?:[\w.\-]+|\[[0-9a-fA-F:]+\])(?::(?P<port>[0-9]{1,5}))?")
T_co = TypeVar("T_co", covariant=True)

_ENGINES = ("unix://", "ssh://", "tcp://")
_NAMED = re.compile(r"\A[\w.\-]+=")
_DATABASES = ("sqlite", "postgresql", "postgres", "postgresql+psycopg")
_LAST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Form(Generic[T_co]):
    """One way to write a value: in words, and as the function that reads it.

    *read* raises ValueError with what is wrong, to be read after the name.
    """

    words: str
    read: Callable[[str], T_co]


def _text(value: str) -> str:
    return value.replace("\\n", "\n")


def _name(value: str) -> str:
    if not _NAME.fullmatch(value):
        raise ValueError(f"is {value!r}, which has other characters")
    return value


def _path(value: str) -> Path:
    try:
        return Path(value).expanduser()
    except RuntimeError:
        raise ValueError(f"is {value!r}, of a user without a home") from None


def _optional_path(value: str) -> Path | None:
    return _path(value) if value else None


def _endpoint(value: str) -> str:
    if not _HOST.fullmatch(value) and ":" not in value:
        raise ValueError(f"is {value!r}, which is no host")
    return value


def _port(value: str) -> int:
    return _number(value, 0, _LAST_PORT)


def _at_least_one(value: str) -> int:
    return _number(value, 1, None)


def _whole(value: str) -> int:
    return _number(value, 0, None)


def _reach(value: str) -> tuple[Allowed, ...]:
    return tuple(reach.parse(item) for item in _items(value))


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        raise ValueError(f"is {value!r}, which is no web address")
    return value.rstrip("/")


def _database(value: str) -> str:
    scheme = value.partition("://")[0]
    if scheme not in _DATABASES:
        # The value may hold a password: only its scheme is shown.
        raise ValueError(f"starts with {scheme[:20]!r}, which is no database")
    if scheme == "sqlite" and not value.removeprefix("sqlite:///").strip("/"):
        raise ValueError("names no file")
    return re.sub(r"\Apostgres(?:ql\+psycopg)?:", "postgresql:", value)


def _runners(value: str) -> tuple[str, ...]:
    found = _items(value)
    for item in found:
        url = _NAMED.sub("", item)
        if url != "local" and not url.startswith(_ENGINES):
            raise ValueError(f"holds {item!r}, which is no address of an engine")
    return found


def _hosts(value: str) -> frozenset[str]:
    found = frozenset(_items(value))
    wrong = next((host for host in sorted(found) if not _is_host(host)), None)
    if wrong is not None:
        raise ValueError(f"holds {wrong!r}, which is no host")
    return found


def _images(value: str) -> frozenset[str]:
    found = frozenset(_items(value))
    for name in sorted(found):
        if isinstance(reference.parse(name), Invalid):
            raise ValueError(f"holds {name!r}, which names no image")  # noqa: TRY004 - the form's own error
    return found


def _image(value: str) -> str:
    found = reference.parse(value)
    if isinstance(found, Invalid):
        raise ValueError(f"is {value!r}, which names no image ({found.reason})")  # noqa: TRY004 - the form's own error
    return value


def _mirrors(value: str) -> tuple[tuple[str, str], ...]:
    return tuple(_mirror(item) for item in _items(value))


def _mirror(item: str) -> tuple[str, str]:
    registry, equals, host = item.partition("=")
    if not equals or not _is_host(registry) or not _is_host(host):
        raise ValueError(f"holds {item!r}, which is no REGISTRY=HOST")
    return registry.lower(), host


def _is_host(text: str) -> bool:
    match = _HOST.fullmatch(text)
    return match is not None and int(match["port"] or 0) <= _LAST_PORT


def _items(value: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in value.split(",") if item.strip())


def _number(value: str, least: int, most: int | None) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", value):
        raise ValueError(f"is {value!r}, which is no whole number")
    number = int(value)
    if number < least or (most is not None and number > most):
        raise ValueError(f"is {number}, which is out of range")
    return number


TEXT = Form("text; `\\n` in it is read as a line break", _text)
FILE = Form("the path of a file, or nothing", str)
IMAGE = Form("the name of an image", _image)
NAME = Form("a word of letters, digits, dots, hyphens and underscores", _name)
PATH = Form("a path; it may start with `~`", _path)
OPTIONAL_PATH = Form("a path, or nothing", _optional_path)
ENDPOINT = Form("an IP address or a host name", _endpoint)
PORT = Form("a number from 0 (any free port) to 65535", _port)
WHOLE = Form("a whole number from 0 up", _whole)
REACH = Form(
    "HOST, HOST:PORT, HOST=ADDRESS:PORT or networks such as 10.1.2.0/24, "
    "with commas between",
    _reach,
)
AT_LEAST_ONE = Form("a whole number from 1 up", _at_least_one)
WEB_ADDRESS = Form("an address that starts with https:// or http://", _web_address)
DATABASE = Form(
    "an address: sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME", _database
)
RUNNERS = Form(
    "`local` or addresses of Docker engines (unix://, ssh://, tcp://), "
    "with commas between",
    _runners,
)
HOSTS = Form("hosts, with commas between", _hosts)
IMAGES = Form("names of images, with commas between", _images)
MIRRORS = Form("pairs REGISTRY=HOST, with commas between", _mirrors)
