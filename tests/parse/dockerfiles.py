"""Dockerfiles that are hard to read, each for its own reason."""

from __future__ import annotations

from collections.abc import Mapping

EDGE_CASES: Mapping[str, str] = {
    "add with flags": "FROM a\nADD --chown=1:2 --link http://x/y.tgz ./z /d/\n",
    "arg with several names": 'FROM a\nARG one=1 two three="3 3" four=\\ 4\n',
    "backslash at the end of the file": "FROM a\nRUN b \\",
    "backslash before blanks": "FROM a\nRUN b \\ \t \n  c\n",
    "blank lines in a continuation": "FROM a\nRUN b \\\n\n   \n  c \\\n\n\nUSER d\n",
    "byte order mark": "\ufeffFROM a\nRUN b\n",
    "comment at the end of a line": "FROM a\nRUN b # not a comment for Docker\n",
    "comment between continuations": "FROM a\nRUN b && \\\n  # why\n#more\n  c\n",
    "comment before all": "# hello\n\n# escape=`\nFROM a\nRUN b \\\n c\n",
    "continuation inside a word": "FROM a\nCOPY fi\\\nrst sec\\\n\\\nond /\n",
    "continued keyword": "FR\\\nOM a\nRU\\\nN b\n",
    "copy with json": 'FROM a\nCOPY --from=b ["one two", "three" , "/"]\n',
    "directives": "# syntax=docker/dockerfile:1\n#\tescape = `\n"
    "FROM a\nRUN b `\n  c \\\n",
    "double escape is none": "FROM a\nRUN b \\\\\nRUN c\n",
    "directive after a strange one": "# some=thing\n# escape=`\nFROM a\nRUN b \\\n c\n",
    "env in both forms": "FROM a\nENV b c d  e\nENV f=g h=\"i j\" k='l m' n=o\\ p q=\n",
    "env over lines": 'FROM a\nENV b=c \\\n    # about d\n    d="e f" \\\n    g=h\n',
    "expose and volume": 'FROM a\nEXPOSE 80 443/tcp\nVOLUME /a /b\nVOLUME ["/c"]\n',
    "flags in odd places": "FROM --platform=$BUILDPLATFORM a AS b\n"
    'RUN --mount=type=cache,target=/x --network=none --security="in secure" -- c --d\n',
    "healthcheck": "FROM a\n"
    "HEALTHCHECK --interval=3s --retries=2 CMD curl x || exit 1\n"
    'HEALTHCHECK CMD ["a", "b"]\nHEALTHCHECK NONE\n',
    "heredoc": "FROM a\nRUN <<EOF\nb\nFROM c\n# d\nEOF\nRUN e\n",
    "heredoc for copy": "FROM a\nCOPY <<one <<'two' /d/\n1\none\n2 $x\ntwo\nUSER e\n",
    "heredoc in onbuild": "FROM a\nONBUILD RUN <<EOF\nb\nEOF\nUSER c\n",
    "heredoc in quotes is none": "FROM a\nRUN echo \"<<EOF\" '<<A'\nUSER b\n",
    "heredoc not for cmd": "FROM a\nCMD cat <<EOF\nUSER b\n",
    "heredoc with tabs": "FROM a\nRUN <<-EOF cat && \\\n\tb\n\t\tc\n\tEOF\nUSER d\n",
    "heredoc with windows lines": "FROM a\r\nRUN <<EOF\r\nb\r\nEOF\r\nUSER c\r\n",
    "here string is no heredoc": "FROM a\nRUN cat <<<EOF\nUSER b\n",
    "json that is none": "FROM a\nRUN [ -f /x ] && b\nCMD ['a', 'b']\nRUN [\"a\",]\n",
    "json with escapes": 'FROM a\nCMD ["\\u00e9\\n", "\\"b\\"", "c\\\\d"]\n',
    "json with a tail": 'FROM a\nENTRYPOINT ["b"] c\nCMD []\nSHELL ["d", "-c"]\n',
    "label": 'FROM a\nLABEL "b c"="d e" f=g \\\n  h=i\nLABEL j k\n',
    "lower case": "from a as B\nrun c\ncopy --from=b d e\nonbuild add f g\n",
    "maintainer and others": "FROM a\nMAINTAINER b  c <d@e>\nSTOPSIGNAL SIGTERM\n"
    "USER f:g\nWORKDIR /h i\n",
    "no newline at the end": "FROM a\nRUN b",
    "non-breaking blanks": "FROM a\n\u00a0RUN b\u00a0c\u00a0\nENV d=e\u00a0f=g\n",
    "tabs": "\tFROM\ta\tAS\tb\n\tRUN\tc\t\\\n\t\td\n",
    "unicode": "FROM a\nRUN écho ☃ && \\\n  ünd '𝄞'\nLABEL ö=ä\n",
    "unknown instruction": "FROM a\nRUNN b\n",
    "windows escape": "# escape=`\nFROM a\nRUN dir C:\\ `\n  && b\nCOPY c C:\\d\\\n",
    "windows lines": "FROM a\r\nRUN b && \\\r\n    # why\r\n    c\r\n\r\nUSER d\r\n",
}
"""What each one is about, and its text."""

REFUSED: Mapping[str, str] = {
    "arrays of numbers": "FROM a\nCMD [1, 2]\n",
    "directive twice": "# escape=`\n# escape=`\nFROM a\n",
    "empty file": "",
    "env without a value": "FROM a\nENV b\n",
    "env without an equals sign": "FROM a\nENV b=c d\n",
    "only comments": "# a\n\n# b\n",
    "heredoc without an end": "FROM a\nRUN <<EOF\nb\n",
    "strange escape": "# escape=x\nFROM a\n",
}
"""Files that Docker's parser does not take, and why."""
