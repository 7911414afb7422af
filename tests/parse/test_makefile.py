"""Makefiles are read as GNU make reads them, and nothing is lost."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Source
from bot.parse.makefile import Guard, Makefile, Variable, parse


def read(text: str) -> Makefile:
    """Parse *text* as the Makefile of the root."""
    return parse(Source("Makefile", text))


def recipes(text: str) -> list[tuple[tuple[str, ...], list[str]]]:
    """Return the targets of each rule with its recipe lines."""
    rules = read(text).rules
    return [(rule.targets, [line.text for line in rule.recipe]) for rule in rules]


def assigned(text: str) -> list[tuple[str, str, str]]:
    """Return name, operator and value of each assignment."""
    return [(each.name, each.operator, each.value) for each in read(text).variables]


def test_reads_every_assignment_operator() -> None:
    """Each operator has its own meaning, so none may be taken for another."""
    text = "A=1\nB := 2\nC::=3\nD:::=3\nE ?= 4\nF+=5\nG != date\n"

    assert assigned(text) == [
        ("A", "=", "1"),
        ("B", ":=", "2"),
        ("C", "::=", "3"),
        ("D", ":::=", "3"),
        ("E", "?=", "4"),
        ("F", "+=", "5"),
        ("G", "!=", "date"),
    ]


def test_joins_continued_values_and_drops_comments() -> None:
    """Make reads a continued value as one line and stops at an open ``#``."""
    text = (
        "A = one \\\n    two\\\n\tthree # words\nB = a\\#b\nC = $(X:%=%) # c \\\nmore\n"
    )

    assert assigned(text) == [
        ("A", "=", "one two three "),
        ("B", "=", "a#b"),
        ("C", "=", "$(X:%=%) "),
    ]


def test_spans_cover_the_value_as_it_is_written() -> None:
    """An edit of a value must not touch the name, the blanks or the comment."""
    text = "# top\n  A  :=  one \\\n two# why\n"
    (variable,) = read(text).variables

    cut = Source("Makefile", text).cut

    assert cut(variable.span) == "A  :=  one \\\n two"
    assert cut(variable.value_span) == "one \\\n two"


def test_keeps_modifiers() -> None:
    """Exported variables reach the programs that a recipe runs."""
    text = "export A = 1\noverride export B := 2\nundefine C\nexport = 3\n"

    found = [
        (each.name, each.operator, each.modifiers) for each in read(text).variables
    ]

    assert found == [
        ("A", "=", ("export",)),
        ("B", ":=", ("override", "export")),
        ("C", "undefine", ("undefine",)),
        ("export", "=", ()),
    ]


def test_reads_define_as_it_stands() -> None:
    """The lines of a ``define`` are a value, even where they look like rules."""
    text = "define build\ndocker build \\\n  -t $(1) .\nx: y\nendef\nall: x\n"
    (variable,) = read(text).variables

    assert variable.value == "docker build \\\n  -t $(1) .\nx: y"
    assert Source("Makefile", text).cut(variable.value_span) == variable.value
    assert recipes(text) == [(("all",), [])]


def test_an_open_define_takes_the_rest() -> None:
    """A missing ``endef`` is an error of make, and must not be one of ours."""
    assert assigned("define A +=\nx\ny") == [("A", "+=", "x\ny")]


def test_reads_rules_of_every_shape() -> None:
    """Targets, prerequisites, order-only ones, patterns and one-line recipes."""
    text = (
        "a b: c $(X:.c=.o) | d\n"
        "%.o:: %.c ; cc $<\n"
        "x.o y.o: %.o: %.c\n"
        "one two &: three\n"
    )

    rules = read(text).rules

    assert [
        (r.targets, r.pattern, r.prerequisites, r.order_only, r.line) for r in rules
    ] == [
        (("a", "b"), "", ("c", "$(X:.c=.o)"), ("d",), 1),
        (("%.o",), "", ("%.c",), (), 2),
        (("x.o", "y.o"), "%.o", ("%.c",), (), 3),
        (("one", "two"), "", ("three",), (), 4),
    ]
    assert rules[1].recipe[0].text == "cc $<"


def test_reads_recipes_with_their_prefixes_and_joints() -> None:
    """A recipe line starts behind the tab and ``@-+``, and ends with its last part."""
    text = "a:\n\t@-docker build \\\n\t  -t x .\n\n# why\n\techo done\n"
    (rule,) = read(text).rules

    assert [line.text for line in rule.recipe] == [
        "docker build \\\n\t  -t x .",
        "echo done",
    ]
    assert [Source("Makefile", text).cut(line.span) for line in rule.recipe] == [
        line.text for line in rule.recipe
    ]


def test_tabs_before_the_first_rule_are_no_recipe() -> None:
    """Projects indent the assignments of a conditional with tabs."""
    text = "ifeq ($(ARCH),amd64)\n\tTAG?=\nendif\nall:\n\techo $(TAG)\n"

    assert assigned(text) == [("TAG", "?=", "")]
    assert recipes(text) == [(("all",), ["echo $(TAG)"])]


def test_an_assignment_ends_the_recipe() -> None:
    """Behind an assignment a tab is only a blank, as in make."""
    text = "all:\n\techo a\nX = 1\n\tY = 2\n"

    assert assigned(text) == [("X", "=", "1"), ("Y", "=", "2")]
    assert recipes(text) == [(("all",), ["echo a"])]


def test_target_specific_variables_are_no_rules() -> None:
    """``release: VERSION = 1`` gives a variable to a target, not a prerequisite."""
    text = "a b: export X := 1\nc: Y = $(X:a=b)\nd: e=f\n"

    found = [(each.target, each.name, each.value) for each in read(text).variables]

    assert found == [("a b", "X", "1"), ("c", "Y", "$(X:a=b)"), ("d", "e", "f")]
    assert read(text).rules == ()


def test_guards_tell_the_branch() -> None:
    """Each line knows under which conditions make reads it."""
    text = (
        'ifeq ("$(ARCH)","x")\nA=1\n'
        "else ifneq ($(subst a,b,$(X)), y )\nA=2\n"
        "else\nA=3\nendif\n"
        "ifdef B\n ifndef C # why\nA=4\n endif\nendif\n"
        "ifeq 'l' \"r\"\nA=5\nendif\nA=6\n"
    )

    found = [
        [(g.keyword, g.left, g.right, g.negated) for g in each.guards]
        for each in read(text).variables
    ]

    first = ("ifeq", '"$(ARCH)"', '"x"')
    second = ("ifneq", "$(subst a,b,$(X))", "y ")
    assert found == [
        [(*first, False)],
        [(*first, True), (*second, False)],
        [(*first, True), (*second, True)],
        [("ifdef", "B", "", False), ("ifndef", "C", "", False)],
        [("ifeq", "l", "r", False)],
        [],
    ]


def test_a_recipe_behind_endif_belongs_to_every_branch() -> None:
    """Two heads for one recipe is a common way to vary prerequisites."""
    text = "ifdef A\nx: a\nelse\nx: b\nendif\n\techo x\nall:\n"

    assert recipes(text) == [(("x",), ["echo x"]), (("x",), ["echo x"]), (("all",), [])]


def test_a_conditional_inside_a_recipe_guards_its_lines() -> None:
    """The recipe goes on behind the conditional."""
    text = 'x:\n\ta\nifeq ("$(ARCH)","y")\n\tb\nelse\n\tc\nendif\n\td\n'
    (rule,) = read(text).rules

    assert [
        (line.text, [guard.negated for guard in line.guards]) for line in rule.recipe
    ] == [("a", []), ("b", [False]), ("c", [True]), ("d", [])]


def test_recipeprefix_changes_the_prefix() -> None:
    """Some authors will not have tabs."""
    text = ".RECIPEPREFIX = >\nall:\n> echo one\n>@echo two\n"

    assert recipes(text) == [(("all",), ["echo one", "echo two"])]


def test_names_included_files() -> None:
    """Included files bring variables, so the project must find them."""
    text = "include a.mk $(DIR)/b.mk # c\n-include d.mk\nsinclude e.mk\nvpath %.c src\n"

    assert read(text).includes == ("a.mk", "$(DIR)/b.mk", "d.mk", "e.mk")
    assert read(text).rules == ()


def test_reads_windows_line_ends() -> None:
    """A carriage return is no part of a value or of a command."""
    text = "A = 1\r\nall:\r\n\techo \\\r\n\t  a\r\n"

    assert assigned(text) == [("A", "=", "1")]
    assert recipes(text) == [(("all",), ["echo \\\r\n\t  a"])]


def test_guards_of_one_conditional_share_a_place() -> None:
    """Make judges a conditional once, so both branches must know it again."""
    text = "ifdef A\nB=1\nelse\nB=2\nendif\n"
    one, two = (each.guards[0].span for each in read(text).variables)

    assert one == two == Source("Makefile", text).span(0, 7)


_PIECES = st.sampled_from(
    [
        *("A", "all", ":", "=", ":=", "?=", "+=", "::", "|", ";", "%", "#", "\\", ","),
        *("\n", "\n\t", "\\\n", "\r\n", "\t", " ", "$(", "${", ")", "}", "$", "@", "("),
        *("ifeq (", "ifdef A", "else", "endif", "define X", "endef", "include x"),
        *("export ", "override ", "undefine ", "$(A)", "$(shell x)", ".RECIPEPREFIX"),
        *("$(foreach a,$(A),$(a))", "$(call A,$(A))", "$(if ", '"', "é", "\x00"),
    ]
)


@settings(deadline=None)
@given(st.lists(_PIECES, max_size=40).map("".join) | st.text(max_size=80))
def test_reads_anything_and_keeps_every_character(text: str) -> None:
    """No input crashes the reader, and every span cuts what it says."""
    source = Source("Makefile", text)
    file = parse(source)

    lines = [line for rule in file.rules for line in rule.recipe]
    assert [source.cut(line.span) for line in lines] == [line.text for line in lines]
    for event in file.events:
        assert 0 <= event.span.start <= event.span.end <= len(text)
        if isinstance(event, Variable):
            assert source.cut(event.span).strip() != ""
    assert all(isinstance(g, Guard) for rule in file.rules for g in rule.guards)


def test_a_recipe_behind_a_lone_branch_may_belong_to_the_rule_above() -> None:
    """Where make skips the branch, the earlier rule is still open."""
    text = "x:\n\ta\nifdef A\ny:\nendif\n\tb\n"

    assert recipes(text) == [(("x",), ["a", "b"]), (("y",), ["b"])]


def test_stray_directives_are_passed_over() -> None:
    """An ``else`` or ``endif`` too many is make's error and not ours."""
    text = "else\nendif\nelse ifdef A\nx:\nifeq a b\n\tc\nendif\n"

    assert recipes(text) == [(("x",), ["c"])]
