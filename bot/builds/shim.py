"""The ``docker`` that a recipe's command finds, and how its calls get out.

The command's container has no Docker socket. Its ``docker`` is a shell script
that leaves the call in a directory, says so in a pipe, and waits for the
answer. A second script, run by ``docker exec``, prints what comes through the
pipe: that is how we hear of a call, on any engine, wherever it is.

Output that would go straight into the log of the build is not printed again
by the script, for whoever carries out the call has already shown it; it is
printed where the caller reads or redirects it.
"""

from __future__ import annotations

import io
import tarfile

HOME = "/.multiarch"
CALLS = f"{HOME}/calls"
BIN = f"{HOME}/bin"

START = f"""\
#!/bin/sh
MULTIARCH_OUT=$(readlink /proc/$$/fd/1 2>/dev/null)
MULTIARCH_ERR=$(readlink /proc/$$/fd/2 2>/dev/null)
export MULTIARCH_OUT MULTIARCH_ERR
PATH={BIN}:$PATH
cd /workspace || exit 125
exec /bin/sh -ec "$1"
"""

DOORMAN = f"""\
#!/bin/sh
exec 3<>{HOME}/bell
while read -r call <&3; do echo "$call"; done
"""

DOCKER = f"""\
#!/bin/sh
# Hands this call to the runner, which carries it out, and waits for the answer.
n=0
until mkdir "{CALLS}/$$.$n" 2>/dev/null; do
  n=$((n + 1))
  [ "$n" -lt 1000 ] || {{ echo "docker: no room for another call" >&2; exit 125; }}
done
call=$$.$n
dir={CALLS}/$call
for word; do printf '%s\\0' "$word"; done >"$dir/words"
pwd -P >"$dir/directory"
env >"$dir/environment"
same() {{ [ -n "$2" ] && [ "$(readlink "/proc/$$/fd/$1" 2>/dev/null)" = "$2" ]; }}
same 1 "$MULTIARCH_OUT" && echo out >>"$dir/live"
same 2 "$MULTIARCH_ERR" && echo err >>"$dir/live"
case " $* " in
  *" - "* | *" --interactive "* | *" -i"* | *" -ti"*) cat >"$dir/stdin" ;;
esac
echo "$call" >{HOME}/bell
nap=0.1
until [ -e "$dir/answer/done" ]; do
  sleep $nap 2>/dev/null || sleep 1
  n=$((n + 1))
  [ "$n" -lt 10 ] || nap=0.5
done
[ -e "$dir/answer/said.out" ] || cat "$dir/answer/out"
[ -e "$dir/answer/said.err" ] || cat "$dir/answer/err" >&2
read -r code <"$dir/answer/code"
rm -rf "$dir"
exit "$code"
"""


def furniture() -> bytes:
    """Return the tar that puts the scripts and the pipe into a container."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for path, mode in ((HOME, 0o755), (BIN, 0o755), (CALLS, 0o1777)):
            tar.addfile(_entry(path, mode, tarfile.DIRTYPE))
        tar.addfile(_entry(f"{HOME}/bell", 0o666, tarfile.FIFOTYPE))
        texts = {"start": START, "doorman": DOORMAN, "bin/docker": DOCKER}
        for name, text in texts.items():
            content = text.encode("ascii")
            entry = _entry(f"{HOME}/{name}", 0o755, tarfile.REGTYPE)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def _entry(path: str, mode: int, kind: bytes) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(path.lstrip("/"))
    entry.mode, entry.type = mode, kind
    return entry
