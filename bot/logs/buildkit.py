"""Split a log of BuildKit, whose steps run side by side and report mixed. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.model import LogLine, Step

_TAGGED = re.compile(r"#(?P<vertex>\d+) (?:\d+\.\d+ )?(?P<text>.*)")
_HEADING = re.compile(
    r"""
    (?: [ ]*=>[ ] (?:(?:ERROR|CACHED|CANCELED)[ ])? | [ ]>[ ] )?
    \[ (?: (?P<where>[^\]]*?)[ ] )? \d+/\d+ \] [ ]
    (?P<instruction>[A-Z]{3,}(?:[ ].*?)?) (?::)?
    (?: (?<![ ]) [ ]+ \d+\.\d+s )?
    """,
    re.VERBOSE,
)
_METADATA = "internal] load metadata for "
_IMAGE = re.compile(r"(?P<image>\S+?):?(?:\s+\d+\.\d+s)?")
_EXCERPT = re.compile(r"\s*(?P<line>\d+) \| >>> (?P<text>.*)")
_SUMMARY = re.compile(r" > \[")
_STAGE = re.compile(r"\S+$")


@dataclass(slots=True)
class _Reader:
    """What is known while the lines go by."""

    steps: dict[str, Step] = field(default_factory=dict)
    current: Step | None = None
    failed: Step | None = None

    def read(self, text: str) -> tuple[str, Step | None]:
        """Return the line without its tag, and the step it belongs to."""
        if hit := _TAGGED.fullmatch(text):
            return self._tagged(hit["vertex"], hit["text"])
        if step := _step(text):
            self.current = step
            if _SUMMARY.match(text) or "=> ERROR" in text:
                self.failed = step
            return text, step
        # A progress bar's later states, cut off at the carriage return.
        return text, (self.failed or self.current) if text else None

    def _tagged(self, vertex: str, text: str) -> tuple[str, Step | None]:
        if vertex == "1" and text.startswith("[internal] load "):
            self.steps.clear()  # the next of several builds in one log
            self.current = self.failed = None
        if step := _step(text):
            self.steps.setdefault(vertex, step)
        self.current = self.steps.get(vertex)
        if text.startswith("ERROR"):
            self.failed = self.current
        return text, self.current


def split(lines: Sequence[str]) -> tuple[LogLine, ...]:
    """Give every line its step, and the failed step its Dockerfile line."""
    reader = _Reader()
    read = [reader.read(line) for line in lines]
    known = _with_excerpt([text for text, _ in read], [step for _, step in read])
    return tuple(
        LogLine(number, text, step)
        for number, ((text, _), step) in enumerate(zip(read, known, strict=True), 1)
    )


def _step(text: str) -> Step | None:
    if hit := _HEADING.fullmatch(text):
        stage = _STAGE.search(hit["where"] or "")
        named = stage[0] if stage else ""
        # Its number counts fewer instructions than the Dockerfile has.
        return Step(0, _pinless(hit["instruction"]), named)
    head, loads, rest = text.rpartition(_METADATA)
    hit = _IMAGE.fullmatch(rest) if loads and _opens(head) else None
    return Step(0, f"FROM {familiar(hit['image'])}") if hit else None


def _opens(head: str) -> bool:
    """Tell whether *head* ends in a bracket, maybe with the name of a builder."""
    if head.endswith("["):
        return not head[:-1] or head[-2].isspace()
    opened = head.startswith("[") or " [" in head or "\t[" in head
    return opened and head.endswith(" ")


def familiar(image: str) -> str:
    """Return *image* as people write it, without the hub that Docker adds."""
    short = image.removeprefix("docker.io/")
    return short.removeprefix("library/") if short != image else image


def _pinless(instruction: str) -> str:
    """Undo what BuildKit adds to a FROM: the registry and the digest."""
    keyword, _, rest = instruction.partition(" ")
    if keyword != "FROM":
        return instruction
    return f"FROM {familiar(rest.partition('@sha256:')[0])}"


def _with_excerpt(
    texts: Sequence[str], steps: Sequence[Step | None]
) -> list[Step | None]:
    """Add the line of a ``>>>`` excerpt to the step that it is shown for."""
    for index, text in enumerate(texts):
        hit = _EXCERPT.fullmatch(text)
        if not hit:
            continue
        step = steps[index]
        placed = replace(step or Step(0, hit["text"].strip()), line=int(hit["line"]))
        return [
            placed if known == step and (step or place >= index) else known
            for place, known in enumerate(steps)
        ]
    return list(steps)
