"""Tests of understanding what a recipe asks of docker."""

from __future__ import annotations

import pytest

from bot.builds import calls
from bot.builds.calls import Asked, BuildCall, OtherCall, RunCall, Volume
from bot.builds.words import CallError

ENVIRONMENT = {"TOKEN": "x", "HOME": "/home/me"}


def read(line: str, **more: str) -> BuildCall | RunCall | OtherCall:
    """Understand *line* as called in a directory of the workspace."""
    asked = Asked(tuple(line.split()), "/workspace/sub", {**ENVIRONMENT, **more})
    return calls.read(asked)


def test_a_build_keeps_what_it_says() -> None:
    """Paths are of the caller's directory; NAME alone is its variable."""
    line = (
        "build --pull -t a -t b:1 .. -f docker/Dockerfile --build-arg A=b "
        "--build-arg TOKEN --build-arg GONE --label l=1 --target t --no-cache "
        "--add-host h:1 --network host -q --iidfile id"
    )

    assert read(line) == BuildCall(
        context="/workspace",
        dockerfile="/workspace/sub/docker/Dockerfile",
        tags=("a", "b:1"),
        args=("A=b", "TOKEN=x"),
        labels=("l=1",),
        hosts=("h:1",),
        target="t",
        platforms=(),
        pull=True,
        no_cache=True,
        quiet=True,
        id_file="/workspace/sub/id",
        builders=(),
        notes=("left out --network host",),
    )


@pytest.mark.parametrize(
    ("line", "variable", "expected"),
    [
        ("build .", "", ()),
        ("image build .", "", ()),
        ("build .", "1", ("buildx", "buildkit")),
        ("build .", "0", ("classic",)),
        ("buildx build .", "", ("buildx", "buildkit")),
        ("buildx b .", "0", ("buildx", "buildkit")),
    ],
)
def test_a_call_that_names_its_builder_keeps_it(
    line: str, variable: str, expected: tuple[str, ...]
) -> None:
    """DOCKER_BUILDKIT=0 is there for a reason."""
    call = read(line, DOCKER_BUILDKIT=variable)

    assert isinstance(call, BuildCall)
    assert call.builders == expected


@pytest.mark.parametrize(
    ("line", "variable", "expected"),
    [
        ("build .", "", ()),
        (
            "build --platform linux/arm64,linux/amd64 .",
            "",
            ("linux/arm64", "linux/amd64"),
        ),
        ("build .", "linux/amd64", ("linux/amd64",)),
    ],
)
def test_a_call_may_name_its_platforms(
    line: str, variable: str, expected: tuple[str, ...]
) -> None:
    """A pinned platform is a fault to find, not one to hide."""
    call = read(line, DOCKER_DEFAULT_PLATFORM=variable)

    assert isinstance(call, BuildCall)
    assert call.platforms == expected


def test_a_run_mounts_the_workspace_and_nothing_else() -> None:
    """Host paths, the Docker socket and privileges stay outside."""
    line = (
        "run --rm -it --net=host --privileged -v /workspace:/src:ro -v ./x:/x "
        "-v /var/run/docker.sock:/var/run/docker.sock -v cache:/c -v /anonymous "
        "-v /workspace/../etc:/etc -v /workspace2:/y "
        "-e A=b -e TOKEN -w /src -u 1:2 --entrypoint sh image:1 -c true"
    )
    only = "only the workspace can be mounted"

    assert read(line) == RunCall(
        image="image:1",
        command=("-c", "true"),
        entrypoint="sh",
        volumes=(
            Volume("/workspace", "/src", read_only=True),
            Volume("/workspace/sub/x", "/x", read_only=False),
            Volume("cache", "/c", read_only=False),
            Volume("", "/anonymous", read_only=False),
        ),
        environment=("A=b", "TOKEN=x"),
        directory="/src",
        user="1:2",
        platform="",
        interactive=True,
        notes=(
            "left out --net host",
            "left out --privileged true",
            "left out -v /var/run/docker.sock:/var/run/docker.sock: " + only,
            "left out -v /workspace/../etc:/etc: " + only,
            "left out -v /workspace2:/y: " + only,
        ),
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", OtherCall("help", ())),
        ("--version", OtherCall("--version", ())),
        ("-v", OtherCall("--version", ())),
        ("--debug -l info push a", OtherCall("push", ("a",))),
        ("image rm a", OtherCall("rmi", ("a",))),
        ("container ls -q", OtherCall("ps", ("-q",))),
        ("buildx create --use", OtherCall("buildx", ("create", "--use"))),
        ("compose up", OtherCall("compose", ("up",))),
    ],
)
def test_other_calls_are_kept_as_they_are(line: str, expected: OtherCall) -> None:
    """Newer spellings are brought to the older one."""
    assert read(line) == expected


@pytest.mark.parametrize(
    "line",
    [
        "build",
        "build . .",
        "build --secret id=x .",
        "build --ssh default .",
        "build --allow security.insecure .",
        "build --build-context x=/etc .",
        "build --unheard-of .",
        "build https://example.org/x.git",
        "build git@example.org:x.git",
        "run",
        "run -d image",
    ],
)
def test_what_is_not_carried_out_is_refused(line: str) -> None:
    """A secret or a second context would be read from the bot's own host."""
    with pytest.raises(CallError):
        read(line)
