"""Dockerfiles are read without loss, and nothing in them makes the reader fail."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Source, Span
from bot.parse.dockerfile import Dockerfile, Instruction, Word, parse
from tests.parse.dockerfiles import EDGE_CASES, REFUSED

KEYWORDS = ("FROM a", "RUN ", "COPY ", "ENV ", "ARG ", "ONBUILD ", "CMD ")
LINES = ("\\", "\n", "\r\n", "\\\n", "#", "# escape=`\n", "`\n", "<<EOF", "EOF\n")
MARKS = ('"', "'", "[", "]", ",", "--a=b ", "=", "$x", "${x", "}", " ", "\t", "\ufeff")
FRAGMENTS = st.sampled_from((*KEYWORDS, *LINES, *MARKS, "é"))


def read(text: str) -> Dockerfile:
    """Read *text*."""
    return parse(Source("Dockerfile", text))


def words(text: str) -> list[tuple[str, str]]:
    """Return each word of the last instruction with what stands at its place."""
    dockerfile = read(text)
    last = dockerfile.instructions[-1]
    return [(word.text, dockerfile.source.cut(word.span)) for word in last.words]


def problems(text: str) -> list[tuple[str, str]]:
    """Return the problems of *text* with what stands at their places."""
    dockerfile = read(text)
    return [
        (dockerfile.source.cut(each.span), each.message) for each in dockerfile.problems
    ]


def test_leaves_a_plain_file_without_problems() -> None:
    """A reader that complains about a good file would be switched off."""
    assert read("FROM alpine:3.6\nRUN true\n").problems == ()


def test_knows_where_the_parts_of_an_instruction_stand() -> None:
    """Every edit is made at these places; one off, and a file is broken."""
    text = "# head\nFROM --platform=linux/amd64 alpine:3.4 AS Build\n"

    (stage,) = read(text).stages

    path = "Dockerfile"
    image = Word("alpine:3.4", Span(path, 35, 45))
    platform = Word("linux/amd64", Span(path, 23, 34))
    assert (stage.image, stage.name, stage.platform) == (image, "build", platform)
    assert (stage.start.line, stage.start.keyword) == (2, Span(path, 7, 11))
    assert stage.start.span == Span(path, 7, 54)
    assert stage.start.body == Span(path, 35, 54)


def test_separates_the_preamble_from_the_stages() -> None:
    """An ARG before FROM is another ARG than the one of a stage."""
    dockerfile = read("ARG a\nFROM b\nRUN c\nFROM d\nRUN e\nRUN f\n")

    assert [each.name for each in dockerfile.preamble] == ["ARG"]
    assert [len(stage.instructions) for stage in dockerfile.stages] == [1, 2]
    assert [stage.index for stage in dockerfile.stages] == [0, 1]


def test_joins_a_word_that_a_continuation_splits() -> None:
    """The text is what Docker sees; the place is what an edit replaces."""
    assert words("FROM a\nCOPY fi\\\nrst sec\\\n\\\nond /\n") == [
        ("first", "fi\\\nrst"),
        ("second", "sec\\\n\\\nond"),
        ("/", "/"),
    ]


def test_takes_comments_out_of_a_continuation_but_remembers_them() -> None:
    """A comment can silence a rule, also from the middle of a RUN."""
    dockerfile = read("FROM a\nRUN b \\\n  # why\n  c\n# end\n")

    assert dockerfile.instructions[1].words[0].text == "b   c"
    assert [dockerfile.source.cut(each) for each in dockerfile.comments] == [
        "# why",
        "# end",
    ]


def test_reads_the_strings_of_a_json_array() -> None:
    """The place lies inside the quotes, so that a repair keeps them."""
    assert words('FROM a\nCMD ["/x-amd64", "\\u00e9" ]\n') == [
        ("/x-amd64", "/x-amd64"),
        ("é", "\\u00e9"),
    ]


def test_puts_a_mark_for_half_a_surrogate_pair() -> None:
    """Text with a lone surrogate cannot be written anywhere later."""
    assert words('FROM a\nCMD ["\\ud800"]\n') == [("\ufffd", "\\ud800")]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ARG x", [("x", None)]),
        ("ARG x=1 y", [("x", "1"), ("y", None)]),
        ("ENV x a b", [("x", "a b")]),
        ('ENV x="a b" y=c\\ d', [("x", '"a b"'), ("y", "c\\ d")]),
        ("ENV x=a=b \\\n  y=", [("x", "a=b"), ("y", "")]),
        ("LABEL x=1 \\\n# why\n y=2", [("x", "1"), ("y", "2")]),
        ("ENV lo\\\nng=va\\\nlue", [("long", "value")]),
    ],
)
def test_splits_assignments(line: str, expected: list[tuple[str, str | None]]) -> None:
    """ENV and ARG decide most paths and versions in a build."""
    instruction = read(f"FROM a\n{line}\n").instructions[1]

    pairs = [(key.text, value and value.text) for key, value in instruction.assignments]
    assert pairs == expected


def test_places_the_value_of_an_assignment() -> None:
    """The default of an ARG is the place where an architecture is pinned."""
    dockerfile = read("FROM a\nARG ARCH=amd64 X\\\nY=z\n")

    values = [value for _, value in dockerfile.instructions[1].assignments if value]
    assert [dockerfile.source.cut(value.span) for value in values] == ["amd64", "z"]


def test_takes_flags_off_the_words() -> None:
    """A --from names a stage, and must never look like a source path."""
    dockerfile = read("FROM a\nCOPY --from=b --link --chown=1:2 c /\n")
    instruction = dockerfile.instructions[1]

    assert [(flag.name, flag.value.text) for flag in instruction.flags] == [
        ("from", "b"),
        ("link", ""),
        ("chown", "1:2"),
    ]
    assert [word.text for word in instruction.words] == ["c", "/"]


def test_keeps_here_documents_whole() -> None:
    """A FROM inside a here-document is text, not a stage."""
    dockerfile = read("FROM a\nRUN <<-'E' cat <<F\n\tFROM b\n\tE\n$x\nF\nUSER c\n")
    run = dockerfile.instructions[1]

    found = [
        (each.name, each.expands, each.chomps, dockerfile.source.cut(each.body))
        for each in run.heredocs
    ]
    assert found == [("E", False, True, "\tFROM b\n"), ("F", True, False, "$x\n")]
    assert dockerfile.source.cut(run.span).endswith("$x\nF")
    assert dockerfile.source.cut(run.body) == "<<-'E' cat <<F"
    assert [each.name for each in dockerfile.instructions] == ["FROM", "RUN", "USER"]


@pytest.mark.parametrize(
    ("opening", "name"),
    [
        ("<<EOF", "EOF"),
        ('<<"E F"', "E F"),
        ("<<'E'", "E"),
        ("3<<E", "E"),
        ('<<"a\\"b"', 'a"b'),
        ("<<\\E", "E"),
        ("x <<<E", None),
        ("<<-", None),
        ("'x <<E", None),
        ("${x@Q} <<E", None),
    ],
)
def test_knows_what_opens_a_here_document(opening: str, name: str | None) -> None:
    """One opening too many swallows the rest of the file."""
    run = read(f"FROM a\nRUN {opening}\nUSER b\n{name}\n").instructions[1]

    assert [each.name for each in run.heredocs] == ([] if name is None else [name])


def test_looks_behind_onbuild() -> None:
    """What a child image will run breaks there, and is written here."""
    (inner,) = [
        each.onbuild
        for each in read("FROM a\nONBUILD copy --from=b c /\n").instructions[1:]
    ]

    assert isinstance(inner, Instruction)
    assert (inner.name, inner.flags[0].value.text) == ("COPY", "b")


def test_obeys_directives_only_at_the_top() -> None:
    """Only there does Docker look for the escape character."""
    assert read("# syntax=x/y:1\n# escape=`\nFROM a\n").escape == "`"
    assert read("# check=skip=all\n# escape=`\nFROM a\n").escape == "`"
    assert read("# hello\n# escape=`\nFROM a\n").escape == "\\"
    assert read("\n# escape=`\nFROM a\n").escape == "\\"
    assert [(name, word.text) for name, word in read("#Syntax = x \n").directives] == [
        ("syntax", "x")
    ]


def test_skips_a_leading_line_that_only_continues() -> None:
    """Docker joins it with the next; the instruction stands where its name does."""
    assert read("FROM a\n\\\nRUN b\n").instructions[1].line == 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("", "The file has no FROM, so nothing is built.")]),
        (
            "RUN x\nFROM a\n",
            [("RUN", "Only ARG may stand before the first FROM, not RUN.")],
        ),
        ("FROM a\nRUNN b\n", [("RUNN", "Docker knows no instruction 'RUNN'.")]),
        ("FROM a\nENV b\n", [("b", "Docker misses the value of 'b'.")]),
        (
            "FROM a\nENV b=c d\n",
            [("d", "Docker misses a = in 'd': write name=value.")],
        ),
        (
            "FROM a\nCMD [1]\n",
            [
                (
                    "[1]",
                    "Docker accepts only strings in the JSON array of an instruction.",
                )
            ],
        ),
        (
            "FROM a\nRUN <<E\nx\n",
            [("RUN", "The here-document 'E' has no last line.")],
        ),
        (
            "FROM a b\n",
            [("a b", "FROM takes an image, and AS with a name if the stage has one.")],
        ),
        ("FROM a\nCOPY b\n", [("COPY", "Docker misses the destination of COPY.")]),
        ("FROM a\nUSER\n", [("USER", "Docker misses the arguments of USER.")]),
        (
            "FROM a\nONBUILD FROM b\n",
            [("FROM", "Docker allows no FROM behind ONBUILD.")],
        ),
        (
            "#escape=x\nFROM a\n",
            [("x", "The escape character must be \\ or `, not 'x'.")],
        ),
        (
            "#syntax=x\n#syntax=y\nFROM a\n",
            [("y", "Docker accepts the directive 'syntax' only once.")],
        ),
    ],
)
def test_says_what_docker_would_refuse(
    text: str, expected: list[tuple[str, str]]
) -> None:
    """The author mends what the message names; the rest is still read."""
    assert problems(text) == expected


@given(st.one_of(st.text(), st.lists(FRAGMENTS, max_size=30).map("".join)))
def test_reads_anything(text: str) -> None:
    """Anybody can push any bytes as a Dockerfile; none may stop the bot."""
    dockerfile = read(text)

    spans = [each.span for each in dockerfile.instructions]
    assert spans == sorted(spans)
    assert all(before.end <= after.start for before, after in pairwise(spans))
    assert all(0 <= span.start <= span.end <= len(text) for span in spans)


@given(st.lists(FRAGMENTS, max_size=30).map("".join))
def test_every_word_stands_where_it_says(text: str) -> None:
    """Without its continuations, the place of a word holds its text."""
    dockerfile = read("FROM a\n" + text)

    for instruction in dockerfile.instructions:
        for word in () if instruction.json else instruction.words:
            place = dockerfile.source.cut(word.span)
            assert place[:1] == word.text[:1]
            assert place[-1:] == word.text[-1:]
            if "\n" not in place:
                assert place == word.text


@given(st.binary(max_size=200))
def test_reads_binary_files(content: bytes) -> None:
    """Binary files are skipped elsewhere, but the reader must not depend on it."""
    dockerfile = read(content.decode("utf-8", "surrogateescape"))

    assert isinstance(dockerfile, Dockerfile)


@pytest.mark.parametrize("text", [*EDGE_CASES.values(), *REFUSED.values()])
def test_reads_every_beginning_of_a_file(text: str) -> None:
    """A cut file must still tell everything before the cut."""
    for end in range(len(text)):
        assert read(text[:end]).source.text == text[:end]


@pytest.mark.parametrize(
    "text",
    [
        "RUN " + "x" * 2**20,
        "RUN " + '"' * 2**20,
        "CMD " + "[" * 2**20,
        "RUN a" + " \\\n" * 2**18,
        "RUN " + "\\ " * 2**19,
        "RUN <<" + '"\\' * 2**19,
        "ONBUILD " * 2**17,
        "FROM " + "a " * 2**19,
        "#" * 2**20,
    ],
    ids=lambda text: str(text[:8]),
)
@pytest.mark.timeout(20)
def test_reads_a_huge_file_in_linear_time(text: str) -> None:
    """One hostile file must not hold a worker: the quadratic way takes hours."""
    assert len(read(text).instructions) <= 1


@pytest.mark.parametrize("written", ["build", '"build"', "'build'", "bu\\ild"])
def test_takes_the_quotes_of_a_flag_away(written: str) -> None:
    """Quoted or not, it names the same stage."""
    [copy] = parse(Source("Dockerfile", f"COPY --from={written} /x /y")).instructions

    assert [(flag.text, flag.value.text) for flag in copy.flags] == [("build", written)]
