"""The sources of ADD and COPY that a builder did not find in its context. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.architecture import Architecture, mentions, of_platform
from bot.logs.echo import spoken
from bot.model import BuildLog, LogLine, Step

# The classic builder says how it looked the file up, and that changed often;
# BuildKit fails while it hashes the source, or while it walks towards it.
_CLASSIC = re.compile(
    r"""
    (?: ^ | \b(?:ADD|COPY)[ ]failed:[ ] )
    (?: file[ ]not[ ]found[ ]in[ ]build[ ]context[ ]or[ ]excluded[ ]by
        [ ]\.dockerignore:[ ] )?
    l?stat[ ] (?P<path>\S.*?): [ ] (?:no[ ]such[ ]file[ ]or[ ]directory
                                    | file[ ]does[ ]not[ ]exist)
    """,
    re.VERBOSE,
)
_HASHED = re.compile(
    r"""
    (?: failed[ ]to[ ]compute[ ]cache[ ]key | failed[ ]to[ ]calculate[ ]checksum )
    .{0,400}? "(?P<path>/[^"]{1,4096})" (?:[ ]not[ ]found)? : [ ] not[ ]found
    """,
    re.VERBOSE,
)
_WALKED = re.compile(
    r"failed to walk \S+: lstat (?P<path>\S+): no such file or directory"
)
_WILDCARD = re.compile(r"(?:ADD|COPY) failed: no source files were specified")
_WORKPLACE = re.compile(r"\A.*/(?:docker-builder|buildkit-mount)\d+/")


_MOST = 50
"""Sources of one log that are looked into; a build stops at the first."""


@dataclass(frozen=True, slots=True)
class MissingSource:
    """A source that was not in the build context, and the line that says so."""

    path: str
    line: LogLine

    def foreign(self, platform: str) -> Architecture | None:
        """Return the architecture that the path names, if it is not *platform*'s."""
        wanted = of_platform(platform)
        named = {mention.architecture for mention in mentions(self.path)}
        return None if wanted in named else next(iter(sorted(named, key=str)), None)

    def present(self, log: BuildLog) -> str | None:
        """Return the file of the workspace that the source names, if any.

        The context may be a directory of it, which the log does not tell.
        """
        ends = f"/{self.path}"
        hits = (
            file
            for file in log.files
            if f"/{file}".endswith(ends) or f"{ends}/" in f"/{file}"
        )
        return min(hits, key=lambda file: (len(file), file), default=None)


def missing_sources(log: BuildLog) -> tuple[MissingSource, ...]:
    """Return every source that was missed, each once."""
    found: dict[str, MissingSource] = {}
    for line in log.lines:
        if len(found) == _MOST:
            break
        if line.step and "--from=" in line.step.instruction:
            continue  # another image was read, not the context
        if path := _path(line):
            found.setdefault(path, MissingSource(path, line))
    return tuple(found.values())


def _path(line: LogLine) -> str | None:
    for pattern in (_CLASSIC, _HASHED, _WALKED):
        hit = pattern.search(spoken(line))
        if hit and (hit.re is not _CLASSIC or _copies(line)):
            path = _WORKPLACE.sub("", hit["path"]).lstrip("/")
            return _whole(path, line.step)
    return _whole("", line.step) if _WILDCARD.search(spoken(line)) else None


def _copies(line: LogLine) -> bool:
    """Tell whether ``lstat x: no such file`` is the builder's own complaint."""
    words = line.step.instruction.split(" ")[:1] if line.step else []
    return words in (["ADD"], ["COPY"]) or "failed: " in line.text


def _whole(path: str, step: Step | None) -> str | None:
    """Return the source of *step* of which *path* is a leading part."""
    words = step.instruction.split()[1:-1] if step else []
    sources = [word.lstrip("./") for word in words if not word.startswith("--")]
    longer = (source for source in sources if source.startswith(f"{path}/"))
    if path in sources:
        return path
    return next(longer, None) or path or next(iter(sources), None)
