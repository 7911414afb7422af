"""The owner's configuration: what it says, and what a mistake in it costs."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.config import PATH, Config, Named, parse
from bot.model import Source, Span
from bot.recipe import Prepare, Recipe


def read(text: str) -> Config:
    """Parse *text* as the configuration of a repository."""
    return parse(Source(PATH, text))


def mistakes(text: str) -> list[tuple[int, str, str]]:
    """Return line, offending text and message of each mistake."""
    source = Source(PATH, text)
    return [
        (source.line(each.span.start), source.cut(each.span), each.message)
        for each in parse(source).mistakes
    ]


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "builds:\n", "{}", "~"])
def test_an_empty_configuration_means_the_defaults(text: str) -> None:
    """Everything is optional."""
    assert read(text) == Config()


def test_reads_every_key() -> None:
    """One build by command with its preparation, one by Dockerfile."""
    text = (
        "builds:\n"
        "  - name: tool\n"
        "    command: make image ARCH=$TARGETARCH\n"
        "    prepare: {image: 'golang:1.9', command: make bin}\n"
        "    smoke: /tool --version\n"
        "  - dockerfile: ./docker/Dockerfile\n"
        "    context: docker/\n"
        "    args: {VERSION: 1.10, FLAG: true, EMPTY: ''}\n"
    )
    file, folder = text.index("./docker/Dockerfile"), text.index("docker/\n")

    assert read(text) == Config(
        builds=(
            Recipe(
                name="tool",
                command="make image ARCH=$TARGETARCH",
                prepare=Prepare("golang:1.9", "make bin"),
                smoke="/tool --version",
                found=".github/multiarch.yml:2",
            ),
            Recipe(
                name="docker/Dockerfile",
                dockerfile="docker/Dockerfile",
                context="docker",
                args=(("VERSION", "1.10"), ("FLAG", "true"), ("EMPTY", "")),
                found=".github/multiarch.yml:6",
            ),
        ),
        named=(
            Named(
                *("docker/Dockerfile", "dockerfile", "docker/Dockerfile"),
                Span(PATH, file, file + len("./docker/Dockerfile")),
            ),
            Named(
                *("docker/Dockerfile", "context", "docker"),
                Span(PATH, folder, folder + len("docker/")),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "x: 1\nbiulds: []\n",
            [
                (
                    1,
                    "x",
                    (
                        "`x` is not a key of the configuration. It is ignored. "
                        "Known is `builds`."
                    ),
                ),
                (
                    2,
                    "biulds",
                    (
                        "`biulds` is not a key of the configuration. It is ignored. "
                        "Did you mean `builds`?"
                    ),
                ),
            ],
        ),
        (
            "builds:\n  - command: make\n    smok: x\n",
            [
                (
                    3,
                    "smok",
                    (
                        "`smok` is not a key of a build. It is ignored. "
                        "Did you mean `smoke`?"
                    ),
                )
            ],
        ),
        (
            "builds:\n  - dockerfile: D\n    command: make\n",
            [
                (
                    2,
                    "D",
                    (
                        "This build has both `command` and `dockerfile`. "
                        "It is ignored. Keep the one that builds the image."
                    ),
                )
            ],
        ),
        (
            "builds:\n  - name: x\n    smoke: y\n",
            [
                (
                    2,
                    "name: x",
                    (
                        "This build has neither `command` nor `dockerfile`. "
                        "It is ignored. Say how the image is built with one of them."
                    ),
                )
            ],
        ),
        (
            "builds:\n  - command: make\n    context: x\n",
            [
                (
                    3,
                    "x",
                    (
                        "`context` has no meaning beside `command`. It is ignored. "
                        "Let the command choose its context."
                    ),
                )
            ],
        ),
        (
            "builds:\n  - dockerfile: ../../etc/D\n",
            [
                (
                    2,
                    "../../etc/D",
                    (
                        "`../../etc/D` leaves the repository. It is ignored. "
                        "Give a path relative to the root of the repository."
                    ),
                )
            ],
        ),
        (
            "builds:\n  - command: make\n    prepare: {image: x}\n",
            [
                (
                    3,
                    "{image: x}",
                    (
                        "`prepare` needs both `image` and `command`. It is ignored. "
                        "Name the image in which the command runs."
                    ),
                )
            ],
        ),
        (
            "builds:\n  - command: make\n    args: [A]\n",
            [
                (
                    3,
                    "[A]",
                    (
                        "`args` must map names to values. It is ignored. "
                        "Write `NAME: value`."
                    ),
                )
            ],
        ),
        (
            "builds:\n  - command: [make]\n    args: {A: [1], ~: 2}\n",
            [
                (
                    2,
                    "[make]",
                    (
                        "`command` must be a text. It is ignored. "
                        "Write a plain text there."
                    ),
                ),
                (
                    3,
                    "[1]",
                    (
                        "`A` must have a text as its value. It is ignored. "
                        "Write a plain text there."
                    ),
                ),
                (3, "~", "A name is empty. It is ignored. Write a plain text there."),
            ],
        ),
        (
            "builds: {name: x}\n",
            [
                (
                    1,
                    "{name: x}",
                    (
                        "`builds` must be a list. It is ignored. "
                        "Start each entry with `- `."
                    ),
                )
            ],
        ),
        (
            "- builds\n",
            [
                (
                    1,
                    "- builds",
                    (
                        "The configuration must have keys. It is ignored. "
                        "Write `KEY: value`, with a key such as `builds`."
                    ),
                )
            ],
        ),
        (
            "runners: [a]\nplatforms: [linux/s390x]\n",
            [
                (
                    1,
                    "runners",
                    (
                        "`runners` is not a key of the configuration. It is ignored. "
                        "Known is `builds`."
                    ),
                ),
                (
                    2,
                    "platforms",
                    (
                        "`platforms` is not a key of the configuration. It is ignored. "
                        "Known is `builds`."
                    ),
                ),
            ],
        ),
        (
            "builds: []\nbuilds: []\n",
            [
                (
                    2,
                    "builds",
                    "`builds` is said twice. It is ignored. Keep one of them.",
                )
            ],
        ),
        (
            "builds:\n- {name: a, command: x}\n- {name: a, command: y}\n",
            [
                (
                    3,
                    "{name: a, command: y}",
                    (
                        "A build named `a` is there already. It is ignored. "
                        "Give each build a name of its own."
                    ),
                )
            ],
        ),
        (
            "builds: [{command: [a]}, {dockerfile: ~}]\n? [x]\n: 1\n",
            [
                (
                    1,
                    "[a]",
                    (
                        "`command` must be a text. It is ignored. "
                        "Write a plain text there."
                    ),
                ),
                (
                    1,
                    "~",
                    "`dockerfile` is empty. It is ignored. Write a plain text there.",
                ),
                (
                    2,
                    "[x]",
                    (
                        "`[x]` is not a key of the configuration. It is ignored. "
                        "Known is `builds`."
                    ),
                ),
            ],
        ),
    ],
)
def test_says_what_is_wrong_where(
    text: str, expected: list[tuple[int, str, str]]
) -> None:
    """The author finds the line, the reason and the way out in one message."""
    assert mistakes(text) == expected


def test_good_entries_survive_beside_bad_ones() -> None:
    """A typo in one build must not switch the others off."""
    text = (
        "builds:\n  - {name: a, command: make a}\n  - {name: b}\n  - [c]\n"
        "  - {name: d, command: make d, prepare: {image: x}}\n"
        "  - {name: e, dockerfile: E, smok: 1}\nrunner: x\n"
    )
    found = read(text)

    assert [recipe.name for recipe in found.builds] == ["a", "e"]
    assert len(found.mistakes) == 5


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("builds: [", "expected the node content, but found '<stream end>'"),
        ("a: &x [1]\nb: [*x, *x]\n", "aliases are not supported"),
        ("[" * 5000, "it is nested too deeply"),
        ("a: \x01", "special characters are not allowed"),
        ("#" * 100_001, "it is longer than 100000 characters"),
        ("a: 1\n---\nb: 2\n", "but found another document"),
    ],
)
def test_what_is_no_yaml_means_the_defaults(text: str, reason: str) -> None:
    """A broken or hostile file costs one mistake, no time and no crash."""
    found = read(text)

    assert found.builds == ()
    assert [mistake.message for mistake in found.mistakes] == [
        (
            f"The configuration cannot be read: {reason}. "
            "The defaults are used. Mend the YAML here."
        )
    ]


_WORDS = st.sampled_from(
    [
        *("builds", "name", "command", "dockerfile", "args", "prepare", "image", "x"),
        *(":", ": ", "\n", "\n  ", "- ", "[", "]", "{", "}", ",", "&a", "*a", "!!set"),
        *("'", '"', "|", ">", "#", "~", "%YAML", "---", "\t", "\x00", "é", "<<"),
    ]
)


@settings(deadline=None)
@given(st.lists(_WORDS, max_size=30).map("".join) | st.text(max_size=60))
def test_reads_anything(text: str) -> None:
    """No input crashes, and every mistake stands inside the file."""
    for mistake in read(text).mistakes:
        assert 0 <= mistake.span.start <= mistake.span.end <= len(text)
