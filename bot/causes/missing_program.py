"""A command names a program that is not in the image.

## What it means

The shell ended with exit code 127. The package that brings the program was
not installed on this architecture, or it keeps its programs elsewhere. A
program whose loader is missing (`/lib64/ld-linux-x86-64.so.2`) is reported
in the same words although the file is there.

## Log

```text
Step 5/14 : RUN apk add glibc-2.23-r3.apk && /usr/glibc-compat/sbin/ldconfig /lib
OK: 16 MiB in 19 packages
/bin/sh: /usr/glibc-compat/sbin/ldconfig: not found
The command '/bin/sh -c apk add glibc-2.23-r3.apk' returned a non-zero code: 127
```

```text
#9 [3/4] RUN /usr/glibc-compat/sbin/ldconfig /lib
#9 0.301 /bin/sh: 1: /usr/glibc-compat/sbin/ldconfig: not found
#9 ERROR: process "/bin/sh -c /usr/glibc-compat/sbin/ldconfig /lib" did not complete successfully: exit code: 127
```

```text
Step 3/4 : RUN tool
/bin/bash: line 1: tool: command not found
```

## Not this

```text
Step 3/4 : RUN tool
/usr/local/bin/tool: 1: ELF: not found
```

## Test

tests/causes/test_missing_program.py
"""  # noqa: E501  # a log is quoted as it is

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.logs.echo import spoken
from bot.logs.failing import weight
from bot.model import BuildLog, Cause, Clue

_ABSENT = re.compile(
    r"""
    (?:/\S*/)?(?:[bd]?a|z)?sh: [ ] (?:(?:line[ ])?\d+: [ ])?
    (?P<program>[\w./+@-]+): [ ]
    (?:(?:command[ ])?not[ ]found | No[ ]such[ ]file[ ]or[ ]directory
      | cannot[ ]execute:[ ]required[ ]file[ ]not[ ]found)
    | .*? exec: [ ] "(?P<entry>[^"]+)": [ ]
      (?:executable[ ]file[ ]not[ ]found[ ]in | stat[ ]\S+: [ ]no[ ]such[ ]file)
    """,
    re.VERBOSE,
)


def search(log: BuildLog) -> Iterator[Clue]:
    """Report every program that was not found, once each."""
    told: set[str] = set()
    for line in log.lines:
        hit = _ABSENT.match(spoken(line))
        program = (hit["program"] or hit["entry"]) if hit else ""
        if program and program not in told:
            told.add(program)
            message = (
                f"The image holds no program `{program}`. Install what brings it, or "
                "use one that the image has."
            )
            yield Clue(line, message, weight(line, log), program)


CAUSE = Cause(
    name="missing-program",
    summary="a command names a program that is not in the image",
    search=search,
    rules=("x86-only-path", "x86-only-package", "hardcoded-arch-path"),
    doc=__doc__,
)
