"""YAML as a tree of nodes that remember where they stand.

Only composed, never constructed: no tag makes an object. Aliases are refused,
because a few of them can stand for gigabytes; so are deep nests and big files.
"""

from __future__ import annotations

from dataclasses import dataclass

import yaml

from bot.model import Source, Span

_LARGEST = 100_000
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text, number, truth value or null, as it is written without quotes."""

    text: str
    span: Span
    null: bool = False


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values in the order of the file; keys may occur twice."""

    entries: tuple[tuple[Node, Node], ...]
    span: Span


Node = Scalar | Sequence | Mapping


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a text is no tree, and where."""

    reason: str
    span: Span


def parse(source: Source) -> Node | Unreadable:
    """Read one YAML document; an empty one is null."""
    if len(source.text) > _LARGEST:
        reason = f"it is longer than {_LARGEST} characters"
        return Unreadable(reason, source.span(0, 0))
    try:
        root = yaml.compose(source.text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = min(mark.index, len(source.text)) if mark else 0
        return Unreadable(error.problem or "", _rest_of_line(source, place))
    except yaml.reader.ReaderError as error:
        place = error.position
        return Unreadable(error.reason, _rest_of_line(source, place))
    if root is None:
        return Scalar("", source.span(0, 0), null=True)
    return _typed(source, root)


class _Loader(yaml.SafeLoader):
    """Refuses aliases and nests that are too deep, before they cost anything."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: object) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call] # the stubs lack it
        mark = event.start_mark
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(None, None, "aliases are not supported", mark)
        if self.depth >= _DEEPEST:
            raise yaml.MarkedYAMLError(None, None, "it is nested too deeply", mark)
        self.depth += 1
        try:
            return super().compose_node(parent, index)  # type: ignore[arg-type]
        finally:
            self.depth -= 1


def _typed(source: Source, node: yaml.Node) -> Node:
    span = source.span(node.start_mark.index, node.end_mark.index)
    match node:
        case yaml.MappingNode(value=pairs):
            entries = ((_typed(source, k), _typed(source, v)) for k, v in pairs)
            return Mapping(tuple(entries), span)
        case yaml.SequenceNode(value=items):
            return Sequence(tuple(_typed(source, item) for item in items), span)
        case _:
            null = node.tag == "tag:yaml.org,2002:null"
            return Scalar(str(node.value), span, null)


def _rest_of_line(source: Source, place: int) -> Span:
    end = source.text.find("\n", place)
    return source.span(place, end if end >= 0 else len(source.text))
