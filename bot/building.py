"""How to build a project's images when its owner has not said so. Pure."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from bot import architecture, references
from bot.calls import Call
from bot.parse.dockerfile import Dockerfile
from bot.recipe import Recipe

_NOT_OURS = frozenset(
    {"vendor", "testdata", "node_modules", "third_party", "third-party", ".git"}
)
_TEMPLATES = (".j2", ".tmpl", ".tpl", ".erb", ".in", ".template", ".mustache")


@dataclass(frozen=True)
class Places:
    """The files of a tree, and the folders that hold them."""

    paths: frozenset[str]

    @cached_property
    def folders(self) -> frozenset[str]:
        """Return every folder; the root is ``.``."""
        found = {"."}
        for path in self.paths:
            folder = posixpath.dirname(path)
            while folder and folder not in found:
                found.add(folder)
                folder = posixpath.dirname(folder)
        return frozenset(found)

    def hold(self, path: str) -> bool:
        """Tell whether *path* is there; of a pattern, whether its folder is."""
        wanted = posixpath.normpath(path)
        if "*" in wanted or "?" in wanted:
            return (posixpath.dirname(wanted) or ".") in self.folders
        return wanted in self.paths or wanted in self.folders


def recipes(
    files: Mapping[str, Dockerfile],
    calls: Mapping[str, tuple[Call, ...]],
    called: frozenset[str],
    places: Places,
    platform: str,
) -> tuple[Recipe, ...]:
    """Return one recipe per image: by its caller, else by its Dockerfile.

    *calls* are those for *platform*; *called* names the Dockerfiles that
    somebody builds for any platform.
    """
    ours = {
        path: file
        for path, file in files.items()
        if file.stages and _is_ours(path, platform)
    }
    siblings = [path for path in ours if references.architecture_of(path) is not None]
    chosen = _products(ours, [_best(calls[path]) for path in ours if path in calls])
    by_command = {call.command: call for call in chosen if call.command}
    commands = sorted(by_command.values(), key=lambda call: (call.path, call.line))
    plain = (
        _plain(path, file, places)
        for path, file in ours.items()
        if path not in called and not _has_sibling(path, siblings)
    )
    uncommanded = (_direct(call) for call in chosen if not call.command)
    return _named((*map(_commanded, commands), *uncommanded, *plain))


def context_of(file: Dockerfile, places: Places) -> str:
    """Return the context that holds what *file* copies: near it, else above."""
    home = posixpath.dirname(file.source.path)
    wanted = references.sources(file)
    folders = list(_upwards(home))
    counts = [
        sum(places.hold(posixpath.join(folder, each)) for each in wanted)
        for folder in folders
    ]
    best = max(counts)
    return folders[counts.index(best)] or "."


def _is_ours(path: str, platform: str) -> bool:
    own = references.architecture_of(path)
    foreign = own is not None and own is not architecture.of_platform(platform)
    elsewhere = _NOT_OURS & set(path.split("/")[:-1])
    return not foreign and not elsewhere and not path.endswith(_TEMPLATES)


def _best(calls: tuple[Call, ...]) -> Call:
    """Return the call that builds without publishing, the first such one."""
    return min(calls, key=lambda call: (not call.command, call.pushes, call.tool))


def _products(files: Mapping[str, Dockerfile], calls: list[Call]) -> list[Call]:
    """Leave out tools of the build, unless there is nothing else.

    An image is a tool where the build mounts its tree into it, or where it
    says nothing to start while another one of the project does.
    """
    products = [
        call
        for call in calls
        if not call.tool and references.starts_something(files[call.dockerfile])
    ]
    return products or [call for call in calls if not call.tool] or calls


def _commanded(call: Call) -> Recipe:
    found = f"{call.path}:{call.line}"
    return Recipe(name=call.target, command=call.command, found=found)


def _direct(call: Call) -> Recipe:
    args = ((each.name, each.known) for each in call.arguments)
    return Recipe(
        name=call.dockerfile,
        dockerfile=call.dockerfile,
        context=call.context,
        args=tuple((name, value) for name, value in args if value is not None),
        found=f"{call.path}:{call.line}",
    )


def _plain(path: str, file: Dockerfile, places: Places) -> Recipe:
    line = file.source.line(file.stages[0].start.span.start)
    context = context_of(file, places)
    return Recipe(path, dockerfile=path, context=context, found=f"{path}:{line}")


def _named(found: Iterable[Recipe]) -> tuple[Recipe, ...]:
    return tuple({(each.name, each.found): each for each in found}.values())


def _has_sibling(path: str, siblings: list[str]) -> bool:
    """Tell whether a Dockerfile beside *path* is the platform's own."""
    if references.architecture_of(path):
        return False
    return any(
        other.startswith(path) and "/" not in other[len(path) :] for other in siblings
    )


def _upwards(folder: str) -> Iterator[str]:
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""
