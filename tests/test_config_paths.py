"""Whether what the configuration names is there, and what it costs where not."""

from __future__ import annotations

import pytest

from bot.config import PATH
from bot.project import Project
from bot.snapshot import Snapshot
from tests.catalogue import snapshot

IGNORED = "of this repository. It is ignored."
NO_IDEA = "Name one that is, or the step that makes it with `prepare`."


def configured(builds: str, *paths: str) -> Project:
    """Return a project with *builds* in its configuration, and empty *paths*."""
    tree = snapshot({PATH: f"builds:\n{builds}", "tools/Dockerfile": "FROM a\n"})
    return Project.of(Snapshot(tree.paths | set(paths), tree.sources))


def mistakes(project: Project) -> list[tuple[int, str]]:
    """Return line and message of each mistake."""
    source = project.snapshot.sources[PATH]
    found = project.config.mistakes
    return [(source.line(one.span.start), one.message) for one in found]


@pytest.mark.parametrize(
    ("build", "paths"),
    [
        ("{dockerfile: tools/Dockerfile, context: tools}", ()),
        ("{dockerfile: tools/Dockerfile, context: .}", ()),
        ("{dockerfile: tools/Dockerfile}", ()),
        ("{dockerfile: link/Dockerfile, context: link}", ("link",)),
        ("{dockerfile: D, context: out, prepare: {image: a, command: make D}}", ()),
        ("{command: make image}", ()),
    ],
)
def test_what_is_there_or_may_be_made_is_no_mistake(
    build: str, paths: tuple[str, ...]
) -> None:
    """A link or a submodule leads where nobody looks; a step makes what it will."""
    project = configured(f"  - {build}\n", *paths)

    assert mistakes(project) == []
    assert len(project.config.builds) == 1


@pytest.mark.parametrize(
    ("path", "advice"),
    [
        ("tool/Dockerfile", "Did you mean `tools/Dockerfile`?"),
        ("some/thing.else", NO_IDEA),
    ],
)
def test_a_dockerfile_that_is_not_there_costs_its_build(path: str, advice: str) -> None:
    """It is told on its line, before an engine fails with a path of its own."""
    project = configured(f"  - {{command: make}}\n  - dockerfile: {path}\n")

    assert mistakes(project) == [(3, f"`{path}` is no file {IGNORED} {advice}")]
    assert [each.name for each in project.config.builds] == ["make"]


def test_a_context_that_is_not_there_costs_itself() -> None:
    """The root stands in for it, as for every context that cannot be meant."""
    project = configured("  - dockerfile: tools/Dockerfile\n    context: toolz\n")

    hint = "Did you mean `tools`?"
    assert mistakes(project) == [(3, f"`toolz` is no folder {IGNORED} {hint}")]
    assert [each.context for each in project.config.builds] == ["."]
