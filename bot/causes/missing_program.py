"""A command names a program that is not where it runs.

## What it means

The shell ended with exit code 127. The package that brings the program was
not installed on this architecture, or it keeps its programs elsewhere. A
program whose loader is missing (`/lib64/ld-linux-x86-64.so.2`) is reported
in the same words although the file is there.

Where no step of a build failed, the recipe's own command missed it: that runs in
the container of `prepare.image` (`buildpack-deps:bookworm` where none is named), or
in one that it starts, and what the image holds has no part in it.

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

```text
/bin/sh: 1: protoc: not found
make: *** [Makefile:3: api.pb.go] Error 127
the command ended with status 2
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


_RECIPE_ENDED = "the command ended with status"
"""How the log of a recipe ends whose own command failed."""
_STEP_FAILED = re.compile(
    "returned a non-zero code|did not complete successfully|executor failed running"
)
_OF_A_STEP = (
    "The image holds no program `{program}`. Install what brings it, or use one that "
    "the image has."
)
_OF_A_RECIPE = (
    "The container that the recipe's command ran in, or one that it started, holds no "
    "program `{program}`. Name an image that has it as `prepare.image` of this build "
    "in `.github/multiarch.yml`, or let the command install it."
)


def search(log: BuildLog) -> Iterator[Clue]:
    """Report every program that was not found, once each."""
    told: set[str] = set()
    recipe = any(line.text.startswith(_RECIPE_ENDED) for line in log.lines)
    outside = recipe and not any(_STEP_FAILED.search(line.text) for line in log.lines)
    for line in log.lines:
        hit = _ABSENT.match(spoken(line))
        program = (hit["program"] or hit["entry"]) if hit else ""
        if program and program not in told:
            told.add(program)
            said = _OF_A_RECIPE if outside or (recipe and not line.step) else _OF_A_STEP
            message = said.format(program=program)
            yield Clue(line, message, weight(line, log), program)


CAUSE = Cause(
    name="missing-program",
    summary="a command names a program that is not where it runs",
    search=search,
    rules=("x86-only-path", "x86-only-package", "hardcoded-arch-path"),
    doc=__doc__,
)
