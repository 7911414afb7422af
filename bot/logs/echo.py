"""What a log line says beyond repeating the instruction that is carried out. Pure.

Builders print each instruction before its output and again when it has failed.
Words in it, such as ``|| echo 'no space left on device'``, were not said by
anything that ran.
"""

from __future__ import annotations

import re

from bot.model import LogLine

_REPEATED = re.compile(
    r"""
    Step [ ] \d+ (?:/\d+)? [ ] : [ ]                              # classic
    | (?: [ ]* =>[ ] (?: (?:ERROR|CACHED|CANCELED) [ ] )? | [ ]>[ ] )?
      \[ (?: [^\]]*? [ ] )? \d+/\d+ \] [ ] [A-Z]{3,} \b           # BuildKit
    | \s* \d+ [ ] \| [ ] (?: >>> [ ] | [ ]{4} )                   # its excerpt
    """,
    re.VERBOSE,
)
_COMMAND = re.compile(
    r"""
    (?<= The[ ]command[ ]' ) (?: .* (?= '[ ]returned[ ] ) | .*$ )
    | (?<= process[ ]" ) (?: .* (?= "[ ]did[ ]not[ ]complete ) | .*$ )
    | (?<= executor[ ]failed[ ]running[ ]\[ ) (?: .* (?= \](?::[ ]|$) ) | .*$ )
    """,
    re.VERBOSE,
)


def spoken(line: LogLine) -> str:
    """Return the text of *line* without what it repeats of an instruction."""
    if _REPEATED.match(line.text):
        return ""
    return _COMMAND.sub("…", line.text)
