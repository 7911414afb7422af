"""How the files of a repository belong together. Pure.

A rule asks the project who builds a Dockerfile, with which context, build
arguments and builder, which ignore file is in force, and which files exist.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache, cached_property
from types import MappingProxyType

from bot import (
    architecture,
    building,
    config_paths,
    plugins,
    products,
    readers,
    references,
)
from bot.architecture import Architecture
from bot.calls import BuildArgument, Builder, Call, Caller, Calls, Tree
from bot.config import Config
from bot.kinds import Kind, kind_of
from bot.parse import makefile
from bot.parse.dockerfile import Dockerfile
from bot.parse.dockerignore import Dockerignore
from bot.readers import READERS, Reader
from bot.recipe import Recipe
from bot.snapshot import Skipped, Snapshot

__all__ = ["BuildArgument", "Builder", "Call", "Project", "is_for"]

_PROVEN = "linux/arm64"
_BOTH = ("linux/amd64", _PROVEN)


@cache
def _callers() -> tuple[Caller, ...]:
    found: tuple[Caller, ...] = plugins.discover("bot.callers", "CALLER")
    return found


class Project:
    """A snapshot with its files parsed and related; it never changes."""

    def __init__(
        self,
        snapshot: Snapshot,
        files: Mapping[str, object],
        skipped: tuple[Skipped, ...],
    ) -> None:
        self.snapshot = snapshot
        self.skipped = skipped
        """The files that were not read, or not in full, and why."""
        self._files = MappingProxyType(dict(files))
        self._known: dict[str, Mapping[str, tuple[Call, ...]]] = {}
        self._calls: dict[str, Mapping[str, tuple[Call, ...]]] = {}
        configs = (file for file in files.values() if isinstance(file, Config))
        said = next(configs, Config())
        self.config = config_paths.checked(said, self._places) if said.named else said

    @classmethod
    def of(
        cls,
        snapshot: Snapshot,
        using: Mapping[Kind, Reader] = READERS,
    ) -> Project:
        """Parse and relate every build file of *snapshot*."""
        files: dict[str, object] = {}
        failed: list[Skipped] = []
        for path, source in sorted(snapshot.sources.items()):
            kind = kind_of(path)
            if kind is None:
                continue
            file, reason = readers.read(source, kind, using)
            if file is not None:
                files[path] = file
            if reason:
                failed.append(Skipped(path, reason))
        return cls(snapshot, files, (*snapshot.skipped, *failed))

    def files(self) -> Mapping[str, object]:
        """Return every parsed file by path."""
        return self._files

    def dockerfiles(self) -> tuple[Dockerfile, ...]:
        """Return every Dockerfile of the project."""
        return tuple(self._dockerfiles.values())

    def callers(self, dockerfile: str, platform: str) -> tuple[Call, ...]:
        """Return who builds *dockerfile* when *platform* is asked for."""
        return self.calls(platform).get(dockerfile, ())

    def calls(self, platform: str) -> Mapping[str, tuple[Call, ...]]:
        """Return every call for *platform*, by the Dockerfile that it builds.

        Without those that wait for a setting: see `every_caller`.
        """
        wanted = architecture.normalise(platform)
        if wanted not in self._calls:
            awake = (
                (path, tuple(each for each in calls if not each.dormant))
                for path, calls in self._called(wanted).items()
            )
            found = {path: calls for path, calls in awake if calls}
            self._calls[wanted] = MappingProxyType(found)
        return self._calls[wanted]

    def every_caller(self, dockerfile: str) -> tuple[Call, ...]:
        """Return who builds *dockerfile* for any platform and with any setting.

        A change of the Dockerfile that callers must follow concerns them all.
        """
        found = {
            (call.path, call.span): call
            for platform in _BOTH
            for call in self._called(platform).get(dockerfile, ())
        }
        return tuple(found[key] for key in sorted(found))

    def builder(self, dockerfile: str) -> Builder:
        """Return the builder to write for: the oldest that a caller uses.

        BuildKit where nobody calls: it is what Docker uses by itself.
        """
        calls = self.callers(dockerfile, _PROVEN)
        builders = {call.builder for call in calls}
        return Builder.CLASSIC if Builder.CLASSIC in builders else Builder.BUILDKIT

    def arguments(self, dockerfile: str, platform: str) -> Mapping[str, str]:
        """Return the build arguments on which every caller agrees."""
        given = [
            {each.name: each.known for each in call.arguments}
            for call in self.callers(dockerfile, platform)
        ]
        if not given:
            return {}
        first, *others = given
        return {
            name: value
            for name, value in first.items()
            if value is not None and all(name in o and o[name] == value for o in others)
        }

    def ignore_file(self, dockerfile: str, context: str) -> Dockerignore | None:
        """Return the ignore file in force, with Docker's precedence.

        BuildKit prefers ``<Dockerfile>.dockerignore`` beside the Dockerfile to
        the ``.dockerignore`` of the context; the classic builder ignores it.
        """
        beside = self._files.get(f"{dockerfile}.dockerignore")
        if self.builder(dockerfile) is Builder.BUILDKIT and isinstance(
            beside, Dockerignore
        ):
            return beside
        place = references.joined(context, ".dockerignore")
        found = self._files.get(place)
        return found if isinstance(found, Dockerignore) else None

    def images(self, platform: str) -> tuple[str, ...]:
        """Return the image references whose platforms rules will ask about.

        A Dockerfile that is one architecture's own does not ask for another.
        """
        wanted = architecture.of_platform(platform)
        found: set[str] = set()
        for path, file in self._dockerfiles.items():
            if is_for(path) in {None, wanted} and not references.is_for_windows(file):
                modern = self.builder(path) is Builder.BUILDKIT
                given = self.arguments(path, platform)
                found |= references.images(file, given, platform if modern else "")
        return tuple(sorted(found))

    def recipes(self, platform: str) -> tuple[Recipe, ...]:
        """Return how to build the project's images: configured, else found."""
        return self.config.builds or self._plan(platform).recipes

    def left_out(self, platform: str) -> tuple[building.LeftOut, ...]:
        """Return what is not built because its owner has not said how, and why."""
        return () if self.config.builds else self._plan(platform).left_out

    def _plan(self, platform: str) -> building.Plan:
        return building.plan(
            building.Known(
                self._dockerfiles,
                self.calls(platform),
                frozenset(path for each in _BOTH for path in self.calls(each)),
                self._places,
                platform,
                has_steps=products.has_steps(self.snapshot.paths),
            )
        )

    def neighbours(self, paths: Iterable[str]) -> frozenset[str]:
        """Return *paths* and the build files that belong together with them."""
        asked = frozenset(paths)
        found = set(asked)
        for group in self._groups:
            if not group.isdisjoint(asked):
                found |= group
        configs = (path for path, f in self._files.items() if isinstance(f, Config))
        return frozenset(found) | frozenset(configs)

    def ignoring(self, file: Dockerignore) -> tuple[Dockerfile, ...]:
        """Return the Dockerfiles of builds that *file* keeps files out of."""
        return self._ignoring.get(file.source.path, ())

    @cached_property
    def targets(self) -> frozenset[str]:
        """Return what the Makefiles have rules for, as paths; some with ``%``."""
        return frozenset(
            posixpath.normpath(target)
            for file in self._files.values()
            if isinstance(file, makefile.Makefile)
            for rule in file.rules
            for target in rule.targets
        )

    @cached_property
    def _read(self) -> tuple[Calls, ...]:
        tree = Tree(self.snapshot.paths, self._files)
        return tuple(caller.read(tree) for caller in _callers())

    @cached_property
    def _ignoring(self) -> Mapping[str, tuple[Dockerfile, ...]]:
        """The Dockerfiles by the ignore file in force, in any of their contexts."""
        found: dict[str, dict[str, Dockerfile]] = {}
        for path, file in self._dockerfiles.items():
            calls = (self.callers(path, each) for each in _BOTH)
            contexts = {call.context for calling in calls for call in calling}
            for context in sorted(contexts or {posixpath.dirname(path) or "."}):
                ignore = self.ignore_file(path, context)
                if ignore:
                    found.setdefault(ignore.source.path, {})[path] = file
        return {path: tuple(files.values()) for path, files in found.items()}

    @cached_property
    def _places(self) -> building.Places:
        return building.Places(self.snapshot.paths)

    @cached_property
    def _dockerfiles(self) -> Mapping[str, Dockerfile]:
        return {
            path: file
            for path, file in self._files.items()
            if isinstance(file, Dockerfile)
        }

    @cached_property
    def _groups(self) -> tuple[frozenset[str], ...]:
        """One group per Dockerfile: itself, who calls it, what it ignores."""
        groups = []
        for path in self._dockerfiles:
            calls = [*self.every_caller(path)]
            calls += (c for each in _BOTH for c in self.callers(path, each))
            contexts = {call.context for call in calls} or {
                building.context_of(self._dockerfiles[path], self._places)
            }
            ignores = {references.joined(each, ".dockerignore") for each in contexts}
            near = {path for call in calls for path in (call.path, *call.files)}
            near |= ignores
            near |= {f"{path}.dockerignore"}
            groups.append(frozenset({path} | (near & self._files.keys())))
        return tuple(groups)

    def _called(self, platform: str) -> Mapping[str, tuple[Call, ...]]:
        if platform not in self._known:
            found: dict[str, list[Call]] = {}
            for calls in self._read:
                for call in calls(platform):
                    found.setdefault(call.dockerfile, []).append(self._modern(call))
            by_path = {path: tuple(each) for path, each in found.items()}
            self._known[platform] = MappingProxyType(by_path)
        return self._known[platform]

    def _modern(self, call: Call) -> Call:
        file = self._dockerfiles.get(call.dockerfile)
        if file and references.needs_buildkit(file):
            return replace(call, builder=Builder.BUILDKIT)
        return call


def is_for(path: str) -> Architecture | None:
    """Return the architecture whose own Dockerfile *path* is, by its name."""
    return references.architecture_of(path)
