"""Tests of recipe commands on a real engine: their docker, and its limits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.analysis import diagnose
from bot.builds import pool
from bot.builds.options import Options
from bot.builds.runner import DockerRunner
from bot.causes import CAUSES
from bot.recipe import Prepare, Recipe

pytestmark = pytest.mark.engine

PLATFORM = "linux/amd64"
UNKNOWN = "No such image: none: only images of this recipe are known"
Build = Callable[[str], object]


@pytest.fixture(params=["buildkit", "classic"])
def runner(request: pytest.FixtureRequest, local_engine: str) -> DockerRunner:
    """Give a runner with each of the builders, and a small prepare image."""
    options = Options(builder=request.param, prepare="busybox")
    return pool.runners([f"here={local_engine}"], options)[0]


@pytest.fixture
def modern(local_engine: str) -> DockerRunner:
    """Give a runner with the best builder."""
    return pool.runners([local_engine], Options(prepare="busybox"))[0]


async def outcome(
    runner: DockerRunner, tree: Path, script: str
) -> tuple[bool, list[str]]:
    """Run *script* as a recipe; return if it built, and the log of its own."""
    recipe = Recipe("thing", command=script)
    result = await runner.build(tree, recipe, PLATFORM, print)
    if result.built is not None:
        await runner.discard(result.built.image)
    return result.built is not None, [line.text for line in result.log.lines]


async def test_a_command_prepares_and_builds_as_on_its_own_machine(
    runner: DockerRunner, tmp_path: Path
) -> None:
    """Compile in a container, copy, build: the way of the Calico projects."""
    (tmp_path / "image").mkdir()
    (tmp_path / "image/Dockerfile").write_text("FROM busybox\nADD bin/x /x\n")
    script = """
        docker run --rm --net=host -v $PWD:/src:rw -w /src -e WHO=$TARGETARCH busybox \
            sh -c 'echo compiling; echo for $WHO > made'
        mkdir image/bin && cp made image/bin/x
        docker build --pull -t them/thing image -f image/Dockerfile
    """
    recipe = Recipe("thing", command=script, smoke="cat /x")
    result = await runner.build(tmp_path, recipe, PLATFORM, print)
    assert result.built is not None
    smoke = await runner.smoke(result.built.image, PLATFORM, recipe.smoke)
    await runner.discard(result.built.image)

    log = [line.text for line in result.log.lines]
    assert smoke.output == "for amd64"
    assert result.log.dockerfile == "image/Dockerfile"
    assert result.log.files == {"image/Dockerfile", "image/bin/x"}
    assert log.count("compiling") == 1
    assert "multiarch: left out --net host" in log
    assert not (tmp_path / "made").exists()


async def test_every_image_that_is_no_tool_is_a_result(
    runner: DockerRunner, tmp_path: Path
) -> None:
    """`make images` makes several, on a base and with a tool of its own."""
    for name, first in (("base", "busybox"), ("tool", "busybox"), ("a", "me/base")):
        (tmp_path / name).write_text(f"FROM {first}\nENV NAME={name}\n")
    (tmp_path / "b").write_text("FROM me/base\nENV NAME=b\nCMD echo b\n")
    script = """
        for name in base tool a b; do docker build -t me/$name -f $name .; done
        docker run --rm me/tool true
    """
    recipe = Recipe("images", command=script)
    result = await runner.build(tmp_path, recipe, PLATFORM, print)
    assert result.built is not None
    smoke = await runner.smoke(result.built.image, PLATFORM, "echo $NAME")
    for image in (result.built.image, *(image for image, _ in result.beside)):
        await runner.discard(image)

    assert (smoke.output, result.log.dockerfile) == ("b", "b")
    assert [dockerfile for _, dockerfile in result.beside] == ["a"]


@pytest.mark.parametrize(
    ("script", "passes"),
    [
        ("docker build -t a -f bad . || true; docker build -t b -f good .", False),
        ("docker build -t b -f good .; docker build -t a -f bad . || true", False),
        ("docker build -t a -f . || docker build -t b -f good .", True),
        (
            "touch no; docker build -f bad . || { touch yes; docker build -f bad .; }",
            True,
        ),
    ],
)
async def test_a_failure_that_the_command_ignores_is_one(
    modern: DockerRunner,
    tmp_path: Path,
    script: str,
    passes: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """An image that was not built is not proven; a second try may mend it."""
    (tmp_path / "good").write_text("FROM busybox\nENV A=b\n")
    (tmp_path / "bad").write_text("FROM busybox\nCOPY yes /yes\n")
    passed, log = await outcome(modern, tmp_path, script)

    words = "the command ended well although its build of bad failed"
    assert passed is passes
    assert (words in log) is not passes


async def test_an_image_for_another_platform_is_not_what_was_asked_for(
    modern: DockerRunner, tmp_path: Path
) -> None:
    """Its label keeps it from being pulled, even where no program is wrong."""
    (tmp_path / "Dockerfile").write_text("FROM scratch\nENV A=b\n")
    script = "docker build --platform linux/arm64 ."
    passed, log = await outcome(modern, tmp_path, script)

    assert not passed
    assert log[-1] == "the image that was built is for linux/arm64, not for linux/amd64"


async def test_a_failing_build_fails_the_command_and_tells_where(
    runner: DockerRunner, tmp_path: Path
) -> None:
    """A cause must be able to see that the file is there under another name."""
    (tmp_path / "Dockerfile").write_text("FROM busybox\nADD dist/amd64/x /x\n")
    script = "mkdir -p dist/arm64 && touch dist/arm64/x && docker build -t thing ."
    recipe = Recipe("thing", command=script)
    result = await runner.build(tmp_path, recipe, PLATFORM, print)

    assert result.built is None
    assert result.log.dockerfile == "Dockerfile"
    assert result.log.files == {"Dockerfile", "dist/arm64/x"}
    assert any("dist/amd64/x" in line.text for line in result.log.lines)


async def test_a_command_that_builds_no_image_is_told_so(
    modern: DockerRunner, tmp_path: Path
) -> None:
    """Nothing was proven, however well the command ended."""
    built, log = await outcome(modern, tmp_path, "echo done")

    assert (built, log[0]) == (False, "done")
    assert log[1].startswith("The command of thing ended well but called no docker")


async def test_a_prepare_image_that_does_not_exist_is_a_base_image_error(
    modern: DockerRunner, tmp_path: Path
) -> None:
    """The engine's own words lead to the cause."""
    recipe = Recipe("thing", prepare=Prepare("busybox:none", "make"), dockerfile="x")
    result = await modern.build(tmp_path, recipe, PLATFORM, print)

    assert result.built is None
    assert "manifest" in result.log.lines[-1].text


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe("thing", command="docker run --rm busybox: true"),
        Recipe("thing", prepare=Prepare("busybox:", "make"), dockerfile="x"),
    ],
    ids=["run", "prepare"],
)
async def test_an_image_name_without_its_tag_ends_the_build_with_its_cause(
    modern: DockerRunner, tmp_path: Path, recipe: Recipe
) -> None:
    """A make variable without a value for arm64 is the author's matter, no crash."""
    result = await modern.build(tmp_path, recipe, PLATFORM, print)

    assert result.built is None
    assert [found.clue.subject for found in diagnose(result.log, CAUSES)] == [
        "busybox:"
    ]


async def test_a_prepared_dockerfile_is_built_from_the_workspace(
    runner: DockerRunner, tmp_path: Path
) -> None:
    """The step before the build leaves its files for it."""
    (tmp_path / "Dockerfile").write_text(
        "FROM busybox\nARG ARCH\nCOPY made-$ARCH /made\nCMD cat /made\n"
    )
    recipe = Recipe(
        "thing",
        dockerfile="Dockerfile",
        args=(("ARCH", "$TARGETARCH"),),
        prepare=Prepare("busybox", "echo well > made-$TARGETARCH"),
    )
    result = await runner.build(tmp_path, recipe, PLATFORM, print)
    assert result.built is not None
    smoke = await runner.smoke(result.built.image, PLATFORM, "")
    await runner.discard(result.built.image)

    assert smoke.output == "well"
    assert result.log.files == {"Dockerfile", "made-amd64"}


async def test_later_images_start_from_earlier_ones_by_their_names(
    runner: DockerRunner, tmp_path: Path
) -> None:
    """The names stay the recipe's own: the engine's busybox is untouched."""
    script = r"""
        printf 'FROM busybox\nRUN echo one > /one\n' | docker build -t busybox:9 -
        printf 'FROM busybox:9\nRUN cat /one\n' | docker build -t thing -
        docker run --rm thing cat /one
        docker tag thing other && docker inspect -f '{{.Os}}' other
    """
    built, log = await outcome(runner, tmp_path, script)
    unknown = await outcome(runner, tmp_path, "docker run --rm busybox:9 true")

    assert built
    assert log[-2:] == ["one", "linux"]
    assert not unknown[0]


async def test_output_goes_where_the_command_sends_it(
    modern: DockerRunner, tmp_path: Path
) -> None:
    """Makefiles read versions and ids out of containers, and test their ends."""
    script = r"""
        echo "got $(docker run --rm busybox sh -c 'echo out; echo err >&2' 2>err.log)"
        echo "and $(cat err.log)"
        docker run --rm busybox sh -c 'exit 7' || echo "ended $?"
        echo typed | docker run --rm -i busybox cat | sed 's/^/piped /'
        docker run --rm busybox printf 'a\000b' | wc -c
    """
    _, log = await outcome(modern, tmp_path, script)

    assert log[:5] == ["got out", "and err", "ended 7", "piped typed", "3"]


async def test_calls_at_the_same_time_get_their_own_answers(
    modern: DockerRunner, tmp_path: Path
) -> None:
    """``make -j`` calls docker several times at once; some print a lot."""
    script = r"""
        for n in 1 2 3; do
            docker run --rm busybox sh -c "seq 9000; echo of $n" >out$n &
        done
        wait
        for n in 1 2 3; do echo "$(wc -l <out$n) $(tail -n 1 out$n)"; done
        docker tag none none 2>&1 >/dev/null || echo "ended $?"
    """
    _, log = await outcome(modern, tmp_path, script)

    assert log[-6:-2] == ["9001 of 1", "9001 of 2", "9001 of 3", f"docker: {UNKNOWN}"]
    assert log[-2] == "ended 125"


async def test_a_prepare_image_without_a_shell_is_told_in_the_engines_words(
    modern: DockerRunner, local_engine: str, tmp_path: Path
) -> None:
    """The docker command complains on the output that calls come through."""
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY Dockerfile /\n")
    bare = await modern.build(
        tmp_path, Recipe("bare", dockerfile="Dockerfile"), PLATFORM, print
    )
    assert bare.built is not None
    image = bare.built.image
    runner = pool.runners([local_engine], Options(prepare=image))[0]
    built, log = await outcome(runner, tmp_path, "true")
    await modern.discard(image)

    assert not built
    assert any("/bin/sh" in line for line in log)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (
            "docker run --rm -v /etc:/x busybox ls /x",
            "multiarch: left out -v /etc:/x: only the workspace can be mounted",
        ),
        (
            "ln -s /etc e && docker run --rm -v $PWD/e:/x busybox ls /x",
            ("docker: /workspace/e is a link, which is not mounted: mount what it "
            "points to"),
        ),
        (
            "mkdir d && ln -s / d/e && docker run -v $PWD/d/e/etc:/x busybox ls /x",
            ("docker: /workspace/d/e is a link, which is not mounted: mount what it "
            "points to"),
        ),
        (
            "docker run --privileged busybox sh -c 'mount -t tmpfs x /mnt'",
            "multiarch: left out --privileged true",
        ),
        (
            "docker build --secret id=x,src=/etc/passwd .",
            ("docker: --secret is refused: a recipe gets no access to a secret of the "
            "build host"),
        ),
        (
            "ln -s /etc/passwd Dockerfile && docker build .",
            ("docker: The Dockerfile of this build leads out of the project, so it is "
            "not read. Make it a plain file or directory of the project."),
        ),
        (
            "docker build https://example.org/x.git",
            "docker: a context from the network is refused: use a directory",
        ),
        ("docker exec x sh", ("docker: docker exec is not offered to recipes; "
         "docker build, run, tag and inspect are")),
        ("docker run -d busybox", ("docker: -d is refused: a recipe's containers end "
         "with their call")),
    ],
)  # fmt: skip
async def test_what_would_leave_the_workspace_is_refused_in_words(
    modern: DockerRunner, tmp_path: Path, script: str, expected: str
) -> None:
    """The command is a stranger's; the machine is not theirs."""
    built, log = await outcome(modern, tmp_path, script)

    assert not built
    assert expected in log
    assert log[-1].startswith("the command ended with status")


async def test_a_part_of_the_workspace_is_shared_both_ways(
    modern: DockerRunner, tmp_path: Path
) -> None:
    """Package caches are mounted on their own, next to the tree."""
    script = """
        mkdir cache
        docker run --rm -v $PWD:/src -v $PWD/cache:/c busybox sh -c 'echo hi > /c/x'
        cat cache/x
        docker run --rm -v $PWD/cache:/c:ro busybox touch /c/y || echo read only
        docker run --rm -v $PWD/new/one:/c busybox sh -c 'echo made > /c/x'
        cat new/one/x
    """
    _, log = await outcome(modern, tmp_path, script)

    assert "hi" in log
    assert "read only" in log
    assert "made" in log


async def test_a_mount_may_lie_within_another(
    modern: DockerRunner, tmp_path: Path
) -> None:
    """Caches are mounted into the tree; two at a time wait for each other."""
    script = """
        for n in 1 2; do
            docker run --rm -v $PWD:/src -v cache$n:/src/cache busybox \
                sh -c "echo of $n > /src/cache/x; cat /src/cache/x" > out$n &
        done
        wait
        cat out1 out2; ls cache
    """
    _, log = await outcome(modern, tmp_path, script)

    assert {"of 1", "of 2"} <= set(log)
    assert "x" not in log
