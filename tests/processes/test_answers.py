"""What a process that judges may say, and what is refused."""

from __future__ import annotations

import enum
from dataclasses import dataclass

import pytest

from bot.processes.answers import BrokenAnswerError, read, write


class Colour(enum.Enum):
    """One of two."""

    RED = 1
    BLUE = 2


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part that others share."""

    text: str
    size: float = 0.0


@dataclass(frozen=True, slots=True)
class Tree:
    """All that an answer may hold."""

    leaves: tuple[Leaf, ...]
    names: frozenset[str]
    colour: Colour
    best: Leaf | None = None
    pair: tuple[int, bool] = (1, True)


LEAF = Leaf("\udcff \u2028", 2)
TREE = Tree((LEAF, LEAF), frozenset({"a"}), Colour.BLUE, LEAF)


def test_comes_back_as_it_was() -> None:
    """Text that is no text, numbers, sets and enums among it."""
    assert read(write(TREE), Tree) == TREE
    assert read(write(None), Leaf | None) is None


def test_what_is_shared_is_written_once() -> None:
    """A fix of a thousand edits may belong to a thousand findings."""
    back: Tree = read(write(TREE), Tree)

    assert back.leaves[0] is back.leaves[1] is back.best
    assert write(TREE).count(b"=") == 2


@pytest.mark.parametrize(
    "answer",
    [
        *(b"", b"{", b"null", b"1", b"[]", b"{}", b"[" * 100_000),
        *(b'{"=":[]}', b'{"#":0}', b'{"#":-1}', b'{"?":["a",1]}'),
        *(b'{"=":[1,1]}', b'{"=":["a","b"]}', b'{"=":["a",true]}'),
        *(b'{"=":["a",1],"#":0}', b'{"=":["a",1,2]}', b'{"__class__":"os.system"}'),
        b'{"=":["a",' + b"9" * 5000 + b"]}",
    ],
)
def test_anything_else_is_refused(answer: bytes) -> None:
    """A value of the wrong type would be found out much later, or never."""
    with pytest.raises(BrokenAnswerError):
        read(answer, Leaf)


def test_what_was_there_before_must_fit() -> None:
    """A number that names a value of another type is a lie."""
    leaf = '{"=":["a",1]}'
    answer = f'{{"=":[[{leaf}],[],"RED",{{"#":0}},[1,false]]}}'

    assert read(answer.encode(), Tree).best == Leaf("a", 1)
    with pytest.raises(BrokenAnswerError, match="Leaf instead of Tree"):
        read(f'[{leaf},{{"#":0}}]'.encode(), tuple[Leaf, Tree])
    with pytest.raises(BrokenAnswerError, match="GREEN"):
        read(answer.replace("RED", "GREEN").encode(), Tree)


def test_only_plain_data_is_written() -> None:
    """What has no place in an answer is found by the step's own tests."""
    with pytest.raises(TypeError, match="nothing that is answered"):
        write({"a": 1})
