"""An ignore file keeps out of the context exactly what moby keeps out."""

from __future__ import annotations

import posixpath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Source
from bot.parse.dockerignore import Dockerignore, parse


def read(*lines: str) -> Dockerignore:
    """Read an ignore file of *lines*."""
    return parse(Source(".dockerignore", "\n".join(lines)))


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        # Whole names, and the directories above.
        ("file", "file", True),
        ("file", "filter", False),
        ("file", "dir/file", False),
        ("dir", "dir/file", True),
        ("dir/", "dir/a/b", True),
        ("/dir", "dir/file", True),
        ("./dir/../file", "file", True),
        ("a/b", "a/b/c/d", True),
        ("../file", "file", False),
        (".", "file", False),
        ("/", "file", False),
        (".*", ".git/config", True),
        (".*", "a/.git", False),
        # One star and one question mark stay inside a name.
        ("*", "file", True),
        ("*", "dir/file", True),
        ("*.go", "a.go", True),
        ("*.go", "dir/a.go", False),
        ("*/*.go", "dir/a.go", True),
        ("a*b", "a/b", False),
        ("dir/*", "dir", False),
        ("dir/*", "dir/a/b", True),
        ("fil?", "file", True),
        ("fil?", "fil", False),
        ("a?b", "a/b", False),
        # Two stars cross directories, and stand for none, too.
        ("**", "file", True),
        ("**", "a/b/c", True),
        ("**/", "a/b", True),
        ("**/**", "a/b", True),
        ("dir/**", "dir", False),
        ("dir/**", "dir/file", True),
        ("dir/**", "dirt/file", False),
        ("**/file", "file", True),
        ("**/file", "a/b/file", True),
        ("**/file", "a/afile", False),
        ("**/dir", "a/dir/b", True),
        ("**/dir/*", "dir/b", True),
        ("**/dir/**", "a/dir/b/c", True),
        ("**/*.txt", "a/b/c.txt", True),
        ("**/*.txt", "a/b/c.md", False),
        ("**file", "a/myfile", True),
        ("**/a*", "x/abc", True),
        ("a/**/b", "a/b", True),
        ("a/**/b", "a/x/y/b", True),
        ("a/**/b", "a/x/yb", False),
        ("a**/b", "ax/y/b", True),
        ("a**", "abc/d", True),
        ("**/.git", ".git/config", True),
        ("x**/*/y", "xa/b/y", True),
        # Brackets.
        ("[abc]", "b", True),
        ("[abc]", "d", False),
        ("[a-c]1", "b1", True),
        ("[^a-c]1", "b1", False),
        ("[^a-c]1", "d1", True),
        ("[!a]", "b", False),
        ("[!a]", "!", True),
        ("x[\\]]", "x]", True),
        ("[\\-x]", "-", True),
        ("a[b-d]e*", "ace-x", True),
        ("[*]x", "*]x", False),
        # Escapes, and what means nothing here but much to a regular expression.
        ("a\\*b", "a*b", True),
        ("a\\*b", "axb", False),
        ("a\\.b", "a.b", True),
        ("\\d", "7", True),
        ("\\d", "d", False),
        ("a.b", "axb", False),
        ("a.*", "axb", False),
        ("a+b*", "aab", False),
        ("a+b*", "a+b", True),
        ("(a|b)*", "a", False),
        ("{a}*", "{a}", True),
        ("\\t", "\t", True),
        # What moby forgets to escape.
        ("a|b", "a|b", True),
        ("a|[b-c]", "abc", True),
        ("a|[b-c]", "xc", True),
        ("a|[b-c]", "cx", False),
        ("x{2}*", "xx", True),
        ("x{2}*", "x{2}", False),
        ("x{1,2}[y]", "xxy", True),
        ("x{2,}[y]", "xxxy", True),
        ("^*", "file", True),
        ("*/ /", "file", True),
        ("$a*", "$ab", True),
        ("a^b", "a^b", True),
        ("a^b*", "a^b", False),
        ("ä*", "äß", True),
        ("?", "ß", True),
        # What is around a pattern.
        ("  file\t", "file", True),
        ("fi le", "fi le", True),
        ("#file", "#file", False),
        (" #file", "#file", True),
        ("\\#file", "#file", True),
    ],
)
def test_matches_as_moby_does(pattern: str, path: str, *, expected: bool) -> None:
    """One file more or less in the context decides whether a COPY works."""
    assert read(pattern).ignores(path) is expected


@pytest.mark.parametrize(
    ("lines", "path", "expected"),
    [
        (["*", "!file"], "file", False),
        (["*", "!file"], "other", True),
        (["!file", "*"], "file", True),
        (["*", "!dir"], "dir/a/b", False),
        (["*", "!dir", "dir/a"], "dir/a/b", True),
        (["*", "!dir", "dir/a", "!dir/a/b"], "dir/a/b", False),
        (["*", "!dist/amd64/tool"], "dist/amd64/tool", False),
        (["*", "!dist/amd64/tool"], "dist/arm64/tool", True),
        (["dir", "!dir/file"], "dir/file", False),
        (["dir", "!dir/file"], "dir/other", True),
        (["dir/**", "!dir/*.md"], "dir/a.md", False),
        (["dir/**", "!dir/*.md"], "dir/sub/a.md", True),
        (["**/*.md", "!README.md"], "README.md", False),
        (["**", "!**/keep"], "a/b/keep", False),
        (["*", "! file "], "file", False),
        (["*", "!/file"], "file", False),
        (["*", "/!file"], "file", False),
        (["*", "./!file"], "file", False),
        (["*", "!!file"], "!file", False),
        (["file", "!file", "file"], "file", True),
        ([], "file", False),
        (["", "  ", "# file"], "file", False),
    ],
)
def test_lets_the_last_word_decide(
    lines: list[str], path: str, *, expected: bool
) -> None:
    """Allow-lists are written with ``!``, and arm64 is what they forget."""
    assert read(*lines).ignores(path) is expected


def test_hands_on_only_the_patterns_a_directory_matched() -> None:
    """A ``!`` that changed nothing for the directory is not inherited below it."""
    ignore = read("a/x", "!a")

    assert ignore.ignores("a/x")
    assert not ignore.ignores("a/y")


def test_says_which_line_decided() -> None:
    """The message points at the line; the fix goes right behind its siblings."""
    text = "# all\n*\r\n!bin/amd64\r\n"
    ignore = parse(Source(".dockerignore", text))
    decisive = ignore.decided_by("bin/amd64/tool")

    assert decisive is not None
    assert (decisive.raw, decisive.pattern, decisive.negated) == (
        "!bin/amd64",
        "bin/amd64",
        True,
    )
    assert ignore.source.cut(decisive.span) == "!bin/amd64"
    assert read("bin").decided_by("other") is None


def test_steps_over_a_byte_order_mark() -> None:
    """Editors of Windows put one before the first pattern."""
    (pattern,) = read("\ufefffile").patterns

    assert (pattern.pattern, pattern.span.start) == ("file", 1)


@pytest.mark.parametrize(
    "pattern",
    [
        *("!", "!/", "[", "a[", "[]a]", "[-a]", "[a-]", "[b-a]", "a\\", "\\q", "*{2}"),
        *("x{2}{3}*", "x{9999}*", "[[:alpha:]]", "[\\d]", "x{999}" * 12 + "*"),
    ],
)
def test_names_the_line_that_docker_refuses(pattern: str) -> None:
    """Docker stops at such a line; the other lines keep their meaning."""
    ignore = read("file", pattern)
    message = (
        f"Docker refuses the pattern {pattern!r}, or takes it for what nobody means."
    )

    problems = [
        (ignore.source.cut(each.span), each.message) for each in ignore.problems
    ]
    assert problems == [(pattern, message)]
    assert ignore.ignores("file")
    assert not ignore.ignores("other")


LINES = st.lists(st.text(alphabet="ab*?/!.\\[]^-# #\t\r", max_size=8), max_size=5)
PATHS = st.text(alphabet="ab/.*!", min_size=1, max_size=12)


@given(LINES, PATHS)
def test_answers_for_anything(lines: list[str], path: str) -> None:
    """Neither a pattern nor a path of a stranger may stop the bot."""
    ignore = read(*lines)

    decisive = ignore.decided_by(path)
    assert ignore.ignores(path) is (decisive is not None and not decisive.negated)


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=5).map("/".join))
def test_an_exact_pattern_means_a_path_and_all_below(path: str) -> None:
    """Without marks a pattern is a path."""
    for other in ("a", "a/b", "a/b/c", "b", "ab"):
        expected = path == other or path.startswith(f"{other}/")
        assert read(other).ignores(path) is expected


@given(st.text(alphabet="ab/.", min_size=1, max_size=10), PATHS)
def test_spelling_of_a_path_does_not_matter(pattern: str, path: str) -> None:
    """Patterns are cleaned before they are compared."""
    clean = posixpath.normpath(pattern).lstrip("/") or "/"

    assert read(pattern).ignores(path) is read(clean).ignores(path)


@pytest.mark.timeout(20)
def test_hostile_patterns_take_linear_time() -> None:
    """Stars in a row make a backtracking matcher run for years."""
    path = "a/" * 100 + "a" * 500

    assert not read("*a" * 20 + "b").ignores(path)
    assert not read("a/" + "**/" * 20 + "b").ignores(path)
    assert not read("[" * 100_000).ignores("a")
