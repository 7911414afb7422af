"""The ``docker`` that a recipe's command finds, and how its calls get out.

The command's container has no Docker socket. Its ``docker`` is a shell script
that writes the call down, rings through a pipe, and waits for the answer. The
first process of the container stays beside the command: it copies each call
to its own standard error, and hands out what comes in on its standard input.
The command has neither; both its outputs go to the container's output. So one
connection carries everything, on any engine, wherever it is.

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
MULTIARCH_LOG=$(readlink /proc/$$/fd/1 2>/dev/null)
PATH={BIN}:$PATH
export MULTIARCH_LOG PATH
cd /workspace || exit 125
exec 3<>{HOME}/bell 4<&0 5>&2
while read -r call; do
  cat "{CALLS}/$call/request"
done <&3 >&5 2>/dev/null &
calls=$!
while read -r kind call text; do
  case $kind in
    out | err) printf "$text" >>"{CALLS}/$call/$kind" ;;
    end) echo "$text" 1<>"{CALLS}/$call/back" ;;
  esac
done <&4 >/dev/null 2>&1 5>&- &
answers=$!
/bin/sh -ec "$1" </dev/null 2>&1 3>&- 4>&- 5>&-
code=$?
exec 2>/dev/null
kill $calls $answers
exit $code
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
# Both ends are held open, so that neither side ever waits to open it.
mkfifo "$dir/back" || exit 125
exec 9<>"$dir/back"
same() {{
  [ -n "$MULTIARCH_LOG" ] &&
    [ "$(readlink "/proc/$$/fd/$1" 2>/dev/null)" = "$MULTIARCH_LOG" ]
}}
live= stdin=
same 1 && live=out
same 2 && live="$live err"
case " $* " in
  *" - "* | *" --interactive "* | *" -i"* | *" -ti"*) cat >"$dir/stdin"; stdin=yes ;;
esac
{{
  printf '%s\\0' "$call" "$#" "$@" "$(pwd -P)" "$live" "$stdin"
  env
  printf '\\0'
}} >"$dir/request"
echo "$call" >{HOME}/bell
read -r code <&9
[ ! -e "$dir/out" ] || cat "$dir/out"
[ ! -e "$dir/err" ] || cat "$dir/err" >&2
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
        texts = {"start": START, "bin/docker": DOCKER}
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
