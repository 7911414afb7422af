"""What a recipe asks of ``docker``: a build, a run, or something small. Pure."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass

from bot.builds import docker_options as options
from bot.builds import words
from bot.builds.words import CallError, Words

WORKSPACE = "/workspace"


@dataclass(frozen=True, slots=True)
class Asked:
    """One call of ``docker`` as it arrives: words, directory, environment."""

    words: tuple[str, ...]
    directory: str
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class BuildCall:
    """``docker build``; paths are absolute and of the recipe's container."""

    context: str
    dockerfile: str
    """Empty: the file Dockerfile of the context; ``-``: the standard input."""
    tags: tuple[str, ...]
    args: tuple[str, ...]
    labels: tuple[str, ...]
    hosts: tuple[str, ...]
    target: str
    platforms: tuple[str, ...]
    pull: bool
    no_cache: bool
    quiet: bool
    id_file: str
    builders: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Volume:
    """One ``-v``: a path of the workspace or the name of a volume."""

    source: str
    target: str
    read_only: bool


@dataclass(frozen=True, slots=True)
class RunCall:
    """``docker run``; *volumes* hold what may be mounted, *notes* the rest."""

    image: str
    command: tuple[str, ...]
    entrypoint: str | None
    volumes: tuple[Volume, ...]
    environment: tuple[str, ...]
    directory: str
    user: str
    platform: str
    interactive: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OtherCall:
    """Any other command, its words left as they are."""

    verb: str
    words: tuple[str, ...]


def read(asked: Asked) -> BuildCall | RunCall | OtherCall:
    """Understand *asked*; CallError where it cannot be carried out."""
    first = words.split(asked.words, options.GLOBAL)
    if first.has("version"):
        return OtherCall("--version", ())
    verb, *rest = first.operands or ("help",)
    group = verb
    if verb in options.GROUPS and rest:
        verb, *rest = rest
        verb = options.GROUPS[group].get(verb, verb)
        if group == "buildx" and verb != "build":
            return OtherCall("buildx", (verb, *rest))
    if verb == "build":
        return _build(words.split(rest, options.BUILD), asked, modern=group == "buildx")
    if verb == "run":
        return _run(words.split(rest, options.RUN), asked)
    return OtherCall(verb, tuple(rest))


def read_build(asked: Asked) -> BuildCall:
    """Understand *asked*, the words behind ``docker build``."""
    return _build(words.split(asked.words, options.BUILD), asked, modern=False)


def _build(said: Words, asked: Asked, *, modern: bool) -> BuildCall:
    for name, what in options.NEVER_BUILT_WITH.items():
        if said.every(name):
            raise CallError(f"--{name} is refused: a recipe gets no access to {what}")
    if len(said.operands) != 1:
        raise CallError('"docker build" requires exactly 1 argument')
    context = said.operands[0]
    if "://" in context or context.startswith(("git@", "github.com/")):
        raise CallError("a context from the network is refused: use a directory")
    dockerfile, id_file = said.last("file"), said.last("iidfile")
    return BuildCall(
        context=_absolute(asked, context),
        dockerfile=_absolute(asked, dockerfile) if dockerfile else "",
        tags=said.every("tag"),
        args=_settings(said.every("build-arg"), asked.environment),
        labels=said.every("label"),
        hosts=said.every("add-host"),
        target=said.last("target"),
        platforms=_platforms(said, asked),
        pull=said.has("pull"),
        no_cache=said.has("no-cache"),
        quiet=said.has("quiet"),
        id_file=_absolute(asked, id_file) if id_file else "",
        builders=_builders(asked, modern=modern),
        notes=_notes(said, options.LEFT_OUT_OF_BUILDS),
    )


def _platforms(said: Words, asked: Asked) -> tuple[str, ...]:
    told = ",".join(said.every("platform"))
    told = told or asked.environment.get("DOCKER_DEFAULT_PLATFORM", "")
    return tuple(part.strip() for part in told.split(",") if part.strip())


def _builders(asked: Asked, *, modern: bool) -> tuple[str, ...]:
    wish = asked.environment.get("DOCKER_BUILDKIT", "")
    if modern or wish in {"1", "true"}:
        return ("buildx", "buildkit")
    if wish in {"0", "false"}:
        return ("classic",)
    return ()


def _run(said: Words, asked: Asked) -> RunCall:
    if not said.operands:
        raise CallError('"docker run" requires at least 1 argument')
    if said.has("detach"):
        raise CallError("-d is refused: a recipe's containers end with their call")
    volumes: list[Volume] = []
    notes = list(_notes(said, options.LEFT_OUT_OF_RUNS))
    for text in said.every("volume"):
        volume = _volume(text, asked)
        if volume is None:
            notes.append(f"left out -v {text}: only the workspace can be mounted")
        else:
            volumes.append(volume)
    image, *command = said.operands
    changed = said.every("entrypoint")
    return RunCall(
        image=image,
        command=tuple(command),
        entrypoint=changed[-1] if changed else None,
        volumes=tuple(volumes),
        environment=_settings(said.every("env"), asked.environment),
        directory=said.last("workdir"),
        user=said.last("user"),
        platform=said.last("platform"),
        interactive=said.has("interactive"),
        notes=tuple(notes),
    )


def _volume(text: str, asked: Asked) -> Volume | None:
    source, _, rest = text.partition(":")
    if not rest:
        return Volume("", source, read_only=False)
    target, _, mode = rest.partition(":")
    read_only = "ro" in mode.split(",")
    if not source.startswith(("/", ".")):
        return Volume(source, target, read_only=read_only)
    path = _absolute(asked, source)
    if path != WORKSPACE and not path.startswith(f"{WORKSPACE}/"):
        return None
    return Volume(path, target, read_only=read_only)


def _settings(
    given: tuple[str, ...], environment: Mapping[str, str]
) -> tuple[str, ...]:
    """Complete ``NAME`` from the environment, as docker does."""
    known = [
        one if "=" in one else f"{one}={environment[one]}"
        for one in given
        if "=" in one or one in environment
    ]
    return tuple(known)


def _absolute(asked: Asked, path: str) -> str:
    if path == "-":
        return path
    return posixpath.normpath(posixpath.join(asked.directory, path))


def _notes(said: Words, names: frozenset[str]) -> tuple[str, ...]:
    used = [name for name in sorted(names) if said.has(name)]
    return tuple(f"left out --{name} {said.last(name)}".rstrip() for name in used)
