"""The build ran a program that was compiled for another architecture.

## What it means

The kernel refused the program's ELF header. The file was downloaded, copied
or installed for another architecture. Where it is the shell that was refused,
the whole base image is of another architecture.

## Log

```text
#9 [app 3/5] RUN /usr/local/bin/tool --version
#9 0.412 exec /usr/local/bin/tool: exec format error
```

```text
Step 3/4 : RUN tool --version
/bin/sh: 1: /usr/local/bin/tool: Exec format error
```

```text
Step 3/4 : RUN tool --version
/bin/bash: line 1: /usr/local/bin/tool: cannot execute binary file: Exec format error
```

```text
Step 3/4 : RUN true
standard_init_linux.go:228: exec user process caused: exec format error
```

## Not this

```text
Step 3/4 : RUN mount -a
ERROR: format error in /etc/fstab
echo what exec format error means
```

## Test

tests/causes/test_exec_format_error.py
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.logs.echo import spoken
from bot.logs.failing import weight
from bot.model import BuildLog, Cause, Clue

_REFUSED = re.compile(
    r"""
    (?: (?P<program>/[^\s:'"]+) ["']? : [ ] (?:cannot[ ]execute[ ]binary[ ]file: [ ])?
      | exec[ ]user[ ]process[ ]caused :? [ ] "? )
    exec[ ]format[ ]error
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SHELLS = {"/bin/sh", "/bin/bash", "/bin/ash", "/bin/dash", ""}


def search(log: BuildLog) -> Iterator[Clue]:
    """Report every program that the kernel refused to run, once each."""
    told: set[str] = set()
    for line in log.lines:
        hit = _REFUSED.search(spoken(line))
        if hit and (program := hit["program"] or "") not in told:
            told.add(program)
            yield Clue(
                line, _message(program, log.platform), weight(line, log), program
            )


def _message(program: str, platform: str) -> str:
    if program in _SHELLS:
        return f"The base image is not a {platform} image: its programs cannot run."
    return f"`{program}` is not a {platform} program."


CAUSE = Cause(
    name="exec-format-error",
    summary="a program of another architecture was run",
    search=search,
    rules=(
        "base-image-without-arm64",
        "hardcoded-arch-path",
        "x86-only-package",
        "shadowed-platform-arg",
    ),
    doc=__doc__,
)
