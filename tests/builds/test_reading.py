"""Tests of how the Dockerfiles of builds are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import judging
from bot.builds.reading import Reading
from bot.errors import CostlyError, UserError
from bot.processes.allowance import Allowance
from bot.processes.judge import ProcessJudge

PLATFORM = "linux/amd64"
BUILDERS = ("classic", "buildkit", "buildx")


async def read(
    tmp_path: Path, text: str, reading: Reading, builder: str = "classic"
) -> judging.Names:
    """Return the images that a Dockerfile with *text* names."""
    file = tmp_path / "Dockerfile"
    file.write_text(text)
    found = await reading.read(file, ("A=a5",), PLATFORM, builder)
    assert found is not None
    return found.names


async def test_what_is_not_there_is_not_read(tmp_path: Path) -> None:
    """The builder says so by itself."""
    assert await Reading().read(tmp_path / "x", (), PLATFORM, "buildkit") is None


@pytest.mark.parametrize("builder", BUILDERS)
async def test_a_dockerfile_beyond_measure_is_not_read(
    tmp_path: Path, builder: str
) -> None:
    """A recipe can make a file of any size, and it would be read for its builder."""
    with pytest.raises(UserError, match="larger than 1 MiB"):
        await read(tmp_path, "FROM a\n" + "# x\n" * 300_000, Reading(), builder)


@pytest.mark.parametrize("builder", BUILDERS)
async def test_a_dockerfile_of_more_stages_than_are_judged_is_not_built(
    tmp_path: Path, builder: str
) -> None:
    """What no judge of a tree takes, no recipe can make behind its back."""
    with pytest.raises(UserError) as refused:
        await read(tmp_path, "FROM scratch\n" * 501, Reading(), builder)

    assert str(refused.value) == (
        "The Dockerfile of this build is not built: it has 501 stages; more than 500 "
        "are not judged. Nobody could tell which images it starts from. "
        "Make a smaller one."
    )


async def test_both_what_is_written_and_what_is_pulled_is_found(
    tmp_path: Path,
) -> None:
    """Where builds read, the process that judges can read as well."""
    text = "ARG A\nFROM $A AS one\nFROM one\nCOPY --from=alpine:3.6 /a /b\n"
    async with ProcessJudge() as judge:
        apart = await read(tmp_path, text, Reading(judge))
    found = await read(tmp_path, text, Reading())

    assert [one.text for one in found.written] == ["a5", "alpine:3.6"]
    assert found.bases == {"a5", "alpine:3.6"}
    assert apart == found


async def test_what_takes_too_much_memory_ends_alone(tmp_path: Path) -> None:
    """Values of 64 KB, one on each line, are more than a worker has."""
    text = "ARG B=x\n" + "ARG B=$B$B\n" * 16
    text += "".join(f"ARG B{number}=$B\n" for number in range(4_000)) + "FROM a\n"
    small = Allowance(memory=160 << 20)
    async with ProcessJudge(small) as judge:
        with pytest.raises(CostlyError):
            await read(tmp_path, text, Reading(judge))
