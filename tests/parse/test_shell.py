"""Shell commands are found, placed and deleted exactly, wherever they stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Source
from bot.parse import dockerfile
from bot.parse.lines import Joined
from bot.parse.shell import (
    Command,
    Script,
    parse,
    parse_instruction,
    parse_joined,
    parse_recipe,
    parse_script,
    removal_of_word,
)

Rows = list[tuple[str, list[str]]]


def read_run(text: str) -> tuple[Source, Script]:
    """Read the last instruction of a Dockerfile."""
    found = dockerfile.parse(Source("Dockerfile", text))
    last = found.instructions[-1]
    return found.source, parse_instruction(found.source, last, found.escape)


def read_recipe(text: str) -> Script:
    """Read *text* as a recipe line."""
    source = Source("Makefile", text)
    return parse_recipe(source, source.span(0, len(text)))


def rows(script: Script) -> Rows:
    """Return separator and words of each command."""
    return [
        (each.separator, [word.value for word in each.words])
        for each in script.commands
    ]


def without(text: str, *programs: str) -> str:
    """Delete the commands of *programs* from a Dockerfile, one after another."""
    for program in programs:
        source, script = read_run(text)
        removal = command(script, program).removal
        assert removal is not None
        text = source.text[: removal.start] + source.text[removal.end :]
    return text


def command(script: Script, program: str) -> Command:
    """Return the command that runs *program*."""
    (found,) = [
        each for each in script.commands if each.words and each.words[0].raw == program
    ]
    return found


def test_reads_a_chain_with_continuations() -> None:
    """Nearly every RUN is written like that."""
    source, script = read_run(
        "FROM a\nRUN apk add --allow-untrusted /a.apk \\\n"
        "      # the second\n      /b.apk && \\\n\n"
        "    wget -O f \"$URL/x y\" ; A=1 B='2' ln -s /x-amd64 /x\n"
    )

    assert not script.broken
    assert rows(script) == [
        ("", ["apk", "add", "--allow-untrusted", "/a.apk", "/b.apk"]),
        ("&&", ["wget", "-O", "f", "$URL/x y"]),
        (";", ["ln", "-s", "/x-amd64", "/x"]),
    ]
    link = script.commands[2]
    assert [(name, value.value) for name, value in link.assignments] == [
        ("A", "1"),
        ("B", "2"),
    ]
    assert source.cut(link.span) == "A=1 B='2' ln -s /x-amd64 /x"
    assert [source.cut(word.span) for word in link.words] == [
        "ln",
        "-s",
        "/x-amd64",
        "/x",
    ]
    assert link.separator_span is not None
    assert source.cut(link.separator_span) == ";"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a | b && c || d", [("", ["a"]), ("|", ["b"]), ("&&", ["c"]), ("||", ["d"])]),
        ("(a; b) && c", [("", ["a"]), (";", ["b"]), ("&&", ["c"])]),
        ("{ a; b; } > f; ! c", [("", ["a"]), (";", ["b"]), (";", ["c"])]),
        (
            "a $(b | c) `d`",
            [("", ["a", "$(b | c)", "`d`"]), ("", ["b"]), ("|", ["c"]), ("", ["d"])],
        ),
        ("for i in $(a); do b $i; done", [("", ["a"]), ("", ["b", "$i"])]),
        ("while a; do b; done; c", [("", ["a"]), ("", ["b"]), (";", ["c"])]),
        ("f() { a; }; f", [("", ["a"]), (";", ["f"])]),
        ("export A=b; unset C", [("", ["export", "A=b"]), (";", ["unset", "C"])]),
        ("A=$(b) && c", [("", []), ("", ["b"]), ("&&", ["c"])]),
        (
            '[ "$A" = b ] || [[ $c == d* ]]',
            [("", ["[", "$A", "=", "b", "]"]), ("||", ["[[", "$c", "==", "d*", "]]"])],
        ),
        ("sh -c 'a && b'", [("", ["sh", "-c", "a && b"]), ("", ["a"]), ("&&", ["b"])]),
        (
            'x /bin/bash -ec "a $b"',
            [("", ["x", "/bin/bash", "-ec", "a $b"]), ("", ["a", "$b"])],
        ),
        ('sh -c "a \\"b\\""', [("", ["sh", "-c", 'a "b"'])]),
        (
            "a <<EOF | b && c\nx $(d)\nEOF\ne",
            [("", ["a"]), ("|", ["b"]), ("&&", ["c"]), ("", ["d"]), ("\n", ["e"])],
        ),
        ("a & b", [("", ["a"]), ("&", ["b"])]),
        ("a\n# why\nb", [("", ["a"]), ("\n", ["b"])]),
        ("écho ☃ && b", [("", ["écho", "☃"]), ("&&", ["b"])]),
        ("", []),
    ],
)
def test_finds_every_command(text: str, expected: Rows) -> None:
    """A command that is overlooked is a fault that is overlooked."""
    script = parse_script(Source("build.sh", text))

    assert rows(script) == expected
    assert not script.broken


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("a", "a"),
        ("a\\ b", "a b"),
        ("'a\\b $c'", "a\\b $c"),
        ('"a\\"b\\c $d"', 'a"b\\c $d'),
        ("a'b'\"c\"d", "abcd"),
        ("${a:-'b'}", "${a:-'b'}"),
        ('x"$(y "z")"', 'x$(y "z")'),
        ("$'a b'", "a b"),
        ("*.apk", "*.apk"),
    ],
)
def test_takes_quotes_off(raw: str, value: str) -> None:
    """A path is compared by its value and edited in its own spelling."""
    script = parse_script(Source("build.sh", f"cmd {raw}"))
    word = script.commands[0].words[1]

    assert (word.raw, word.value) == (raw, value)


def test_keeps_redirections_apart() -> None:
    """The target of ``>`` is no argument."""
    script = parse_script(Source("build.sh", "a >f 2>&1 b >>g <<E >h\nx\nE\n"))
    (found,) = script.commands

    assert [word.raw for word in found.words] == ["a", "b"]
    assert [each.raw for each in found.redirections] == [
        ">f",
        "2>&1",
        ">>g",
        "<<E",
        ">h",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('case "$A" in x86_64|amd64) run;; *) b;; esac', ('"$A"', "x86_64|amd64")),
        ('if [ "$A" = x ]; then run; fi', ('[ "$A" = x ]',)),
        ("if a; then b; else run; fi", ("! a",)),
        ("if a; then b; elif c; then run; fi", ("! a", "c")),
        ("if a; then b; elif c; then d; else run; fi", ("! a", "! c")),
        ("if a; then if b; then run; fi; fi", ("a", "b")),
        ("[ a = b ] && c && run", ("[ a = b ]",)),
        ("test a || run", ("! test a",)),
        ("test a && b; run", ()),
        ("b && run", ()),
        ("if a; then b; fi; run", ()),
        ("if a; then sh -c 'run'; fi", ("a",)),
    ],
)
def test_tells_under_which_conditions_a_command_runs(
    text: str, expected: tuple[str, ...]
) -> None:
    """What runs on amd64 alone is no fault on arm64."""
    script = parse_script(Source("build.sh", text))

    assert command(script, "run").guards == expected


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("a", "RUN b \\\n      b2 && \\\n    # on c\n    c\n"),
        ("b", "RUN a && \\\n    # on c\n    c\n"),
        ("c", "RUN a && \\\n    b \\\n      b2\n"),
    ],
)
def test_deletes_a_command_before_its_operator(program: str, expected: str) -> None:
    """No operator and no empty line may dangle behind the others."""
    text = "RUN a && \\\n    b \\\n      b2 && \\\n    # on c\n    c\n"

    assert without(text, program) == expected


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("a", "RUN b \\\n # on c\n && c\n"),
        ("b", "RUN a \\\n # on c\n && c\n"),
        ("c", "RUN a \\\n && b\n"),
    ],
)
def test_deletes_a_command_behind_its_operator(program: str, expected: str) -> None:
    """Half of the projects write the operator first."""
    assert without("RUN a \\\n && b \\\n # on c\n && c\n", program) == expected


@pytest.mark.parametrize(
    ("text", "program", "expected"),
    [
        ("RUN set -e; \\\n  a; \\\n  b;\n", "b", "RUN set -e; \\\n  a;\n"),
        ("RUN a && \\\n  # on b\n  b\n", "a", "RUN \\\n  # on b\n  b\n"),
        ("RUN a & b && c\n", "b", "RUN a & c\n"),
        ("RUN if x; then a; b; fi\n", "a", "RUN if x; then b; fi\n"),
        ("RUN x && (a; b)\n", "b", "RUN x && (a)\n"),
        ("RUN a && (b; c)\n", "a", "RUN (b; c)\n"),
        ("RUN a && b | c\n", "a", "RUN b | c\n"),
        ("RUN a >f 2>&1 && b\n", "a", "RUN b\n"),
        ("RUN sh -c 'a && b' && c\n", "b", "RUN sh -c 'a' && c\n"),
        ("# escape=`\nRUN a && `\n b\n", "b", "# escape=`\nRUN a\n"),
        ("RUN a && \\\r\n b\r\n", "b", "RUN a\r\n"),
        ("RUN <<E\na\n# on b\nb\nc\nE\n", "a", "RUN <<E\n# on b\nb\nc\nE\n"),
        ("RUN <<E\na\nb\nc\nE\n", "b", "RUN <<E\na\nc\nE\n"),
    ],
)
def test_deletes_a_command_anywhere(text: str, program: str, expected: str) -> None:
    """The rest keeps its operators, its comments and its layout."""
    assert without(text, program) == expected


def test_deletes_one_command_after_another() -> None:
    """Several faults in one RUN are repaired one by one."""
    text = "RUN a && \\\n    b && \\\n    c && \\\n    d\n"

    assert without(text, "c", "a", "d") == "RUN b\n"


@pytest.mark.parametrize(
    "text", ["RUN a\n", "RUN a | b\n", "RUN x; if a; then b; fi\n"]
)
def test_refuses_to_delete_what_others_need(text: str) -> None:
    """An empty RUN or half a pipeline would break the build in a new way."""
    _, script = read_run(text)

    assert command(script, "a").removal is None


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("x.apk", "RUN apk add \\\n    # why\n    y.apk z.apk >f && b\n"),
        ("y.apk", "RUN apk add x.apk z.apk >f && b\n"),
        ("z.apk", "RUN apk add x.apk \\\n    # why\n    y.apk >f && b\n"),
        ("apk", "RUN add x.apk \\\n    # why\n    y.apk z.apk >f && b\n"),
    ],
)
def test_deletes_a_word_with_the_blank_before_it(word: str, expected: str) -> None:
    """One package less is the smallest repair there is."""
    text = "RUN apk add x.apk \\\n    # why\n    y.apk z.apk >f && b\n"
    source, script = read_run(text)
    first = script.commands[0]
    (token,) = [each for each in first.words if each.value == word]
    removal = removal_of_word(first, token)

    assert text[: removal.start] + text[removal.end :] == expected
    assert source.text == text


def test_does_not_delete_a_redirection_with_a_word() -> None:
    """What stands before the word need not be a word."""
    text = "a >f b"
    script = parse_script(Source("build.sh", text))
    removal = removal_of_word(script.commands[0], script.commands[0].words[1])

    assert text[: removal.start] + text[removal.end :] == "a >f"


def test_reads_both_forms_of_run() -> None:
    """In the JSON form, too, the script of ``sh -c`` stands at its own place."""
    source, script = read_run('RUN ["/bin/sh", "-c", "a && b x"]\n')

    assert rows(script) == [
        ("", ["/bin/sh", "-c", "a && b x"]),
        ("", ["a"]),
        ("&&", ["b", "x"]),
    ]
    assert source.cut(script.commands[2].span) == "b x"
    assert rows(read_run('CMD ["/bin/tool", "-c"]\n')[1]) == [("", ["/bin/tool", "-c"])]
    assert rows(read_run('RUN ["sh", "-c", "a \\"b\\""]\n')[1]) == [
        ("", ["sh", "-c", 'a "b"'])
    ]


def test_reads_here_documents_of_run() -> None:
    """Without a command of its own, a here-document is the script."""
    source, script = read_run("RUN <<EOF\nset -e\napk add \\\n  x\nEOF\n")

    assert rows(script) == [("", ["set", "-e"]), ("\n", ["apk", "add", "x"])]
    assert source.cut(script.commands[1].span) == "apk add \\\n  x"
    _, script = read_run("RUN cat <<EOF >/f && b\nrm $(c)\nEOF\n")
    assert rows(script) == [("", ["cat"]), ("&&", ["b"]), ("", ["c"])]


def test_reads_the_body_of_run_alone() -> None:
    """Who has no instruction at hand has a span."""
    source = Source("Dockerfile", "RUN a `\n # why\n b\n")

    script = parse(source, source.span(4, len(source.text)), "`")

    assert rows(script) == [("", ["a", "b"])]


def test_reads_a_recipe_as_the_shell_gets_it() -> None:
    """Make's variables are literal words here; their values are another question."""
    text = (
        "docker build -t $(NAME):$(shell git describe) --build-arg A=${ARCH} \\\n"
        "\t  -f Dockerfile$(ARCHTAG) . && \\\n\tcp $@ $$HOME/$$(pwd)\n"
    )
    source = Source("Makefile", text)
    script = read_recipe(text)

    assert not script.broken
    assert rows(script) == [
        (
            "",
            [
                *("docker", "build", "-t", "$(NAME):$(shell git describe)"),
                *("--build-arg", "A=${ARCH}", "-f", "Dockerfile$(ARCHTAG)", "."),
            ],
        ),
        ("&&", ["cp", "$@", "$HOME/$(pwd)"]),
        ("", ["pwd"]),
    ]
    words = [word for each in script.commands for word in each.words]
    assert [source.cut(words[at].span) for at in (3, 7, 11)] == [
        "$(NAME):$(shell git describe)",
        "Dockerfile$(ARCHTAG)",
        "$$HOME/$$(pwd)",
    ]


def test_reads_a_recipe_with_brackets_that_do_not_match() -> None:
    """Make would stop there; the words before it are still true."""
    assert rows(read_recipe("a && b $(X"))[0] == ("", ["a"])


def test_reads_text_put_together_from_pieces() -> None:
    """The run: blocks of workflows lose their indentation on the way."""
    source = Source("ci.yml", "run: |\n    a b\n    c d\n")
    joined = Joined(source, "a b\nc d\n", (0, 4), (11, 19), 23)

    script = parse_joined(joined)

    assert rows(script) == [("", ["a", "b"]), ("\n", ["c", "d"])]
    assert source.cut(script.commands[1].span) == "c d"


@pytest.mark.parametrize("text", ["a &&", "(((", "if", "a 'b", "case x in"])
def test_says_that_a_script_is_broken(text: str) -> None:
    """What was misread must not be repaired."""
    assert parse_script(Source("build.sh", text)).broken


def test_gives_up_on_texts_no_author_writes() -> None:
    """The grammar's work grows with the square of some of them."""
    for text in ("a |" * 5_000, ">" * 5_000, "a" * 20_000, "$(" * 1000 + ")" * 1000):
        assert parse_script(Source("build.sh", text)).broken


WORDS = ("a", "b ", "é", "$x", "$$", "$@", "A=", "#", ">", "<<E", "\nE\n", "\t")
QUOTES = ("$(", "${", ")", "}", "'", '"', "`", "\\", "\\\n", "sh -c '", "[ ", " ]")
LISTS = (
    "&&",
    "||",
    ";",
    "|",
    "&",
    "(",
    "{ ",
    "\n",
    "if ",
    " then ",
    "fi",
    "case x in ",
)
PIECES = st.sampled_from((*WORDS, *QUOTES, *LISTS, "esac"))


@given(st.one_of(st.text(), st.lists(PIECES, max_size=25).map("".join)))
def test_reads_anything(text: str) -> None:
    """Scripts of strangers are read on every push; none may stop the bot."""
    source = Source("x", text)
    span = source.span(0, len(text))

    for script in (
        parse(source, span),
        parse_recipe(source, span),
        parse_script(source),
    ):
        for each in script.commands:
            places = [each.span, *(word.span for word in each.words)]
            assert all(0 <= place.start <= place.end <= len(text) for place in places)


@given(st.permutations(["a 1", "b \\\n  2", "c | d", "e >f", "(g; h)", "i $(j)"]))
def test_a_deletion_leaves_the_other_commands(parts: list[str]) -> None:
    """A repair that takes a neighbour with it would be worse than the fault."""
    text = "RUN " + " && \\\n    ".join(parts) + "\n"
    source, script = read_run(text)

    for each in script.commands:
        if each.removal is None:
            continue
        edited = source.text[: each.removal.start] + source.text[each.removal.end :]
        _, after = read_run(edited)
        inside = [
            other.words
            for other in script.commands
            if not (
                each.span.start <= other.span.start and other.span.end <= each.span.end
            )
        ]
        assert not after.broken
        assert [[word.raw for word in other.words] for other in after.commands] == [
            [word.raw for word in words] for words in inside
        ]
