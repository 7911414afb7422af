"""Variables come out as GNU make has them; what a program decides stays open."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Source
from bot.parse.holes import HOLE
from bot.parse.makefile import Event, Scope, Surroundings, parse

TAGS = """\
ARCH?=amd64
ifeq ($(ARCH),amd64)
\tARCHTAG?=
endif
ifeq ($(ARCH),s390x)
\tARCHTAG:=-s390x
endif
"""

CASES = [
    (TAGS, {}, "Dockerfile$(ARCHTAG)"),
    (TAGS, {"ARCH": "arm64"}, "Dockerfile$(ARCHTAG)"),
    (TAGS, {"ARCH": "s390x"}, "Dockerfile$(ARCHTAG)"),
    ("A = $(B)\nB = 1\nB = 2\n", {}, "$(A)"),
    ("B = 1\nA := $(B)\nB = 2\n", {}, "$A"),
    ("A = 1\nA ?= 2\nB ?= 3\n", {}, "$(A)${B}"),
    ("A = $(B)\nA += c\nB = b\n", {}, "$(A)"),
    ("B = b\nA := $(B)\nA += $(B)\nB = c\n", {}, "$(A)"),
    ("A += x\nA += y\n", {}, "$(A)"),
    ("A =\nA += y\n", {}, "[$(A)]"),
    ("A = file\n", {"A": "given"}, "$(A)"),
    ("override A = file\n", {"A": "given"}, "$(A)"),
    ("A = file\nA += more\n", {"A": "given"}, "$(A)"),
    ("A = x\nundefine A\n", {}, "[$(A)]"),
    ("define A\none\ntwo\nendef\n", {}, "$(words $(A))"),
    ("A = a.c b.c\n", {}, "$(A:.c=.o) $(A:%.c=d/%.o) $(A:a.c=)"),
    ("A = a.c b.c\n", {}, "$(patsubst %.c,%.o,$(A)) $(subst .c,,$(A))"),
    ("A = x  y\n", {}, "[$(strip  $(A) )]"),
    ("A = a b c\n", {}, "$(filter a c%,$(A))|$(filter-out b,$(A))"),
    ("A = amd64\n", {}, "$(if $(filter $(A),arm64 amd64),known,new)"),
    ("A =\n", {}, "$(if $(A),yes)$(if $(A),yes,no)$(or $(A),,z)$(and x,$(A),y)"),
    ("A = a b\n", {}, "$(foreach x,$(A),<$(x)>) $(and 1,2) $(or ,2,3)"),
    ("B = $(x)!\n", {}, "$(foreach x,1 2,$(B))"),
    ("F = $(2)-$(1)$(3)\n", {}, "$(call F,a,b)"),
    ("A = src/a.tar.gz b /c\n", {}, "$(dir $(A)) $(notdir $(A)) $(basename $(A))"),
    ("A = a.b/c d.e.f\n", {}, "$(suffix $(A))|$(basename $(A))"),
    ("A = b a b\n", {}, "$(sort $(A)) $(word 2,$(A)) $(words $(A)) $(wordlist 2,9,$A)"),
    ("A = b a\n", {}, "$(firstword $(A)) $(lastword $(A)) $(join 1 2 3,$(A))"),
    ("A = b a\n", {}, "$(addprefix -,$(A)) $(addsuffix .o,$(A)) $(findstring b,$(A))"),
    ("A = $$x $$$$\n", {}, "$(A)$$"),
    ("A_amd64 = 1\nX = amd64\n", {}, "$(A_$(X))"),
    ("A = a,b\n", {}, "$(subst $(comma),-,$(A))$(subst a,-,$(A))"),
    ('X = y\nifeq ("$(X)","y")\nA = q\nelse\nA = n\nendif\n', {}, "$(A)"),
    ("ifeq ($(X), )\nA = empty\nendif\n", {}, "$(A)"),
    ("ifneq ($(X),)\nA = set\nelse ifdef Y\nA = y\nelse\nA = no\nendif\n", {}, "$(A)"),
    ("Y = 1\nifneq ($(X),)\nA = set\nelse ifdef Y\nA = y\nendif\n", {}, "$(A)"),
    ("ifndef X\nX = 1\nY = 2\nelse\nY = 3\nendif\n", {}, "$(X)$(Y)"),
    ("ifdef X\nifdef Y\nA=1\nelse\nA=2\nendif\nelse\nA=3\nendif\n", {"X": "1"}, "$(A)"),
    ("ifeq 'a' \"a\"\nA = same\nendif\n", {}, "$(A)"),
    ("A = 1 # no\nB = $(A)x\n", {}, "[$(B)]"),
    ("A = one \\\n   two\n", {}, "$(A)"),
    ("X := $(A)\nA = 1\n", {}, "[$(X)]"),
    ("A = $(value B)\nB = $(C)\n", {}, "$(A)"),
    ("empty :=\nspace := $(empty) $(empty)\n", {}, "$(subst $(space),-,a b)"),
]


def scope(text: str, given: dict[str, str] | None = None, **around: object) -> Scope:
    """Return the variables of *text*."""
    answers = {"uname -m": "aarch64"} if around.get("answers") else {}
    files = {"*.c": ["a.c", "b.c"]}
    listed = (lambda pattern: files.get(pattern, [])) if around.get("files") else None
    return parse(Source("Makefile", text)).scope(
        given or {}, Surroundings(answers, listed), str(around.get("target", ""))
    )


def gnu_make(text: str, given: dict[str, str], asked: str, place: Path) -> str:
    """Return what GNU make makes of *asked* behind *text*."""
    program = shutil.which("make")
    if not program:
        pytest.skip("GNU make is not installed")
    file = place / "Makefile"
    file.write_text(f"{text}\n$(info {asked})\nall: ;@:\n")
    words = [f"{name}={value}" for name, value in given.items()]
    done = subprocess.run(  # noqa: S603 - our own words, no shell
        [program, "-rR", "-f", str(file), *words],
        capture_output=True,
        check=True,
        cwd=place,
        env={"PATH": "/usr/bin:/bin"},
        text=True,
    )
    return done.stdout.removesuffix("\n")


@pytest.mark.parametrize(("text", "given_", "asked"), CASES)
def test_expands_as_gnu_make_does(
    text: str, given_: dict[str, str], asked: str, tmp_path: Path
) -> None:
    """The bot's word is worth what make's is, so make itself is the judge."""
    assert scope(text, given_).expand(asked) == gnu_make(text, given_, asked, tmp_path)


def test_an_architecture_without_a_branch_has_no_tag() -> None:
    """So the arm64 build of such a project finds its Dockerfile."""
    file = parse(Source("Makefile", TAGS))

    asked = "docker-image/Dockerfile$(ARCHTAG)"
    assert file.expand(asked, {"ARCH": "arm64"}) == "docker-image/Dockerfile"
    assert file.expand(asked, {"ARCH": "s390x"}) == "docker-image/Dockerfile-s390x"


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("", "$(shell date)"),
        ("A != date\n", "$(A)"),
        ("A := $(shell date)\nB = x$(A)\n", "$(B)"),
        ("", "$(wildcard *.c)"),
        ("", "$(words $(shell ls))"),
        ("", "$(if $(shell which x),1,2)"),
        ("", "$(HOME)/x"),
        ("A = $(A)\n", "$(A)"),
        ("A = $(B)\nB = $(A)\n", "$(A)"),
        ("ifeq ($(shell x),y)\nA = 1\nendif\n", "$(A)"),
        ("ifeq ($(shell x),y)\nA = 1\nelse\nA = 2\nendif\n", "$(A)"),
        ("ifdef HOME\nA = 1\nendif\n", "$(A)"),
        ("", "$(eval X=1)$(origin X)"),
        ("A = 1\n", "$(origin A)"),
        ("", "$(origin CC)"),
        ("", "$(unclosed"),
    ],
)
def test_does_not_guess(text: str, asked: str) -> None:
    """What only a program or the environment could tell is unknown."""
    assert scope(text).expand(asked) is None


def test_knows_what_nothing_sets() -> None:
    """A default is often given only where ``origin`` says that there is none."""
    text = "ifeq ($(origin A),undefined)\nA = 1\nendif\n"

    assert scope(text).expand("$(A)") == "1"


def test_an_unknown_condition_that_changes_nothing_is_harmless() -> None:
    """Both branches agree, so the value is known."""
    text = "A = 1\nifeq ($(shell x),y)\nA = 1\nendif\n"

    assert scope(text).expand("$(A)") == "1"


def test_keeps_what_is_known_around_a_hole() -> None:
    """``-t image:$(shell git describe)`` hides neither ``-f`` nor the context."""
    asked = "docker build -t x:$(shell git describe) -f d ."

    assert scope("").outline(asked) == f"docker build -t x:{HOLE} -f d ."


def test_uses_what_programs_are_known_to_print() -> None:
    """On the platform in question ``uname -m`` has one answer."""
    text = "ARCH := $(shell uname  -m)\nifeq ($(ARCH),aarch64)\nT = arm64\nendif\n"

    assert scope(text, answers=True).expand("$(T)") == "arm64"


def test_lists_files_that_are_known() -> None:
    """Wildcards see the tree, one directory level at a time."""
    assert scope("", files=True).expand("$(wildcard *.c x/*.c)") == "a.c b.c"


def test_target_specific_values_hold_for_their_target() -> None:
    """A value given to one target is not there for another."""
    text = "A = 1\nimage-%: A = 2\n"

    assert scope(text, target="image-x").expand("$(A)") == "2"
    assert scope(text, target="other").expand("$(A)") == "1"


def test_automatic_variables_have_directory_parts() -> None:
    """Recipes name their target's directory by ``$(@D)``."""
    found = scope("", {"@": "out/bin/x"}).expand("$@ $(@D) $(@F)")

    assert found == "out/bin/x out/bin x"


def test_knows_what_is_exported() -> None:
    """``DOCKER_BUILDKIT`` counts only where docker sees it."""
    assert scope("export A = 1\nB = 2\nexport C D\n").exported == {"A", "C", "D"}
    assert "B" in scope("B = 2\nexport\n").exported


def test_reads_included_files_where_they_stand() -> None:
    """Variables of an included file hold below the include, not above."""
    files: dict[str, tuple[Event, ...]] = {
        "a.mk": parse(Source("a.mk", "B := $(A)\n")).events,
        "loop.mk": parse(Source("loop.mk", "include loop.mk\nL += x\n")).events,
    }
    file = parse(Source("Makefile", "A=1\ninclude a.mk loop.mk no.mk\nA=2\n"))

    found = file.scope({}, Surroundings(included=files.get))

    assert found.expand("$(B)$(A)") == "12"
    assert found.expand("$(words $(L))") == "8"


def test_says_which_lines_are_live() -> None:
    """A build in the branch of another architecture is not this platform's."""
    text = "ifeq ($(A),1)\nx:\nelse ifeq ($(shell z),1)\ny:\nelse\nz:\nendif\n"
    rules = parse(Source("Makefile", text)).rules

    assert [scope(text, {"A": "1"}).live(rule.guards) for rule in rules] == [
        True,
        False,
        False,
    ]
    assert [scope(text, {"A": "2"}).live(rule.guards) for rule in rules] == [
        False,
        None,
        None,
    ]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f"A{n} = $(A{n + 1})$(A{n + 1})" for n in range(60)),
        "A0 := xxxxxxxxxx\n"
        + "\n".join(f"A{n + 1} := $(A{n})$(A{n})" for n in range(60)),
        "A0 = $(foreach x,1 2 3 4 5 6 7 8 9,$(foreach y,1 2 3 4 5 6 7 8 9,$(A0)))\n",
        "A0 = $(call A0,$(1)$(1))\n",
        "\n".join("A0 := $(A0)$(A0)x" for _ in range(20_000)),
    ],
    ids=["doubling", "growing", "loops", "calls", "many"],
)
def test_no_makefile_can_hold_us_up(text: str) -> None:
    """A bomb ends as unknown, within a bounded amount of work."""
    found = scope(text).expand("$(A60)$(A0)")

    assert found is None or len(found) <= 100_000


@settings(deadline=None)
@given(st.text(alphabet="$(){}AB:=%, \n\tifelsdn#\\", max_size=60))
def test_expands_anything(text: str) -> None:
    """No text crashes the expansion, and a hole is never shown to the asker."""
    found = scope(text, {"A": "$(A)", "B": "x"}).expand(text)

    assert found is None or HOLE not in found
