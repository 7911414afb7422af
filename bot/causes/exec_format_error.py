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

```text
#9 [3/4] RUN tool --version
#9 0.214 qemu-x86_64: Could not open '/lib64/ld-linux-x86-64.so.2': No such file or directory
```

```text
#6 [base 2/5] RUN apt-get update
#6 0.429 .buildkit_qemu_emulator: /bin/sh: Invalid ELF image for this architecture
```

## Not this

```text
Step 3/4 : RUN mount -a
ERROR: format error in /etc/fstab
echo what exec format error means
```

## Test

tests/causes/test_exec_format_error.py
"""  # noqa: E501  # a log is quoted as it is

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.logs.echo import spoken
from bot.logs.failing import weight
from bot.model import BuildLog, Cause, Clue

# The kernel's sentence in the words of shells and runtimes; then what emulators
# say of another machine's program, or of the loader that it asks for.
_REFUSED = re.compile(
    r"""
    (?: (?<![^\s:'"`]) (?P<program>\.{0,2}/[^\s:'"`]+) ["'`]? : [ ]
          (?:cannot[ ]execute[ ]binary[ ]file: [ ])?
      | \bsh: [ ] (?:\d+: [ ])? (?P<word>[\w.+-]+): [ ]
      | exec[ ]user[ ]process[ ]caused :? [ ] "? )
    exec[ ]format[ ]error
    | exec[ ]format[ ]error: [ ] '(?P<named>[^']+)'
    | (?<![^\s:]) (?P<old>\.{0,2}/[^\s:]+): [ ] cannot[ ]execute[ ]binary[ ]file $
    | (?<!\S) (?P<emulated>/\S+): [ ] Invalid[ ]ELF[ ]image[ ]for[ ]this[ ]architecture
    | (?:Could[ ]not[ ]open | failed[ ]to[ ]open[ ]elf[ ]at) [ ]
      '? (?P<loader>/lib\S*/ld-(?:linux-x86-64|musl-x86_64)[\w.-]*)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LOADER = re.compile(r"/ld-[^/]+$")
_SHELLS = {"/bin/sh", "/bin/bash", "/bin/ash", "/bin/dash", ""}


def search(log: BuildLog) -> Iterator[Clue]:
    """Report every program that the kernel refused to run, once each."""
    told: set[str] = set()
    for line in log.lines:
        hit = _REFUSED.search(spoken(line))
        program = _program(hit) if hit else ""
        if hit and program not in told:
            told.add(program)
            message = _message(program, log.platform)
            yield Clue(line, message, weight(line, log), program)


def _program(hit: re.Match[str]) -> str:
    return next((name for name in hit.groups() if name), "")


def _message(program: str, platform: str) -> str:
    if _LOADER.search(program):
        return f"A program that asks for `{program}` is not a {platform} program."
    if program in _SHELLS:
        return (
            f"The base image is not a {platform} image, so none of its programs can "
            f"run. Use one that is published for {platform}."
        )
    named = f"`{program}`" if program else "What was run"
    return (
        f"{named} is not a {platform} program, so the kernel refuses to run it. "
        f"Bring the one that is made for {platform}."
    )


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
