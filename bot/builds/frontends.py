"""Which program reads a Dockerfile: only BuildKit's own, or one the operator lists.

A Dockerfile chooses its reader ("frontend") by a line at its top, a build by the
argument BUILDKIT_SYNTAX. The reader is an image of anybody's, and has the powers of
the builder. What counts as such a line differs between versions of BuildKit, so
whatever any of them takes for one is looked at:
https://github.com/moby/buildkit/blob/master/frontend/dockerfile/parser/directives.go
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from bot.builds import dockerfile_text
from bot.errors import UserError
from bot.images import reference
from bot.images.reference import Invalid

OWN = ("docker/dockerfile", "docker/dockerfile-upstream")
_ARGUMENT = "BUILDKIT_SYNTAX"
_BYTE_ORDER_MARK = "\ufeff"
_DIRECTIVE = re.compile(
    r"""
    (?: \# | // ) \s*
    (?P<name> [A-Za-z][A-Za-z0-9]* )
    \s* = \s* (?P<value> .* )
    """,
    re.VERBOSE,
)
_JSON_SPACE = " \t\r\n"


def check(dockerfile: Path, args: Iterable[str], listed: Collection[str]) -> None:
    """UserError where a build of *dockerfile* with *args* chooses another reader.

    *args* are NAME=VALUE, *listed* what the operator trusts besides.
    """
    chosen = list(_by_arguments(args))
    text = dockerfile_text.read(dockerfile)
    if text is not None:
        chosen += by_text(text)
    for name in chosen:
        if not trusted(name, listed):
            raise UserError(
                f"This build chooses {name[:200]!r} to read its Dockerfile, a program "
                "that would run with the builder's powers. Use docker/dockerfile, or "
                "ask the operator to list it in MULTIARCH_FRONTENDS."
            )


def trusted(name: str, listed: Collection[str]) -> bool:
    """Tell whether *name*, in any version, is BuildKit's own or in *listed*. Pure."""
    read = reference.parse(name)
    if isinstance(read, Invalid):
        return False
    known = (reference.parse(one) for one in (*OWN, *listed))
    return any(
        not isinstance(one, Invalid) and one.image == read.image for one in known
    )


def by_text(text: str) -> Iterator[str]:
    """Yield every reader that some BuildKit would see chosen in *text*. Pure.

    Newer ones stop at a line that says something they do not know, older ones go
    on; newer ones take ``//`` and JSON, and let ``#!`` stand first.
    """
    text = text.removeprefix(_BYTE_ORDER_MARK)
    if text.startswith("#!"):
        text = text.partition("\n")[2]
    for line in text.split("\n"):
        said = _DIRECTIVE.match(line)
        if said is None:
            break
        if said["name"].lower() == "syntax" and said["value"].strip():
            yield said["value"].strip().partition(" ")[0]
    if text.lstrip(_JSON_SPACE).startswith("{"):
        yield from _by_json(text)


def _by_arguments(args: Iterable[str]) -> Iterator[str]:
    for one in args:
        name, _, value = one.partition("=")
        if name == _ARGUMENT and value.strip():
            yield value.strip().partition(" ")[0]


def _by_json(text: str) -> Iterator[str]:
    """Yield what JSON names; where ours cannot read it, BuildKit's might."""
    pairs: list[tuple[str, object]] = []

    def keep(found: list[tuple[str, object]]) -> None:
        pairs.extend(found)

    try:
        json.loads(text, object_pairs_hook=keep, parse_int=str, strict=False)
    except (ValueError, RecursionError):
        yield "{"
        return
    yield from (str(value) for name, value in pairs if name == "syntax")
