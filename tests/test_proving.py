"""The way of the loop from a project to its proof, with a scripted engine."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bot.errors import EngineUnavailableError
from bot.ports import BuildResult, Say
from bot.proof import Audit, Built, Proof, Smoke, Story, WrongFile
from bot.proving import Limits, Result, build, prove
from bot.recipe import Recipe
from tests.rehearsing import (
    AMD64,
    ARM64,
    FLAKY,
    IMAGE,
    PASSES,
    STARTS,
    Notes,
    Play,
    ScriptedRunner,
    changed,
    planted,
    run,
    workshop,
)

OLD_BASE = Play(
    "Step 1/1 : FROM alpine:3.4\n"
    "no matching manifest for linux/arm64 in the manifest list entries\n"
)
BROKEN = Play("Step 1/1 : FROM alpine:3.6\ngcc: internal compiler error\n")
FILES = {"Dockerfile": 'FROM alpine:3.4\nCMD ["app"]\n'}
MENDED = {"Dockerfile": 'FROM alpine:3.6\nCMD ["app"]\n'}


TWO = {
    ".github/multiarch.yml": (
        "builds:\n  - name: a\n    dockerfile: a/Dockerfile\n"
        "  - name: b\n    dockerfile: b/Dockerfile\n"
    ),
    "a/Dockerfile": "FROM alpine:3.6\n",
    "b/Dockerfile": "FROM alpine:3.4\n",
}
MENDED_TWO = {**TWO, "b/Dockerfile": "FROM alpine:3.6\n"}


@dataclass(slots=True)
class Asked(ScriptedRunner):
    """An engine that writes down the recipes it was given, and speaks of them."""

    recipes: list[Recipe] = field(default_factory=list)

    async def build(
        self, tree: Path, recipe: Recipe, platform: str, say: Say
    ) -> BuildResult:
        """Write the recipe down and build it."""
        self.recipes.append(recipe)
        self.dockerfile = recipe.dockerfile
        return await ScriptedRunner.build(self, tree, recipe, platform, say)


def built(platform: str, recipe: str = "Dockerfile") -> Built:
    """Return what the scripted engine says of a build that passed."""
    native = platform == ARM64
    return Built(recipe, "scripted", platform, native, "classic", IMAGE, 1.0)


def met(result: Result) -> list[tuple[str, bool, str | None]]:
    """Return platform, verdict and cause of every attempt."""
    return [(one.platform, one.passed, one.cause) for one in result.story.attempts]


def test_the_proof_is_whole(tmp_path: Path) -> None:
    """Both builds, the audit and the smoke run, and what was changed for them."""
    tree = planted(tmp_path, FILES)
    result = run(prove(workshop(tree, ScriptedRunner({ARM64: [OLD_BASE]}))))

    assert changed(result) == MENDED
    assert result.story == Story(
        proven=True,
        missing=(),
        attempts=result.story.attempts,
        proof=Proof((built(ARM64),), (built(AMD64),), Audit(3), (STARTS,)),
    )
    assert met(result) == [
        (ARM64, False, "base-image-without-platform"),
        (ARM64, True, None),
        (AMD64, True, None),
    ]


def test_what_breaks_amd64_is_not_proven(tmp_path: Path) -> None:
    """A repair for one platform must not cost the other."""
    tree = planted(tmp_path, FILES)
    script = {ARM64: [OLD_BASE], AMD64: [BROKEN, PASSES]}
    runner = ScriptedRunner(script)
    story = run(prove(workshop(tree, runner))).story

    assert story.missing == (
        f"{AMD64}: Dockerfile: unknown: gcc: internal compiler error",
    )
    assert story.proof.amd64 is None
    assert runner.builds[-2:] == [(AMD64, MENDED), (AMD64, FILES)]


def test_what_was_broken_on_amd64_before_is_told_apart(tmp_path: Path) -> None:
    """The repair is not blamed for what it did not do."""
    tree = planted(tmp_path, FILES)
    script = {ARM64: [OLD_BASE], AMD64: [BROKEN, BROKEN]}
    story = run(prove(workshop(tree, ScriptedRunner(script)))).story

    assert story.missing == (
        f"{AMD64}: Dockerfile: unknown: gcc: internal compiler error",
        f"{AMD64}: Dockerfile: does not stand without the changes either",
    )


def test_amd64_is_tried_again_where_nobody_is_to_blame(tmp_path: Path) -> None:
    """A registry that hiccups at the end must not cost the whole proof."""
    notes = Notes()
    runner = ScriptedRunner({AMD64: [FLAKY]})
    shop = workshop(planted(tmp_path, MENDED), runner, notes=notes)
    result = run(prove(shop, limits=Limits(pause=7.0)))

    assert result.story.proven
    assert met(result)[1:] == [
        (AMD64, False, "rate-limited-registry"),
        (AMD64, True, None),
    ]
    assert notes.waited == [7.0]


def test_amd64_is_built_only_for_what_stands_on_arm64(tmp_path: Path) -> None:
    """A machine's time is not spent on a proof that failed already."""
    runner = ScriptedRunner({ARM64: [BROKEN]})
    story = run(prove(workshop(planted(tmp_path, MENDED), runner))).story

    assert runner.builds == [(ARM64, MENDED)]
    assert story.missing == (
        f"{ARM64}: Dockerfile: unknown: gcc: internal compiler error",
    )


def test_says_that_no_runner_can_build_for_the_platform(tmp_path: Path) -> None:
    """What is lacking is a machine, not a repair."""
    runner = ScriptedRunner(native=AMD64, emulated=frozenset())
    result = run(prove(workshop(planted(tmp_path, FILES), runner)))

    assert result.story == Story(
        proven=False,
        missing=(f"{ARM64}: no runner can build for it",),
        attempts=(),
        proof=Proof(),
    )
    assert [one.rule for one in result.remaining] == ["base-image-without-arm64"]


def test_says_that_no_runner_can_build_for_amd64(tmp_path: Path) -> None:
    """Proof on one platform alone is no proof that nothing broke."""
    runner = ScriptedRunner(emulated=frozenset())
    story = run(prove(workshop(planted(tmp_path, MENDED), runner))).story

    assert story.missing == (f"{AMD64}: no runner can build for it",)
    assert story.proof == Proof((built(ARM64),), None, Audit(3), (STARTS,))


def test_a_project_without_a_recipe_needs_no_engine(tmp_path: Path) -> None:
    """Nothing to build is not the engine's failure, even if it is down."""
    tree = planted(tmp_path, {"README.md": "Words.\n"})
    story = run(prove(workshop(tree, ScriptedRunner(down=True)))).story

    words = "recipe: nothing in the project says how it is built"
    assert story == Story(proven=False, missing=(words,), attempts=(), proof=Proof())


def test_an_engine_that_is_down_is_no_verdict(tmp_path: Path) -> None:
    """The work is worth trying again, so it is not told as a failure."""
    shop = workshop(planted(tmp_path, FILES), ScriptedRunner(down=True))

    with pytest.raises(EngineUnavailableError):
        run(prove(shop))


def test_every_recipe_must_stand(tmp_path: Path) -> None:
    """A project of two images is proven with both, repaired one by one."""
    files = {"a/Dockerfile": "FROM alpine:3.6\n", "b/Dockerfile": "FROM alpine:3.6\n"}
    script = {ARM64: [PASSES, BROKEN]}
    story = run(prove(workshop(planted(tmp_path, files), ScriptedRunner(script)))).story

    assert story.missing == (
        f"{ARM64}: b/Dockerfile: unknown: gcc: internal compiler error",
    )
    assert story.proof.arm64 == (built(ARM64, "a/Dockerfile"),)


def test_what_stood_before_a_later_repair_is_tried_again(tmp_path: Path) -> None:
    """The proof is of the tree that is offered, not of one on the way to it."""
    script = {ARM64: [PASSES, OLD_BASE]}
    runner = Asked(script)
    story = run(prove(workshop(planted(tmp_path, TWO), runner))).story

    assert story.proven
    assert story.proof.arm64 == (built(ARM64, "a"), built(ARM64, "b"))
    assert [platform for platform, _ in runner.builds] == [ARM64] * 4 + [AMD64] * 2
    assert runner.builds[3][1] == runner.builds[5][1] == MENDED_TWO


def test_what_a_later_repair_has_broken_is_not_proven(tmp_path: Path) -> None:
    """It stood once, on another tree."""
    script = {ARM64: [PASSES, OLD_BASE, PASSES, BROKEN]}
    runner = Asked(script)
    story = run(prove(workshop(planted(tmp_path, TWO), runner))).story

    assert story.missing == (f"{ARM64}: a: unknown: gcc: internal compiler error",)
    assert story.proof.arm64 == (built(ARM64, "b"),)


def test_what_a_later_repair_does_not_concern_is_built_once(tmp_path: Path) -> None:
    """Twenty images in folders of their own must not be built forty times."""
    files = {"a/Dockerfile": "FROM alpine:3.6\n", "b/Dockerfile": "FROM alpine:3.4\n"}
    runner = Asked({ARM64: [PASSES, OLD_BASE]})
    story = run(prove(workshop(planted(tmp_path, files), runner))).story

    assert story.proven
    assert [platform for platform, _ in runner.builds] == [ARM64] * 3 + [AMD64] * 2


def test_a_repaired_caller_is_asked_again_how_it_builds(tmp_path: Path) -> None:
    """Its new build argument is what makes the repair work, on each platform."""
    files = {
        "Dockerfile": "FROM alpine:3.6\nADD bin/app-amd64 /app\n",
        "Makefile": "ARCH ?= amd64\nrelease:\n\tdocker build -t me/app .\n"
        "\tdocker push me/app\n",
        "bin/app-amd64": "",
        "bin/app-arm64": "",
    }
    missing = "Step 2/2 : ADD bin/app-amd64 /app\nlstat bin/app-amd64: no such file"
    runner = Asked({ARM64: [Play(f"{missing} or directory\n")]})
    result = run(prove(workshop(planted(tmp_path, files), runner)))

    assert result.story.proven
    assert [recipe.args for recipe in runner.recipes] == [
        (),
        (("ARCHITECTURE", "arm64"),),
        (("ARCHITECTURE", "amd64"),),
    ]


def test_foreign_programs_are_told_even_where_they_stay(tmp_path: Path) -> None:
    """A green build with x86 programs in it is not proven, and says which."""
    wrong = (WrongFile("/app", "x86-64", "COPY app /app"),)
    tree = planted(tmp_path, {"Dockerfile": "FROM alpine:3.6\nCOPY app /app\n"})
    runner = ScriptedRunner({ARM64: [Play(passes=True, wrong=wrong)]})
    story = run(prove(workshop(tree, runner))).story

    assert story.missing == (
        f"{ARM64}: Dockerfile: foreign-program-in-image: /app: x86-64",
    )
    assert story.proof.audit == Audit(3, wrong)


def test_an_image_that_does_not_start_is_not_proven(tmp_path: Path) -> None:
    """A green build says little about a program."""
    smoke = Smoke(False, "app", 1, "panic: no configuration\n", 0.1)
    runner = ScriptedRunner({ARM64: [Play(passes=True, smoke=smoke)]})
    story = run(prove(workshop(planted(tmp_path, MENDED), runner))).story

    assert story.missing == (
        f"{ARM64}: Dockerfile: smoke-run-failed: panic: no configuration",
    )
    assert story.proof.smoke == (smoke,)


def test_a_build_alone_repairs_nothing(tmp_path: Path) -> None:
    """`multiarch build` says what happens to the tree as it stands."""
    runner = ScriptedRunner({ARM64: [OLD_BASE]})
    result = run(build(workshop(planted(tmp_path, FILES), runner)))

    assert runner.builds == [(ARM64, FILES)]
    assert (result.changed, result.story.proven) == ((), False)
    assert [one.rule for one in result.remaining] == ["base-image-without-arm64"]


def test_the_other_platform_can_be_asked_for(tmp_path: Path) -> None:
    """Then arm64 is the one that must still build."""
    runner = ScriptedRunner()
    story = run(prove(workshop(planted(tmp_path, MENDED), runner), AMD64)).story

    assert [platform for platform, _ in runner.builds] == [AMD64, ARM64]
    assert replace(story, attempts=()) == Story(
        proven=True,
        missing=(),
        attempts=(),
        proof=Proof((built(ARM64),), (built(AMD64),), Audit(3), (STARTS,)),
    )


def test_what_the_configuration_cannot_mean_is_told_with_the_proof(
    tmp_path: Path,
) -> None:
    """It is said before the first build, and the proof is what it would be."""
    config = "builds:\n  - dockerfile: Dockerfile\n    smok: 'false'\n"
    tree = planted(tmp_path, {**MENDED, ".github/multiarch.yml": config})
    notes = Notes()
    story = run(prove(workshop(tree, ScriptedRunner(), notes=notes))).story

    mistake = (
        ".github/multiarch.yml:3:5: `smok` is not a key of a build. It is ignored. "
        "Did you mean `smoke`?"
    )
    assert replace(story, attempts=()) == Story(
        proven=True,
        missing=(),
        attempts=(),
        proof=Proof((built(ARM64),), (built(AMD64),), Audit(3), (STARTS,)),
        mistakes=(mistake,),
    )
    assert notes.said[:2] == [
        f"configuration: {mistake}",
        "building Dockerfile for linux/arm64 (attempt 1)",
    ]


def test_a_dockerfile_that_is_not_there_is_a_mistake_and_no_failure(
    tmp_path: Path,
) -> None:
    """An engine would tell of a folder that nobody knows."""
    config = "builds:\n  - dockerfile: nope/Dockerfile\n"
    tree = planted(tmp_path, {**MENDED, ".github/multiarch.yml": config})
    story = run(build(workshop(tree, ScriptedRunner()))).story

    absent = (
        ".github/multiarch.yml:2:17: `nope/Dockerfile` is no file of this repository."
    )
    assert (story.missing, story.mistakes) == (
        (),
        (f"{absent} It is ignored. Did you mean `Dockerfile`?",),
    )


def test_of_many_mistakes_the_first_are_told(tmp_path: Path) -> None:
    """A stranger's file makes no report that nobody can read."""
    config = "".join(f"k{number}: 1\n" for number in range(25)) + f"{'x' * 900}: 1\n"
    tree = planted(tmp_path, {**MENDED, ".github/multiarch.yml": config})
    many = run(build(workshop(tree, ScriptedRunner()))).story.mistakes
    planted(tmp_path, {".github/multiarch.yml": f"{'x' * 900}: 1\n"})
    long = run(build(workshop(tree, ScriptedRunner()))).story.mistakes

    assert (len(many), many[20]) == (21, "and 6 more; `multiarch scan` names them all")
    assert [len(one) for one in long] == [301]


def test_a_configuration_that_cannot_be_read_is_a_mistake(tmp_path: Path) -> None:
    """Nothing that it says is in the proof."""
    tree = planted(tmp_path, {**MENDED, ".github/multiarch.yml": ""})
    (tree / ".github/multiarch.yml").write_bytes(b"builds: \xff\n")
    notes = Notes()
    story = run(build(workshop(tree, ScriptedRunner(), notes=notes))).story

    told = (
        ".github/multiarch.yml: is not UTF-8 (byte 9), so nothing that it says is "
        "heeded"
    )
    assert (story.proven, story.mistakes) == (True, (told,))
    assert notes.said[:2] == [
        f"configuration: {told}",
        "skipped: .github/multiarch.yml is not UTF-8 (byte 9)",
    ]


def test_a_dockerfile_that_cannot_be_read_is_why_nothing_is_built(
    tmp_path: Path,
) -> None:
    """The project says how it is built; it is only not understood."""
    tree = planted(tmp_path, {"Dockerfile": ""})
    (tree / "Dockerfile").write_bytes(b"FROM a\n# \xe9\n")
    story = run(build(workshop(tree, ScriptedRunner(down=True)))).story

    assert story.missing == ("recipe: Dockerfile is not UTF-8 (byte 10)",)
