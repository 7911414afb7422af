"""Typed values out of YAML nodes, and the mistakes met on the way. Pure."""

from __future__ import annotations

import difflib
import posixpath
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.model import Source, Span
from bot.parse.yaml_tree import Mapping, Node, Scalar


@dataclass(frozen=True, slots=True)
class Mistake:
    """A line of the configuration that cannot be meant, and what may be."""

    span: Span
    message: str


@dataclass(slots=True)
class Values:
    """Reads nodes of one file; every refusal is a mistake with its place."""

    source: Source
    mistakes: list[Mistake] = field(default_factory=list)

    def wrong(self, node: Node, what: str, advice: str) -> None:
        """Note that *what* is so at *node*, and what to do."""
        message = f"{what}. It is ignored. {advice}"
        self.mistakes.append(Mistake(self._first_line(node.span), message))

    def place(self, node: Node) -> str:
        """Return the place of *node* as ``path:line``."""
        return f"{self.source.path}:{self.source.line(node.span.start)}"

    def nearest(self, word: str, known: Iterable[str]) -> str:
        """Say which of *known* may be meant by *word*."""
        names = list(known)
        close = difflib.get_close_matches(word, names, n=1)
        if close:
            return f"Did you mean `{close[0]}`?"
        listed = ", ".join(f"`{name}`" for name in names)
        return f"Known {'are' if len(names) > 1 else 'is'} {listed}."

    def mapping(self, node: Node, what: str, known: tuple[str, ...]) -> dict[str, Node]:
        """Return the known keys of *node*; the others are mistakes."""
        if not isinstance(node, Mapping):
            if not (isinstance(node, Scalar) and node.null):
                advice = f"Write `KEY: value`, with a key such as `{known[0]}`."
                self.wrong(node, f"{what[:1].upper()}{what[1:]} must have keys", advice)
            return {}
        found: dict[str, Node] = {}
        for key, value in node.entries:
            name = key.text if isinstance(key, Scalar) else ""
            if name not in known:
                shown = name or self.source.cut(key.span)
                advice = self.nearest(name, known)
                self.wrong(key, f"`{shown}` is not a key of {what}", advice)
            elif name in found:
                self.wrong(key, f"`{name}` is said twice", "Keep one of them.")
            else:
                found[name] = value
        return found

    def text(self, node: Node, what: str) -> str | None:
        """Return the text of a scalar that is not empty."""
        if not isinstance(node, Scalar):
            self.wrong(node, f"{what[:1].upper()}{what[1:]} must be a text", _TEXT)
        elif node.null or not node.text.strip():
            self.wrong(node, f"{what[:1].upper()}{what[1:]} is empty", _TEXT)
        elif "\x00" in node.text:
            self.wrong(node, f"{what[:1].upper()}{what[1:]} holds a NUL", _TEXT)
        else:
            return node.text.strip()
        return None

    def text_of(self, keys: dict[str, Node], key: str) -> str:
        """Return the text under *key*, or an empty one."""
        node = keys.get(key)
        return (self.text(node, f"`{key}`") or "") if node else ""

    def path_of(self, keys: dict[str, Node], key: str) -> str:
        """Return the path of the tree under *key*, normalised, or nothing."""
        text = self.text_of(keys, key)
        path = posixpath.normpath(text) if text else ""
        if path.startswith("/") or path.split("/")[0] == "..":
            advice = "Give a path relative to the root of the repository."
            self.wrong(keys[key], f"`{text}` leaves the repository", advice)
            return ""
        return path

    def pairs(self, node: Node | None, what: str) -> tuple[tuple[str, str], ...]:
        """Return the names and values of a mapping of texts."""
        if node is None or (isinstance(node, Scalar) and node.null):
            return ()
        if not isinstance(node, Mapping):
            self.wrong(
                node, f"`{what}` must map names to values", "Write `NAME: value`."
            )
            return ()
        found: dict[str, str] = {}
        for key, value in node.entries:
            name = self.text(key, "a name")
            if name is None:
                continue
            if isinstance(value, Scalar) and not value.null:
                found.setdefault(name, value.text)
            else:
                self.wrong(value, f"`{name}` must have a text as its value", _TEXT)
        return tuple(found.items())

    def _first_line(self, span: Span) -> Span:
        newline = self.source.text.find("\n", span.start, span.end)
        return span if newline < 0 else self.source.span(span.start, newline)


_TEXT = "Write a plain text there."
