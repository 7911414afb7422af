"""A recipe's command that wants to read and write the runner's own files."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.builds import pool
from bot.builds.options import Limits, Options
from bot.recipe import Recipe

pytestmark = pytest.mark.engine

PLATFORM = "linux/amd64"
MARKER = "the runner's own"
SWAP = """
mkdir -p tools
cat > tools/swap <<'END'
rmdir /w/part 2>/dev/null && ln -s / /w/part
END
cat > tools/take <<'END'
echo looked >> /w/looks
cat "/p$1" && echo written > "/p$2"
END
# Many parts are checked behind the one that is swapped: that takes its time.
more=
for number in 1 2 3 4 5 6 7 8; do
  mkdir -p a/b/c/d/e/f/g/$number
  more="$more -v $PWD/a/b/c/d/e/f/g/$number:/more/$number"
done
end=$(( $(date +%s) + {seconds} ))
n=0
while [ $n -lt {tries} ] && [ $(date +%s) -lt $end ]; do
  n=$((n + 1))
  rm -rf part; mkdir part
  docker run --rm -v $PWD:/w -v $PWD/part:/p $more busybox \
    sh /w/tools/take {secret} {written} >>taken 2>/dev/null &
  for late in 0 1 2; do
    sleep 0.0$(( n % 8 ))
    docker run --rm -v $PWD:/w busybox sh /w/tools/swap >/dev/null 2>&1 &
  done
  wait || true
done
echo "tried $n times, looked $(wc -l <looks) times"
cat taken || true
docker build -q -t nothing - <<'END' >/dev/null
FROM scratch
ENV A=b
END
"""


@pytest.mark.parametrize(
    ("tries", "seconds"),
    [
        pytest.param(20, 60, id="quick"),
        pytest.param(300, 1500, id="soak", marks=pytest.mark.soak),
    ],
)
async def test_no_part_is_swapped_between_its_check_and_its_mount(
    local_engine: str, tmp_path: Path, tries: int, seconds: int
) -> None:
    """Another container, just starting, makes it a link to the runner's root."""
    host = Path(urlsplit(local_engine).path).parent
    secret, written = host / "secret", host / "written"
    secret.write_text(f"{MARKER}\n")
    script = SWAP.format(tries=tries, seconds=seconds, secret=secret, written=written)
    limits = Limits(calls=5 * tries, seconds=2.0 * seconds)
    options = Options(prepare="busybox", limits=limits)
    runner = pool.runners([local_engine], options)[0]
    result = await runner.build(tmp_path, Recipe("x", command=script), PLATFORM, print)
    log = [line.text for line in result.log.lines]

    looks = [re.search(r"looked (\d+) times", line) for line in log]
    assert any(found and int(found[1]) for found in looks)
    assert not [line for line in log if MARKER in line]
    assert not written.exists()
