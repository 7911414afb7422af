"""How one recipe is repaired and tried until it stands, or ideas run out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot import workspace
from bot.facts import Facts, Published, Upgrade
from bot.loop import once, stand
from bot.model import Safety
from bot.proof import Attempt, Trial
from bot.recipe import Recipe
from bot.workshop import Bench, Limits, State
from tests.rehearsing import (
    AMD64,
    ARM64,
    FLAKY,
    PASSES,
    Memory,
    Notes,
    Play,
    ScriptedRunner,
    TableRegistry,
    planted,
    remembering,
    run,
    workshop,
)

RECIPE = Recipe("app", dockerfile="Dockerfile")
LIMITS = Limits(attempts=6, retries=2, pause=5.0)
CLEAN = {"Dockerfile": "FROM alpine:3.6\n"}
TIED = {"Dockerfile": "FROM alpine:3.6\nADD bin/app-amd64 /app\n"}
OLD = {"Dockerfile": "FROM alpine:3.4\nADD bin/app-amd64 /app\n"}
HALF = {"Dockerfile": "FROM alpine:3.6\nADD bin/app-amd64 /app\n"}
CONTRADICTION = Facts(
    {tag: Published(frozenset({AMD64})) for tag in ("alpine:3.4", "alpine:3.6")},
    {
        ("alpine:3.4", ARM64): Upgrade("alpine:3.6", frozenset({ARM64})),
        ("alpine:3.6", ARM64): Upgrade("alpine:3.4", frozenset({ARM64})),
    },
)
"""Each of two images is said to be replaced by the other."""
NO_PLATFORM = Play(
    "Step 1/2 : FROM alpine:3.4\n"
    "no matching manifest for linux/arm64 in the manifest list entries\n"
)
ABSENT = Play(
    "Step 2/2 : ADD bin/app-amd64 /app\n"
    "ADD failed: stat bin/app-amd64: file does not exist\n"
)
RATED = ("rate-limited-registry", "toomanyrequests: Rate exceeded")
NOBODY = Play("Step 1/1 : FROM alpine:3.6\nsegmentation fault\n")


def bench(
    tree: Path, plays: Sequence[Play], notes: Notes | None = None
) -> tuple[Bench, State, ScriptedRunner]:
    """Return a bench for *tree*, where to start, and its engine."""
    runner = ScriptedRunner({ARM64: plays})
    shop = workshop(tree, runner, notes=notes)
    snapshot = workspace.read(tree)
    return Bench(shop, runner, RECIPE, ARM64, LIMITS), State(snapshot, snapshot), runner


def told(attempts: Sequence[Attempt]) -> list[tuple[str, list[str]]]:
    """Return the cause of each attempt and the rules that changed something."""
    return [
        (one.cause or "stands", [change.rule for change in one.changes])
        for one in attempts
    ]


def trees(runner: ScriptedRunner) -> list[dict[str, str]]:
    """Return what was built, in order."""
    return [files for _, files in runner.builds]


def test_leaves_a_project_alone_that_stands(tmp_path: Path) -> None:
    """A healthy project is built once and not touched."""
    at, state, runner = bench(planted(tmp_path, CLEAN), [])
    end = run(stand(at, state))

    assert (end.snapshot, end.missing, len(runner.builds)) == (state.start, (), 1)


def test_an_error_may_demand_what_is_not_safe(tmp_path: Path) -> None:
    """Nobody calls this Dockerfile, so the repair is unsafe until a build asks."""
    at, state, runner = bench(planted(tmp_path, OLD), [NO_PLATFORM, ABSENT])
    end = run(stand(at, state))

    assert end.missing == ()
    assert told(end.attempts) == [
        ("base-image-without-platform", ["base-image-without-arm64"]),
        ("foreign-copy-source", ["hardcoded-arch-path"]),
        ("stands", []),
    ]
    assert trees(runner)[:2] == [OLD, HALF]
    assert "app-amd64" not in trees(runner)[2]["Dockerfile"]


def test_a_setback_of_nobody_is_tried_again_after_a_pause(tmp_path: Path) -> None:
    """A registry that is busy is given time, more each time, and not blamed."""
    notes = Notes()
    at, state, _ = bench(planted(tmp_path, CLEAN), [FLAKY, FLAKY], notes)
    end = run(stand(at, state))

    assert (end.missing, end.changed) == ((), ())
    assert notes.waited == [5.0, 10.0]
    assert told(end.attempts) == [(RATED[0], []), (RATED[0], []), ("stands", [])]
    assert "trying again in 5 s: nobody here is to blame" in notes.said


def test_a_setback_of_nobody_ends_the_loop_in_the_end(tmp_path: Path) -> None:
    """The first build and its retries; a finding nearby is not the reason."""
    notes = Notes()
    at, state, runner = bench(planted(tmp_path, TIED), [FLAKY] * 9, notes)
    end = run(stand(at, state))

    assert end.missing == (f"{ARM64}: app: {': '.join(RATED)}",)
    assert trees(runner) == [TIED] * 3
    assert notes.waited == [5.0, 10.0]


def test_patience_is_for_setbacks_in_a_row(tmp_path: Path) -> None:
    """Who repaired something in between has all retries again."""
    notes = Notes()
    plays = [FLAKY, FLAKY, NO_PLATFORM, FLAKY, FLAKY]
    at, state, _ = bench(planted(tmp_path, OLD), plays, notes)
    end = run(stand(at, state))

    assert end.missing == ()
    assert notes.waited == [5.0, 10.0, 5.0, 10.0]


def test_patience_begins_anew_after_a_build_that_stands(tmp_path: Path) -> None:
    """The proof of a tidied tree has all retries as well."""
    notes = Notes()
    tree = {"Dockerfile": "FROM alpine:3.4\nRUN true\n"}
    plays = [FLAKY, FLAKY, PASSES, FLAKY, FLAKY, PASSES]
    at, state, runner = bench(planted(tmp_path, tree), plays, notes)
    end = run(stand(at, state))

    assert notes.waited == [5.0, 10.0, 5.0, 10.0]
    assert [source.text for source in end.changed] == ["FROM alpine:3.6\nRUN true\n"]
    assert (end.missing, len(runner.builds)) == ((), 6)


def test_no_pause_is_made_twice(tmp_path: Path) -> None:
    """A job that goes on after a crash does not sit out what it sat out."""
    memory, notes = Memory(), Notes()
    tree = planted(tmp_path, CLEAN)
    at, state, _ = bench(tree, [FLAKY])
    run(stand(_with(at, memory), state))
    again, state, _ = bench(tree, [FLAKY], notes)
    run(stand(_with(again, memory.again()), state))

    assert notes.waited == []


def test_ends_where_nobody_knows_what_to_change(tmp_path: Path) -> None:
    """The last line of the log is all that can be said."""
    at, state, runner = bench(planted(tmp_path, CLEAN), [NOBODY])
    end = run(stand(at, state))

    assert end.missing == (f"{ARM64}: app: unknown: segmentation fault",)
    assert [one.log.lines[-1].text for one in end.ended] == ["segmentation fault"]
    assert len(runner.builds) == 1


def test_makes_safe_repairs_before_it_gives_up(tmp_path: Path) -> None:
    """What is wrong anyway may be behind an error that nobody knows."""
    at, state, runner = bench(planted(tmp_path, OLD), [NOBODY])
    end = run(stand(at, state))

    assert end.missing == ()
    assert trees(runner)[1]["Dockerfile"].startswith("FROM alpine:3.6\n")


def test_makes_safe_repairs_after_it_stands(tmp_path: Path) -> None:
    """What no error asked for is repaired too, and proven again."""
    tree = {"Dockerfile": "FROM alpine:3.4\nRUN true\n"}
    at, state, runner = bench(planted(tmp_path, tree), [])
    end = run(stand(at, state))

    assert told(end.attempts) == [
        ("stands", ["base-image-without-arm64"]),
        ("stands", []),
    ]
    assert trees(runner) == [tree, {"Dockerfile": "FROM alpine:3.6\nRUN true\n"}]
    assert (end.missing, len(end.ended)) == ((), 1)


def test_what_is_unsafe_waits_for_an_error_or_for_a_wish(tmp_path: Path) -> None:
    """Who asks for suggestions too gets them built as well."""
    at, state, runner = bench(planted(tmp_path, TIED), [])
    left = run(stand(at, state))
    wish = replace(at, limits=replace(LIMITS, floor=Safety.UNSAFE))
    made = run(stand(wish, state))

    assert told(left.attempts) == [("stands", [])]
    assert told(made.attempts) == [("stands", ["hardcoded-arch-path"]), ("stands", [])]
    assert "app-amd64" not in trees(runner)[-1]["Dockerfile"]


def test_takes_back_a_safe_repair_that_breaks_the_build(tmp_path: Path) -> None:
    """What stood is worth more than what would be tidy."""
    tree = {"Dockerfile": "FROM alpine:3.4\nRUN true\n"}
    at, state, runner = bench(planted(tmp_path, tree), [PASSES, NOBODY])
    end = run(stand(at, state))

    assert len(runner.builds) == 2
    assert (end.changed, end.missing) == ((), ())
    assert told(end.attempts) == [("stands", [])]


def test_an_error_that_stays_ends_the_loop(tmp_path: Path) -> None:
    """The repair was made and the same error comes again: no more ideas."""
    at, state, runner = bench(planted(tmp_path, OLD), [NO_PLATFORM] * 9)
    end = run(stand(at, state))

    assert len(runner.builds) < LIMITS.attempts
    assert len(end.missing) == 1
    assert end.missing[0].startswith(f"{ARM64}: app: base-image-without-platform: ")


def test_repairs_that_undo_each_other_end_the_loop(tmp_path: Path) -> None:
    """A registry that contradicts itself must not cost a build after the other."""
    tree = {"Dockerfile": "FROM alpine:3.4\n"}
    at, state, runner = bench(planted(tmp_path, tree), [NO_PLATFORM] * 9)
    shop = replace(at.workshop, images=TableRegistry(CONTRADICTION))
    end = run(stand(replace(at, workshop=shop), state))

    words = "no matching manifest for linux/arm64 in the manifest list entries"
    why = f"the repairs undo each other (base-image-without-platform: {words})"
    assert end.missing == (f"{ARM64}: app: {why}",)
    assert trees(runner) == [tree, {"Dockerfile": "FROM alpine:3.6\n"}]


def test_the_builds_of_a_recipe_are_bounded(tmp_path: Path) -> None:
    """An owner's machine is not kept busy for ever."""
    at, state, runner = bench(planted(tmp_path, OLD), [NO_PLATFORM, ABSENT])
    few = replace(at, limits=Limits(attempts=1))
    end = run(stand(few, state))

    assert end.missing == (f"{ARM64}: app: 1 builds were not enough",)
    assert len(runner.builds) == 1


def test_one_try_repairs_nothing(tmp_path: Path) -> None:
    """It only says what happened."""
    at, state, runner = bench(planted(tmp_path, OLD), [NO_PLATFORM])
    end, done = run(once(at, state))

    words = "no matching manifest for linux/arm64 in the manifest list entries"
    assert end.missing == (f"{ARM64}: app: base-image-without-platform: {words}",)
    assert (end.snapshot, trees(runner)) == (state.start, [OLD])
    assert end.attempts == (
        Attempt(
            platform=ARM64,
            passed=False,
            seconds=1.0,
            cause="base-image-without-platform",
            quote=words,
            path="Dockerfile",
            line=1,
            why=(
                "The image `alpine:3.4` is not published for linux/arm64, so the "
                "build cannot start from it. Use a tag that is, or an image that "
                "takes its place."
            ),
        ),
    )
    assert isinstance(done, Trial)


def test_one_try_is_patient_too(tmp_path: Path) -> None:
    """A busy registry is no answer to whether the tree stands."""
    notes = Notes()
    at, state, runner = bench(planted(tmp_path, CLEAN), [FLAKY] * 9, notes)
    end, _ = run(once(at, state))

    assert (len(runner.builds), notes.waited) == (3, [5.0, 10.0])
    assert end.missing == (f"{ARM64}: app: {': '.join(RATED)}",)


def test_progress_is_told_as_it_happens(tmp_path: Path) -> None:
    """Whoever watches sees the build, its output and the verdict."""
    notes = Notes()
    at, state, _ = bench(planted(tmp_path, OLD), [NO_PLATFORM], notes)
    run(once(at, state))

    words = "no matching manifest for linux/arm64 in the manifest list entries"
    assert notes.said == [
        f"building app for {ARM64}",
        "  | Step 1/2 : FROM alpine:3.4",
        f"  | {words}",
        f"failed: base-image-without-platform: {words}",
    ]


def test_a_recipe_is_never_tried_for_another_platform(tmp_path: Path) -> None:
    """A bench stands for one platform."""
    at, state, runner = bench(planted(tmp_path, CLEAN), [NOBODY])
    run(stand(replace(at, platform=AMD64), state))

    assert [platform for platform, _ in runner.builds] == [AMD64]


def _with(at: Bench, memory: Memory) -> Bench:
    return replace(at, workshop=remembering(at.workshop, memory))
