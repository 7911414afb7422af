"""What a Dockerfile refers to: images, files of its context, an architecture. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping

from bot import architecture
from bot.architecture import Architecture
from bot.parse import scope
from bot.parse.dockerfile import Dockerfile, Instruction, Stage
from bot.parse.expansion import expand
from bot.parse.scope import NOTHING

_MODERN_FLAGS = frozenset(
    {"mount", "link", "security", "network", "chmod", "parents", "exclude", "checksum"}
)
_WORD = re.compile(r"[/._-]")
_WINDOWS = frozenset({"windows", "nanoserver", "servercore", "windowsservercore"})
_ON_WINDOWS = re.compile(r"nanoserver|servercore|^mcr\.microsoft\.com/windows")
_AUTOMATIC = frozenset(scope.automatic("linux/arm64"))


def images(file: Dockerfile, given: Mapping[str, str], platform: str) -> frozenset[str]:
    """Return the images that *file* pulls, as far as they are known.

    *given* are the build arguments; *platform* is empty for a builder that
    sets no TARGETARCH by itself.
    """
    automatic = scope.automatic(platform) if platform else NOTHING
    bases = scope.images_of(file, given, automatic)
    found = {base for base in bases if base}
    earlier: set[str] = set()
    for stage in file.stages:
        found |= set(_copied_from(stage, earlier))
        earlier |= {stage.name} - {""}
    return frozenset(found)


def needs_buildkit(file: Dockerfile) -> bool:
    """Tell whether only BuildKit can build *file*."""
    if any(name == "syntax" for name, _ in file.directives):
        return True
    if any(stage.platform and "$" in stage.platform.text for stage in file.stages):
        return True
    return any(_is_modern(instruction) for instruction in file.instructions)


def architecture_of(path: str) -> Architecture | None:
    """Return the architecture that the name of the Dockerfile *path* says.

    ``Dockerfile-s390x``, ``Dockerfile.arm32v7``, ``docker/arm64/Dockerfile``.
    """
    folder, _, name = path.rpartition("/")
    said = {each.architecture for each in architecture.mentions(name)}
    if not said:
        named = (architecture.named(part) for part in folder.split("/"))
        said = {each for each in named if each}
    return said.pop() if len(said) == 1 else None


def sources(file: Dockerfile) -> tuple[str, ...]:
    """Return the paths that COPY and ADD take from the context, as written."""
    return tuple(
        word.text.removeprefix("/").removeprefix("./")
        for instruction in file.instructions
        if instruction.name in {"COPY", "ADD"} and not instruction.taken_from
        for word in instruction.words[:-1]
        if not _is_elsewhere(word.text)
    )


def needed(
    file: Dockerfile, given: Mapping[str, str], platform: str
) -> tuple[str, ...]:
    """Return the paths of the context that a build for *platform* copies.

    With arguments as *given*, else at their defaults; without the unknown.
    """
    found: dict[str, None] = {}
    for instruction, known in scope.scopes(file, given, scope.automatic(platform)):
        if instruction.name not in {"COPY", "ADD"} or instruction.taken_from:
            continue
        for word in instruction.words[:-1]:
            text = expand(word.text, known, file.escape)
            if text and not _is_elsewhere(text):
                found[text.removeprefix("/").removeprefix("./")] = None
    return tuple(found)


def is_for_windows(file: Dockerfile) -> bool:
    """Tell whether *file* makes an image for Windows: by its name or its bases."""
    words = set(_WORD.split(file.source.path.lower()))
    if not words.isdisjoint(_WINDOWS):
        return True
    return any(_ON_WINDOWS.search(stage.image.text) for stage in file.stages)


def starts_something(file: Dockerfile) -> bool:
    """Tell whether the last stage, or one below it, says what to start."""
    names = {stage.name: stage for stage in file.stages if stage.name}
    stage = file.stages[-1] if file.stages else None
    left = len(file.stages)
    while stage and left:
        if any(each.name in {"CMD", "ENTRYPOINT"} for each in stage.instructions):
            return True
        stage, left = names.get(stage.image.text.lower()), left - 1
    return False


def joined(folder: str, name: str) -> str:
    """Return the path of *name* in *folder* of the tree."""
    return posixpath.normpath(posixpath.join(folder, name))


def _is_modern(instruction: Instruction) -> bool:
    if instruction.heredocs or any(f.name in _MODERN_FLAGS for f in instruction.flags):
        return True
    # The classic builder leaves these empty, so the file was written for BuildKit.
    return instruction.name == "ARG" and any(
        key.text in _AUTOMATIC and default is None
        for key, default in instruction.assignments
    )


def _copied_from(stage: Stage, earlier: Collection[str]) -> Iterator[str]:
    for instruction in stage.instructions:
        for name in _froms(instruction):
            known = name.lower() in earlier or name.isdigit() or name == "scratch"
            if name and not known and "$" not in name:
                yield name


def _froms(instruction: Instruction) -> Iterator[str]:
    for flag in instruction.flags:
        if flag.name == "from":
            yield flag.text
        elif flag.name == "mount":
            parts = flag.text.split(",")
            yield from (p.removeprefix("from=") for p in parts if p.startswith("from="))


def _is_elsewhere(text: str) -> bool:
    return "://" in text or "$" in text or text.startswith(("git@", "<<"))
