"""How to build a project's images when its owner has not said so. Pure."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from bot import products, references
from bot.calls import Call
from bot.parse.dockerfile import Dockerfile
from bot.recipe import Recipe

MOST = 20
"""Images of one project that are built where its owner has not named them."""


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
        if set(wanted) & set("*?["):
            return (posixpath.dirname(wanted) or ".") in self.folders
        return wanted in self.paths or wanted in self.folders


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A Dockerfile that is not built, and why, for its owner."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What to build, in order, and what is left to its owner to name."""

    recipes: tuple[Recipe, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What a project says about its builds for *platform*.

    *calls* are those for the platform; *called* names the Dockerfiles that
    somebody builds for any; *has_steps* that there are scripts to make files.
    """

    files: Mapping[str, Dockerfile]
    calls: Mapping[str, tuple[Call, ...]]
    called: frozenset[str]
    places: Places
    platform: str
    has_steps: bool = False


def plan(known: Known) -> Plan:
    """Return one recipe per image: by its caller, else by its Dockerfile."""
    ours = {
        path: file
        for path, file in known.files.items()
        if file.stages and products.is_possible(file, known.platform)
    }
    wanted = [
        _best(known.calls[path])
        for path in ours
        if path in known.calls
        and not all(products.is_aside(each) for each in _makers(known, path))
    ]
    chosen = _products(ours, wanted)
    by_command = {call.command: call for call in chosen if _is_asked_for(call)}
    commands = sorted(by_command.values(), key=lambda call: (call.path, call.line))
    direct = [call for call in chosen if not _is_asked_for(call)]
    alone = sorted(_alone(known, ours), key=lambda path: (path.count("/"), path))
    left = {
        **{path: _ASIDE for path in alone if products.is_aside(path)},
    }
    plain = (_plain(ours[path], _home(known, path)) for path in alone)
    simple = (*map(_direct, direct), *plain)
    left |= _unmade(known, simple)
    found = [each for each in simple if each.dockerfile not in left]
    return _bounded(_named((*map(_commanded, commands), *found)), left)


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


_ASIDE = (
    "it is a test, an example or a tool by its name; "
    "name it in .github/multiarch.yml if it is to be built"
)
_MANY = (
    f"only {MOST} images are built by themselves; "
    "name those that matter in .github/multiarch.yml"
)


def _makers(known: Known, path: str) -> tuple[str, ...]:
    """Return the files that say that *path* is wanted: itself and its callers."""
    return (path, *(call.path for call in known.calls[path]))


def _alone(known: Known, ours: Mapping[str, Dockerfile]) -> Iterator[str]:
    """Yield the Dockerfiles that nobody is known to build."""
    siblings = [path for path in ours if references.architecture_of(path) is not None]
    for path in ours:
        if path not in known.called and not _has_sibling(path, siblings):
            yield path


def _home(known: Known, path: str) -> str:
    return context_of(known.files[path], known.places)


def _unmade(known: Known, recipes: Iterable[Recipe]) -> Mapping[str, str]:
    """Return why some cannot work by themselves: what they copy is to be made.

    Where the project has no scripts nothing else makes it: a build tells best.
    """
    found: dict[str, str] = {}
    for recipe in recipes if known.has_steps else ():
        file = known.files[recipe.dockerfile]
        for each in references.needed(file, dict(recipe.args), known.platform):
            if not known.places.hold(posixpath.join(recipe.context, each)):
                found.setdefault(
                    recipe.dockerfile,
                    f"it copies {each}, which a step before the build has to make; "
                    "name the command that does in .github/multiarch.yml",
                )
    return found


def _bounded(found: tuple[Recipe, ...], left: Mapping[str, str]) -> Plan:
    rest = {each.dockerfile or each.name: _MANY for each in found[MOST:]}
    left_out = (LeftOut(path, reason) for path, reason in {**left, **rest}.items())
    return Plan(found[:MOST], tuple(left_out))


def _best(calls: tuple[Call, ...]) -> Call:
    """Return the call that builds without publishing, the first such one."""
    return min(calls, key=lambda call: (call.pushes, not call.command, call.tool))


def _is_asked_for(call: Call) -> bool:
    """Tell whether its caller can be asked; one that publishes never is."""
    return bool(call.command) and not call.pushes


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


def _plain(file: Dockerfile, context: str) -> Recipe:
    path, line = file.source.path, file.source.line(file.stages[0].start.span.start)
    return Recipe(path, dockerfile=path, context=context, found=f"{path}:{line}")


def _named(found: Iterable[Recipe]) -> tuple[Recipe, ...]:
    """Return every recipe once, with a name that no other one has."""
    distinct = tuple({(each.name, each.found): each for each in found}.values())
    for full in (_in_folder, _in_line):
        often = Counter(each.name for each in distinct)
        distinct = tuple(
            each if often[each.name] == 1 else replace(each, name=full(each))
            for each in distinct
        )
    return distinct


def _in_folder(recipe: Recipe) -> str:
    return posixpath.join(posixpath.dirname(recipe.found), recipe.name)


def _in_line(recipe: Recipe) -> str:
    return f"{recipe.name} ({recipe.found})"


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
