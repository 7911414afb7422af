"""Trust domains on a real arm64 machine, whose kernel has control groups v2 alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from docker import APIClient

from bot.builds import pool
from bot.builds.domain_runner import DomainHost
from bot.builds.nested.container import Place
from bot.builds.options import Options
from bot.domain import Domain
from bot.proof import Audit
from bot.recipe import Recipe
from tests.world import trust_domains

pytestmark = pytest.mark.arm64

PLATFORM = "linux/arm64"
DOMAIN = Domain("victim/project", 1)
DOCKERFILE = r"""
FROM alpine:3.6
COPY tries /tries
RUN sh /tries; uname -m >/machine
CMD cat /machine
"""
TRIES = """
i=0
(while [ $i -lt 400 ]; do sleep 60 & i=$((i+1)); done; echo said: all-forked) ||
  echo said: not all are forked
for number in 0 1 2; do
  mknod /tmp/loop$number b 7 $number && head -c 1 /tmp/loop$number && echo said: read
done
mknod /tmp/control c 10 237 && echo said: made
for one in /dev/loop*; do [ ! -e "$one" ] || echo said: there is $one; done
echo said: tried
"""
GROUPS = """
cd /sys/fs/cgroup
[ -f cgroup.controllers ] && cat builds/memory.max builds/pids.max
"""


@pytest.fixture
async def host(arm64_engine: str) -> AsyncIterator[DomainHost]:
    """Give the arm64 machine as a runner; what the domain stored is thrown away."""
    nested = trust_domains.options_on_arm64(arm64_engine)
    (outer,) = pool.runners([f"arm={arm64_engine}"], Options(nested=nested))
    made = DomainHost(outer)
    yield made
    await made.leave(DOMAIN)
    made.close()


async def test_an_arm64_machine_isolates_and_bounds_what_a_repository_builds(
    host: DomainHost, arm64_engine: str, tmp_path: Path
) -> None:
    """What amd64 shows for control groups v1 holds where people run arm64."""
    (tmp_path / "Dockerfile").write_text(DOCKERFILE)
    (tmp_path / "tries").write_text(TRIES)
    runner = host.within(DOMAIN)
    recipe = Recipe("thing", dockerfile="Dockerfile")
    result = await runner.build(tmp_path, recipe, PLATFORM, print)
    assert result.built is not None
    audit = await runner.audit(result.built.image, PLATFORM)
    smoke = await runner.smoke(result.built.image, PLATFORM, "")
    isolation = result.built.isolation
    words = [line.text.partition("said: ") for line in result.log.lines]
    said = [text for before, _, text in words if text and "echo" not in before]

    assert isolation is not None
    assert isolation.holds, isolation.words
    assert isolation.disk
    assert result.built.native
    assert audit == Audit(files=1, wrong=())
    assert (smoke.passed, smoke.output) == (True, "aarch64")
    assert said == ["not all are forked", "tried"]
    assert in_domain(arm64_engine, GROUPS).split() == [str(1 << 30), "150"]


def in_domain(url: str, script: str) -> str:
    """Run *script* beside the engine of the domain; return what it says."""
    with closing(APIClient(url, version="auto")) as client:
        asked = ["/bin/sh", "-c", script]
        made = client.exec_create(Place(DOMAIN.key).name, asked)["Id"]
        answer: bytes = client.exec_start(made)
        return answer.decode()
