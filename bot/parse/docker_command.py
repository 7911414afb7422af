"""``docker build`` and its relatives: what a command line asks to be built."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.model import Span
from bot.parse.holes import HOLE

_WITH_BUILDKIT = {"podman", "buildah", "nerdctl"}  # they set TARGETARCH as BuildKit
_PROGRAMS = {"docker", *_WITH_BUILDKIT}
_WRAPPERS = {"sudo", "exec", "command", "time", "nice", "env", "eval", "!", "-"}
_GLOBAL_VALUES = {
    *("--config", "-c", "--context", "-H", "--host", "-l", "--log-level"),
    *("--tlscacert", "--tlscert", "--tlskey", "--namespace", "-n", "--root"),
    *("--builder", "--url", "--storage-driver", "--connection"),
}
_HEADS = (
    *(("buildx", "build"), ("buildx", "b"), ("image", "build"), ("builder", "build")),
    *(("build",), ("bud",), ("build-using-dockerfile",)),
)
_VALUES = {
    *("--add-host", "--allow", "--annotation", "--attest", "--build-arg"),
    *("--build-context", "--builder", "--cache-from", "--cache-to", "--call"),
    *("--cgroup-parent", "--cpu-period", "--cpu-quota", "--cpu-shares", "-c"),
    *("--cpuset-cpus", "--cpuset-mems", "--file", "-f", "--iidfile", "--isolation"),
    *("--label", "--memory", "-m", "--memory-swap", "--metadata-file", "--network"),
    *("--no-cache-filter", "--output", "-o", "--platform", "--policy", "--progress"),
    *("--provenance", "--sbom", "--secret", "--security-opt", "--shm-size", "--ssh"),
    *("--tag", "-t", "--target", "--ulimit", "--arch", "--os", "--variant"),
    *("--authfile", "--format", "--jobs", "--manifest", "--volume", "-v", "--env"),
    *("--creds", "--cert-dir", "--ignorefile", "--runtime", "--userns", "--logfile"),
}
_SHORT = {"-f": "--file", "-t": "--tag", "-o": "--output", "-m": "--memory"}
_RUN_VALUES_OF_MOUNT = ("-v", "--volume", "--mount")


@dataclass(frozen=True, slots=True)
class Argument:
    """One word of a command, expanded, and the source that it came from.

    *whole* is true where the source gives this word and nothing else.
    """

    text: str
    span: Span
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Option:
    """One ``--name value``; *first* and *last* are its words."""

    name: str
    value: str
    first: Argument
    last: Argument


@dataclass(frozen=True, slots=True)
class DockerBuild:
    """A build as the command line asks for it; paths as they are written."""

    buildkit: bool
    head: Argument
    """The word ``build``."""
    options: tuple[Option, ...]
    positional: tuple[Argument, ...] = field(default=())

    def values(self, name: str) -> tuple[str, ...]:
        """Return every value of the option *name*."""
        return tuple(each.value for each in self.options if each.name == name)

    @property
    def context(self) -> str:
        """Return the context as it is written; empty where it is unknown."""
        known = (each.text for each in self.positional if HOLE not in each.text)
        first = next(known, "")
        return "" if first == "-" else first

    def dockerfile(self, directory: str, context: str) -> str:
        """Return the Dockerfile's path for a command run in *directory*.

        Docker reads ``-f`` relative to the working directory and its default
        inside the context.
        """
        named = self.values("--file")
        if named:
            return "" if named[-1] == "-" else resolve(directory, named[-1])
        return posixpath.normpath(posixpath.join(context, "Dockerfile"))


def resolve(directory: str, path: str) -> str:
    """Return *path*, seen from *directory*, as a path of the tree.

    Empty where it leaves the tree or where a part of it is unknown.
    """
    if not path or HOLE in path or "$" in path or "`" in path or "://" in path:
        return ""
    joined = posixpath.normpath(posixpath.join(directory, path))
    outside = joined.startswith("/") or joined.split("/")[0] == ".."
    return "" if outside else joined


def read(
    words: Sequence[Argument], environment: Mapping[str, str]
) -> DockerBuild | None:
    """Return the build that *words* ask for; None where they ask for none."""
    found = _program(words)
    if not found:
        return None
    name, rest = found
    rest = _without_globals(rest)
    for head in _HEADS:
        if tuple(word.text for word in rest[: len(head)]) == head:
            options, positional = _split(rest[len(head) :])
            buildkit = (
                "buildx" in head
                or name in _WITH_BUILDKIT
                or environment.get("DOCKER_BUILDKIT") == "1"
            )
            last = rest[len(head) - 1]
            return DockerBuild(buildkit, last, options, positional)
    return None


def mounted_image(words: Sequence[Argument]) -> tuple[str, ...]:
    """Return the words of a ``docker run`` that mounts a directory, else none.

    An image that works on the mounted tree is a tool, and is named by one of
    the words.
    """
    found = _program(words)
    texts = [word.text for word in _without_globals(found[1])] if found else []
    if not texts or texts[0] not in {"run", "container"}:
        return ()
    mounts = any(text.startswith(_RUN_VALUES_OF_MOUNT) for text in texts)
    return tuple(texts[1:]) if mounts else ()


def _program(words: Sequence[Argument]) -> tuple[str, list[Argument]] | None:
    for place, word in enumerate(words):
        name = posixpath.basename(word.text)
        if name in _PROGRAMS:
            return name, list(words[place + 1 :])
        if name not in _WRAPPERS and "=" not in name and not name.startswith("-"):
            return None
    return None


def _without_globals(words: Iterable[Argument]) -> list[Argument]:
    rest = list(words)
    while rest and rest[0].text.startswith("-"):
        takes = rest[0].text in _GLOBAL_VALUES
        rest = rest[2 if takes else 1 :]
    return rest


def _split(
    words: Sequence[Argument],
) -> tuple[tuple[Option, ...], tuple[Argument, ...]]:
    options: list[Option] = []
    positional: list[Argument] = []
    place = 0
    while place < len(words):
        word = words[place]
        place += 1
        if not word.text.startswith("-") or word.text == "-":
            positional.append(word)
            continue
        name, equals, value = word.text.partition("=")
        last = word
        if not equals and name in _VALUES and place < len(words):
            last = words[place]
            value, place = last.text, place + 1
        elif name[:2] in _SHORT and name not in _VALUES and len(name) > len("-f"):
            value = word.text[2:].removeprefix("=")
            name = name[:2]
        options.append(Option(_SHORT.get(name, name), value, word, last))
    return tuple(options), tuple(positional)
