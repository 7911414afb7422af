"""The images a recipe has built so far, under the names it gave them.

Its names never reach the engine: ``docker build -t alpine:3.6`` of a stranger
must not become the machine's ``alpine:3.6``. Where a later Dockerfile of the
recipe starts from such a name, the name is replaced in a private copy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot import fixing
from bot.errors import UserError
from bot.model import Edit, Source
from bot.parse import dockerfile
from bot.parse.dockerfile import Dockerfile, Word
from bot.workspace import LARGEST


@dataclass(frozen=True, slots=True)
class OwnImage:
    """An image of this recipe: its private name, its id, its builder."""

    tag: str
    id: str
    builder: str


@dataclass(frozen=True, slots=True)
class OwnImages:
    """The images of one recipe by name, the last one built last.

    *used* holds the ids of those that others stand on, or that were run.
    """

    named: dict[str, OwnImage] = field(default_factory=dict)
    built: list[OwnImage] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def find(self, name: str) -> OwnImage | None:
        """Return the image that *name* (or an id) stands for."""
        for image in self.built:
            if name in {image.id, image.tag, image.id.removeprefix("sha256:")[:12]}:
                return image
        return self.named.get(normal(name))

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

    def replace_names(self, file: Path) -> None:
        """Let the Dockerfile *file* start from our images by private name."""
        if not self.named or not file.is_file():
            return
        if file.stat().st_size > LARGEST:
            raise UserError(
                f"The Dockerfile of this build is larger than {LARGEST >> 20} MiB, so "
                "nobody can tell which images it starts from. Make a smaller one."
            )
        text = file.read_bytes().decode("utf-8", errors="surrogateescape")
        source = Source(file.name, text)
        tags = {name: image.tag for name, image in self.named.items()}
        edits = tuple(_edits(dockerfile.parse(source), tags))
        taken = {edit.new for edit in edits}
        self.used.update(image.id for image in self.built if image.tag in taken)
        changed = fixing.apply(source, edits)
        file.write_bytes(changed.text.encode("utf-8", errors="surrogateescape"))


def normal(name: str) -> str:
    """Return *name* with its tag."""
    return name if ":" in name.rpartition("/")[2] else f"{name}:latest"


def _edits(file: Dockerfile, tags: Mapping[str, str]) -> Iterable[Edit]:
    aliases = {stage.name for stage in file.stages}
    for word in _references(file):
        tag = tags.get(normal(word.text))
        if tag and word.text not in aliases:
            yield Edit(word.span, tag)


def _references(file: Dockerfile) -> Iterable[Word]:
    for stage in file.stages:
        yield stage.image
        for instruction in stage.instructions:
            for flag in instruction.flags:
                if flag.name == "from":
                    yield flag.value
