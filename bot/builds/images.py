"""The images a recipe has built so far, under the names it gave them.

Its names never reach the engine: ``docker build -t alpine:3.6`` of a stranger
must not become the machine's ``alpine:3.6``. Where a later Dockerfile of the
recipe starts from such a name, the name is replaced in a private copy.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from bot import fixing
from bot.builds import foreign_names
from bot.builds.reading import Read
from bot.errors import UserError
from bot.model import Edit

_ID = re.compile(r"(?:sha256:)?[0-9a-f]{12,64}")


@dataclass(frozen=True, slots=True)
class OwnImage:
    """An image of this recipe: its private name, its id, its builder."""

    tag: str
    id: str
    builder: str

    @property
    def digits(self) -> str:
        """Return the id without its algorithm."""
        return self.id.removeprefix("sha256:")


@dataclass(frozen=True, slots=True)
class OwnImages:
    """The images of one recipe by name, the last one built last.

    *used* holds the ids of those that others stand on, or that were run.
    """

    named: dict[str, OwnImage] = field(default_factory=dict)
    built: list[OwnImage] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def find(self, name: str) -> OwnImage | None:
        """Return the image that *name*, or twelve and more digits of an id, means."""
        given = self.named.get(normal(name))
        if given is not None:
            return given
        if not _ID.fullmatch(name):
            return None
        digits = name.removeprefix("sha256:")
        found = (one for one in self.built if one.digits.startswith(digits))
        return next(found, None)

    def results(self, name: str) -> tuple[OwnImage, ...]:
        """Return what the recipe *name* made: the image of that name, or all.

        All are those that still have a name and were no tools of the recipe, in
        the order in which they were built; where there is none, the last one.
        """
        own = self.find(name)
        if own is not None:
            return (own,)
        named = {image.id for image in self.named.values()} - self.used
        last = {image.id: image for image in self.built if image.id in named}
        return tuple(last.values()) or tuple(self.built[-1:])

    def replace_names(self, file: Path, read: Read) -> None:
        """Let the Dockerfile *file*, as it was *read*, start from our private names.

        UserError where it names what a recipe may not.
        """
        edits: list[Edit] = []
        for named in read.names.written:
            own = self.find(named.text)
            if own is not None:
                self.used.add(own.id)
                edits.append(Edit(named.span, named.replaced(own.tag)))
            elif refusal := foreign_names.refusal(named.text):
                raise UserError(refusal)
        if edits:
            changed = fixing.apply(read.source, tuple(edits)).text
            file.write_bytes(changed.encode("utf-8", errors="surrogateescape"))


def normal(name: str) -> str:
    """Return *name* with its tag."""
    return name if ":" in name.rpartition("/")[2] else f"{name}:latest"
