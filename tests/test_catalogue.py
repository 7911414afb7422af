"""Promises that every plugin keeps, however many there will be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.analysis import diagnose
from bot.causes import CAUSES
from bot.model import Cause, Confidence, Rule
from bot.rules import RULES
from tests.catalogue import analysed, example, findings, logs, repaired, sections

ROOT = Path(__file__).parent.parent
RULE_SECTIONS = [
    "What it does",
    "Why it breaks",
    "Bad",
    "Good",
    "Fix safety",
    "Not reported",
    "Test",
]
CAUSE_SECTIONS = ["What it means", "Log", "Not this", "Test"]

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
each_cause = pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.name)


@each_rule
def test_rule_page_has_every_section(rule: Rule[Any]) -> None:
    """A rule without a full page is not finished."""
    assert list(sections(rule.doc)) == RULE_SECTIONS


@each_rule
def test_rule_page_points_to_its_test(rule: Rule[Any]) -> None:
    """The file, the name, the page and the test all carry the same name."""
    module = rule.name.replace("-", "_")
    test = f"tests/rules/test_{module}.py"

    assert (rule.doc or "").rstrip().endswith(test)
    assert (ROOT / test).is_file()
    assert rule.check.__module__ == f"bot.rules.{module}"


@each_rule
def test_bad_example_becomes_the_good_one(rule: Rule[Any]) -> None:
    """The page cannot lie: its examples are run."""
    bad, good = example(rule, "Bad"), example(rule, "Good")

    assert findings(rule, bad.files, bad.facts)
    assert repaired(rule, bad.files, bad.facts) == good.files


@each_rule
def test_good_example_is_silent_under_all_rules(rule: Rule[Any]) -> None:
    """What one page recommends, no other page may complain about."""
    good = example(rule, "Good")

    assert analysed(good.files, good.facts).findings == ()


@each_cause
def test_causes_name_rules_that_exist(cause: Cause) -> None:
    """A diagnosis that leads to no rule leads nowhere."""
    assert set(cause.rules) <= {rule.name for rule in RULES}


@each_cause
def test_cause_page_has_every_section(cause: Cause) -> None:
    """A cause without a full page is not finished."""
    assert list(sections(cause.doc)) == CAUSE_SECTIONS


@each_cause
def test_cause_page_points_to_its_test(cause: Cause) -> None:
    """The file, the name, the page and the test all carry the same name."""
    module = cause.name.replace("-", "_")
    test = f"tests/causes/test_{module}.py"

    assert (cause.doc or "").rstrip().endswith(test)
    assert (ROOT / test).is_file()
    assert cause.search.__module__ == f"bot.causes.{module}"


@each_cause
def test_its_own_logs_are_explained_by_it_first(cause: Cause) -> None:
    """The page cannot lie, and no other cause speaks louder about its logs."""
    shown = logs(cause, "Log")
    firsts = [diagnose(log, CAUSES)[:1] for log in shown]

    assert shown
    assert [[item.cause for item in first] for first in firsts] == [
        [cause.name] for _ in shown
    ]


@each_cause
def test_a_look_alike_is_not_mistaken_for_it(cause: Cause) -> None:
    """A diagnosis that is wrong costs more trust than none."""
    shown = logs(cause, "Not this")

    assert shown
    assert [
        clue
        for log in shown
        for clue in cause.search(log)
        if clue.confidence > Confidence.LOW
    ] == []


@each_cause
def test_clues_quote_a_line_of_the_log(cause: Cause) -> None:
    """What is claimed can be read up where it is claimed to stand."""
    for log in logs(cause, "Log"):
        for clue in cause.search(log):
            assert log.lines[clue.line.number - 1] == clue.line


@each_cause
def test_a_transient_cause_blames_no_rule(cause: Cause) -> None:
    """What passes by itself is not repaired in the author's files."""
    assert not (cause.transient and cause.rules)
