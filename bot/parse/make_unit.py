"""A Makefile together with all that it includes, as one run of make sees it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from bot import architecture
from bot.architecture import Dialect
from bot.model import Span
from bot.parse import glob, make_architecture, make_functions, make_publishing
from bot.parse.docker_command import resolve
from bot.parse.make_architecture import ArchitectureVariable, Evidence
from bot.parse.make_parts import Event, MakeRule
from bot.parse.make_scope import Scope, Surroundings
from bot.parse.make_words import Recipes
from bot.parse.makefile import Makefile

_STANDARD = {"Makefile", "makefile", "GNUmakefile"}
_BUILD = re.compile(r"\b(?:build|bud|build-using-dockerfile|buildx\s+b)\b")
_ENGINE = re.compile(
    r"buildah|container|cri|docker|engine|nerdctl|oci|podman", re.IGNORECASE
)
_RUN = re.compile(r"\brun\b")
_PROBES = ("amd64", "arm64", "ppc64le", "s390x")
_MOST_SCOPES = 200
_MOST_BUILDS = 100
_MOST_COMPARED = 300_000
"""Names that patterns are held against; a large project stays far below."""


def units(makefiles: Mapping[str, Makefile], paths: Iterable[str]) -> Iterator[Unit]:
    """Yield every Makefile that no other one includes, with what it includes."""
    folders: dict[str, list[str]] = {}
    for each in paths if makefiles else ():
        folder, name = posixpath.split(each)
        folders.setdefault(folder, []).append(name)
    found = [Unit(path, makefiles, folders) for path in sorted(makefiles)]
    parts = frozenset(part for unit in found for part in unit.included)
    yield from (unit for unit in found if unit.path not in parts)


class Unit:
    """One Makefile that make is started with, in its directory."""

    def __init__(
        self,
        path: str,
        makefiles: Mapping[str, Makefile],
        folders: Mapping[str, Sequence[str]],
        directory: str = "",
        values: Mapping[str, str] | None = None,
    ) -> None:
        self.path = path
        self.values = dict(values or {})
        """What the one who calls make sets."""
        self._makefiles = makefiles
        self._folders = folders
        self.directory = directory or posixpath.dirname(path) or "."
        self._scopes: dict[tuple[tuple[tuple[str, str], ...], str], Scope] = {}
        self._variables: dict[Span, ArchitectureVariable | None] = {}
        self._pushes: dict[Span, bool] = {}
        self._alike: dict[str, tuple[str, ...]] = {}
        self._left = _MOST_COMPARED
        self._texts: dict[Span, tuple[str, ...]] = {}
        self._seen: dict[str, None] = {}
        self._needed: dict[Span, list[str]] = {}
        self._above: tuple[Scope, Mapping[str, Sequence[MakeRule]]] | None = None

    def moved(self, directory: str) -> Unit:
        """Return the unit as it is when make runs in *directory*."""
        return Unit(self.path, self._makefiles, self._folders, directory)

    def with_values(self, values: Mapping[str, str]) -> Unit:
        """Return the unit as it is for a caller that sets *values*."""
        return Unit(self.path, self._makefiles, self._folders, self.directory, values)

    @cached_property
    def unasked(self) -> Unit:
        """Return the unit as it is where nobody sets anything."""
        return self.with_values({}) if self.values else self

    @property
    def is_part(self) -> bool:
        """Tell whether the file's name says that others include it."""
        return posixpath.basename(self.path) not in _STANDARD

    @cached_property
    def included(self) -> tuple[str, ...]:
        """Return the paths of the files that are included."""
        if not self._makefiles[self.path].includes:
            return ()
        self.scope({}, "linux/amd64")
        return tuple(path for path in self._seen if path != self.path)

    @cached_property
    def files(self) -> tuple[Makefile, ...]:
        """Return the Makefile and the files that it includes."""
        names = dict.fromkeys((self.path, *self.included))
        return tuple(self._makefiles[name] for name in names)

    @cached_property
    def rules(self) -> tuple[MakeRule, ...]:
        """Return the rules of every file."""
        return tuple(rule for file in self.files for rule in file.rules)

    def rules_of(self, target: str) -> tuple[MakeRule, ...]:
        """Return the rules that say how *target* is made, by its name."""
        return tuple(self.by_target.get(target, ()))

    def needs(self, rule: MakeRule) -> list[str]:
        """Return the prerequisites of *rule*, for amd64."""
        if rule.span not in self._needed:
            plain = self.plain
            self._needed[rule.span] = plain.outline(
                " ".join(rule.prerequisites)
            ).split()
        return self._needed[rule.span]

    def needing(self, names: Iterable[str], scope: Scope) -> Sequence[MakeRule]:
        """Return the rules that need one of *names*, as *scope* expands them."""
        if self._above is None or self._above[0] is not scope:
            found: dict[str, list[MakeRule]] = {}
            for rule in self.rules:
                expanded = scope.outline(" ".join(rule.prerequisites)).split()
                for name in {*rule.prerequisites, *expanded}:
                    found.setdefault(name, []).append(rule)
            self._above = scope, found
        above = self._above[1]
        every = (rule for name in names for rule in above.get(name, ()))
        return tuple({rule.span: rule for rule in every}.values())

    @cached_property
    def by_target(self) -> Mapping[str, Sequence[MakeRule]]:
        """Return the rules of each target, by its name."""
        plain = self.plain
        found: dict[str, list[MakeRule]] = {}
        for rule in self.rules:
            for target in plain.outline(" ".join(rule.targets)).split():
                found.setdefault(target, []).append(rule)
        return found

    @cached_property
    def publishing(self) -> frozenset[str]:
        """Return every target that sends something to a registry."""
        return make_publishing.publishing(self)

    @property
    def plain(self) -> Scope:
        """Return the variables where nobody asks for anything, on amd64."""
        return self.scope({}, "linux/amd64")

    @cached_property
    def named(self) -> tuple[str, ...]:
        """Return every name of a target that a rule makes or needs, for amd64."""
        plain = self.plain
        written = (
            " ".join((*rule.targets, *rule.prerequisites)) for rule in self.rules
        )
        names = (name for text in written for name in plain.outline(text).split())
        return tuple(dict.fromkeys(names))

    def named_like(self, pattern: str) -> tuple[str, ...]:
        """Return those of *named* that *pattern* (with ``%``) matches.

        Many patterns over many names are a program's work: beyond a bound the
        rest match nothing.
        """
        if pattern not in self._alike:
            self._left -= len(self.named)
            names = self.named if self._left > 0 else ()
            found = (name for name in names if make_functions.matches(pattern, name))
            self._alike[pattern] = tuple(found)
        return self._alike[pattern]

    def pushes(self, rule: MakeRule) -> bool:
        """Tell whether the recipe of *rule* sends something to a registry."""
        if rule.span not in self._pushes:
            self._pushes[rule.span] = make_publishing.pushes(self, rule)
        return self._pushes[rule.span]

    @cached_property
    def may_build(self) -> bool:
        """Tell, cheaply, whether a recipe may build an image."""
        texts = [file.source.text for file in self.files]
        return all(any(word.search(t) for t in texts) for word in (_BUILD, _ENGINE))

    @cached_property
    def recipes(self) -> Recipes:
        """Return what reads the commands of recipes."""
        sources = {file.source.path: file.source for file in self.files}
        macros = {
            variable.name: variable
            for file in self.files
            for variable in file.variables
            if "define" in variable.modifiers
        }
        return Recipes(sources, macros, self.directory)

    @cached_property
    def is_small(self) -> bool:
        """Tell whether its builds are few enough to be read once more."""
        return sum(map(self.mentions_build, self.rules)) <= _MOST_BUILDS

    def text(self, span: Span) -> str:
        """Return the text of *span*."""
        return self._makefiles[span.path].source.cut(span)

    def mentions_build(self, rule: MakeRule) -> bool:
        """Tell whether the recipe may build something."""
        return self._mentions(rule, _BUILD)

    def mentions_run(self, rule: MakeRule) -> bool:
        """Tell whether the recipe may start a container."""
        return self._mentions(rule, _RUN)

    def _mentions(self, rule: MakeRule, word: re.Pattern[str]) -> bool:
        return any(word.search(line) for line in self._lines(rule))

    def _lines(self, rule: MakeRule) -> tuple[str, ...]:
        """Return the recipe lines that may speak to an engine, roughly."""
        if rule.span not in self._texts:
            plain = self.plain
            lines = (
                f"{line.text}\n{plain.outline(line.text)}"
                for line in rule.recipe
                if "$" in line.text or _ENGINE.search(line.text)
            )
            self._texts[rule.span] = tuple(filter(_ENGINE.search, lines))
        return self._texts[rule.span]

    @cached_property
    def _evidence(self) -> tuple[Evidence, ...]:
        plain = self.plain
        events = tuple(event for file in self.files for event in file.events)
        said = make_architecture.given(self.values)
        return (*said, *make_architecture.evidence(events, plain.outline))

    def scope(self, given: Mapping[str, str], platform: str) -> Scope:
        """Return the variables of a run of make on *platform*."""
        key = (tuple(sorted(given.items())), platform)
        if key not in self._scopes:
            if len(self._scopes) >= _MOST_SCOPES:
                self._scopes.clear()
            events = self._makefiles[self.path].events
            listed = posixpath.relpath(self.path, self.directory)
            preset = {"MAKEFILE_LIST": listed, **self.values, **given}
            around = Surroundings(
                answers(platform, self.directory), self._glob, self._events_of
            )
            self._scopes[key] = Scope(events, preset, around)
        return self._scopes[key]

    def variable(self, rule: MakeRule) -> ArchitectureVariable | None:
        """Return the variable that says for what architecture *rule* builds."""
        if rule.span not in self._variables:
            texts = (*rule.targets, *rule.prerequisites, *(r.text for r in rule.recipe))
            text = "\n".join(texts)
            self._variables[rule.span] = make_architecture.find(
                self._evidence, lambda name: self._decides(name, text)
            )
        return self._variables[rule.span]

    def _decides(self, name: str, text: str) -> bool:
        outlines = {
            self.scope({name: probe}, "linux/amd64").outline(text) for probe in _PROBES
        }
        return len(outlines) > 1

    def _glob(self, pattern: str) -> list[str]:
        wanted, name = posixpath.split(resolve(self.directory, pattern))
        folders = [wanted]
        if "*" in wanted or "?" in wanted:
            folders = [
                folder
                for folder in glob.read(wanted).among(self._folders)
                if folder.count("/") == wanted.count("/")
            ]
        start = "" if self.directory == "." else f"{self.directory}/"
        return sorted(
            posixpath.join(folder, found).removeprefix(start)
            for folder in folders
            for found in glob.read(name).among(self._folders.get(folder, ()))
        )

    def _events_of(self, name: str) -> tuple[Event, ...] | None:
        wanted = resolve(self.directory, name)
        matching = sorted(glob.read(wanted).among(self._makefiles))
        self._seen.update(dict.fromkeys(matching))
        return tuple(
            event for path in matching for event in self._makefiles[path].events
        )


def answers(platform: str, directory: str) -> Mapping[str, str]:
    """Return what common programs print on *platform*, run in *directory*."""
    wanted = architecture.of_platform(platform)
    if not wanted:
        return {"pwd": "."}
    go = wanted.value
    gnu = architecture.spell(wanted, Dialect.GNU) or go
    debian = architecture.spell(wanted, Dialect.DEBIAN) or go
    root = posixpath.relpath(".", directory)
    return {
        "pwd": ".",
        "git rev-parse --show-toplevel": root,
        "uname": "Linux",
        "uname -s": "Linux",
        **dict.fromkeys(("uname -m", "uname -p", "arch"), gnu),
        **dict.fromkeys(("go env GOARCH", "go env GOHOSTARCH"), go),
        "go env GOOS": "linux",
        "dpkg --print-architecture": debian,
    }
