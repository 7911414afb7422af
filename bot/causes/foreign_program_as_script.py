"""A shell read a program of another architecture as if it were a script.

## What it means

The kernel refused the program, and the shell that started it then took the
file for a script, as shells do. Its bytes are no shell language, so the first
line is a syntax error. Package triggers fail the same way: the package was
made for another architecture.

## Log

```text
Step 5/14 : RUN apk add glibc-2.23-r3.apk glibc-bin-2.23-r3.apk && /usr/glibc-compat/sbin/ldconfig /lib
(1/2) Installing glibc (2.23-r3)
(2/2) Installing glibc-bin (2.23-r3)
Executing glibc-bin-2.23-r3.trigger
/usr/glibc-compat/sbin/ldconfig: line 1: syntax error: unexpected "("
ERROR: glibc-bin-2.23-r3.trigger: script exited with error 2
1 errors; 16 MiB in 19 packages
The command '/bin/sh -c apk add glibc-2.23-r3.apk' returned a non-zero code: 1
```

```text
#9 [3/4] RUN /usr/local/bin/tool --version
#9 0.301 /usr/local/bin/tool: line 1: syntax error: unexpected word (expecting ")")
#9 ERROR: process "/bin/sh -c /usr/local/bin/tool --version" did not complete successfully: exit code: 2
```

```text
Step 3/4 : RUN tool --version
/usr/local/bin/tool: 1: /usr/local/bin/tool: Syntax error: "(" unexpected
```

```text
Step 3/4 : RUN tool --version
/usr/local/bin/tool: 1: ELF: not found
```

## Not this

```text
Step 3/4 : RUN if true; then (echo
/bin/sh: syntax error: unexpected "("
/bin/sh: 1: Syntax error: "(" unexpected
```

```text
Step 3/4 : RUN /install.sh
/install.sh: line 1: syntax error: unexpected "("
```

## Test

tests/causes/test_foreign_program_as_script.py
"""  # noqa: E501  # a log is quoted as it is

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.logs.failing import weight
from bot.model import BuildLog, Cause, Clue, LogLine, Step

_NONSENSE = re.compile(
    r"""
    (?P<program>[\w./+@-]+): [ ] (?:line[ ])?\d: [ ]  # machine code has few lines
    .*? (?: syntax[ ]error: [ ] (?: unexpected [ ] (?: "[()&|;<>]+" | word | redirection
                                                     | end[ ]of[ ]file | newline )
                                  | "[()&|;<>]+"[ ]unexpected
                                  | (?:word|EOF|end[ ]of[ ]file)[ ]unexpected )
          | unterminated[ ]quoted[ ]string
          | \bELF [^:]*: [ ] not[ ]found )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SCRIPT = re.compile(r"(?:.*/)?(?:[bd]?a?sh|busybox|[\w.-]+\.(?:sh|bash))")
_EXECUTING = re.compile(
    r"Executing (?P<package>\S+)\.(?:trigger|(?:pre|post)-\w+)|\(\d+/\d+\)"
)


def search(log: BuildLog) -> Iterator[Clue]:
    """Report every program that a shell could not make sense of, once each."""
    told: set[str] = set()
    running: dict[Step | None, str] = {}
    for line in log.lines:
        package = running.get(line.step, "")
        _follow(line, running)
        hit = _NONSENSE.match(line.text)
        if not hit or _SCRIPT.fullmatch(hit["program"]):
            continue
        if (subject := package or hit["program"]) not in told:
            told.add(subject)
            message = _message(hit["program"], package)
            yield Clue(line, message, weight(line, log), subject)


def _message(program: str, package: str) -> str:
    brought = f", which the package `{package}` runs," if package else ""
    return (
        f"`{program}`{brought} is a program of another architecture: the kernel "
        "refuses it, and the shell then reads it as a script. Leave it out, or "
        "bring the one for this architecture."
    )


def _follow(line: LogLine, running: dict[Step | None, str]) -> None:
    """Keep the package of each step whose script is under way behind *line*."""
    if hit := _EXECUTING.match(line.text):
        running[line.step] = hit["package"] or ""
    elif line.text.startswith(("OK: ", "Step ")):
        running.pop(line.step, None)


CAUSE = Cause(
    name="foreign-program-as-script",
    summary="a program of another architecture was read as a script",
    search=search,
    rules=("x86-only-package", "x86-only-path", "hardcoded-arch-path"),
    doc=__doc__,
)
