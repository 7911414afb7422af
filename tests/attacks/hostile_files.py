"""Files that cost a reader as much as they can, each in any size."""

from __future__ import annotations

from collections.abc import Callable, Mapping

Files = Mapping[str, str]
Shape = Callable[[int], Files]
"""Returns files of about so many characters in all."""

BUILD = "\tdocker build -t x --build-arg A=$(A) .\n"
IMAGE = "FROM debian:8 AS a\nARG ARCH=amd64\nADD bin/tool-amd64 /code/\n"


def lines(line: str, size: int) -> str:
    """Return *line* again and again; ``{0}`` in it is its number, ``{1}`` the next."""
    count = max(size // len(line.format(size, size)), 2)
    return "".join(line.format(number, number + 1) for number in range(count))


def makefile(line: str, end: str = "") -> Shape:
    """Return a Makefile of such lines, beside a Dockerfile."""
    return lambda size: {
        "Dockerfile": IMAGE,
        "Makefile": "A ?= amd64\n" + lines(line, size) + f"image: $(A)\n{BUILD}" + end,
    }


def make_of(text: Callable[[int], str]) -> Shape:
    """Return a Makefile that ends in a text, beside a Dockerfile."""
    return lambda size: {**makefile("# {0}\n", text(size))(9)}


def docker_of(text: Callable[[int], str]) -> Shape:
    """Return a Dockerfile that ends in a text."""
    return lambda size: {"Dockerfile": IMAGE + text(size)}


def ignore_of(text: Callable[[int], str]) -> Shape:
    """Return an ignore file that ends in a text."""
    return lambda size: {**ignoring("x{0}\n")(9), ".dockerignore": "*\n" + text(size)}


def config_of(text: Callable[[int], str]) -> Shape:
    """Return a configuration that is a text."""
    return lambda size: {"Dockerfile": IMAGE, ".github/multiarch.yml": text(size)}


def dockerfile(line: str, start: str = IMAGE, end: str = "") -> Shape:
    """Return a Dockerfile of such lines."""
    return lambda size: {"Dockerfile": start + lines(line, size) + end}


def ignoring(line: str) -> Shape:
    """Return an ignore file of such lines, and files that it speaks of."""
    return lambda size: {
        "Dockerfile": IMAGE,
        ".dockerignore": "*\n" + lines(line, size),
        **{f"{'d/' * depth}amd64/f": "" for depth in range(20)},
    }


def config(line: str, start: str = "builds:\n") -> Shape:
    """Return a configuration of such lines."""
    return lambda size: {
        "Dockerfile": IMAGE,
        ".github/multiarch.yml": start + lines(line, size),
    }


def deep(before: str, after: str) -> Callable[[int], str]:
    """Return what is nested as deeply as *size* allows."""

    def nested(size: int) -> str:
        count = max(size // len(before + after), 2)
        return before * count + after * count

    return nested


MAKEFILES: Mapping[str, Shape] = {
    "chain": makefile("t{0}: t{1}\n"),
    "chain that builds": makefile("t{0}: t{1}\n" + BUILD),
    "chain of stems": makefile("t-amd64-{0}: t-amd64-{1}\n\tdocker build .\n"),
    "fan": make_of(lambda size: f"all: {lines('t{0} ', size)}\n"),
    "fan that builds": lambda size: make_of(
        lambda _: (
            lines("t{0}: image\n" + BUILD, size) + f"all: {lines('t{0} ', size // 8)}\n"
        )
    )(size),
    "pushing": makefile("p{0}: p{1}\n\tdocker push x\n"),
    "patterns": makefile("%.{0}: %.{1}\n" + BUILD),
    "static patterns": makefile("a{0} b{0}: %{0}: c%\n" + BUILD),
    "calls of make": makefile("t{0}: t{1}\n\t$(MAKE) -C . t{1} A={0}\n"),
    "calls of patterns": makefile("%-{0}: x\n\t$(MAKE) y-{1} A={0}\n"),
    "assignments": makefile("V{0} := $(V{1}) x\n"),
    "lazy chain": makefile("V{0} = $(V{1}) x\n"),
    "doubling": makefile("V{0} = $(V{1})$(V{1})\n", f"x: $(V0)\n{BUILD}"),
    "doubling at once": makefile("V{1} := $(V{0})$(V{0})y\n"),
    "appending": makefile("V += word{0}\n", f"x: $(V)\n{BUILD}"),
    "architectures": makefile("V{0} ?= amd64\n"),
    "for one target": makefile("t{0}: V{0} = amd64\n", f"t1:\n{BUILD}"),
    "conditionals": makefile("ifeq ($(V{0}),amd64)\nendif\n"),
    "nested conditionals": makefile("ifeq ($(A),amd{0})\nx{0}:\n" + BUILD),
    "else": makefile("ifdef V{0}\nx{0}:\nelse\ny{0}:\n" + BUILD + "endif\n"),
    "open rules": makefile("ifdef V{0}\nx{0}: y\nelse\n"),
    "filters": makefile("ifneq (,$(filter $(V{0}),amd64 x))\nendif\n"),
    "open calls": makefile("X = $(\n"),
    "open filters": makefile("ifeq (,$(filter \n"),
    "nested calls": make_of(lambda size: "X = " + deep("$(or a,", ")")(size) + "\n"),
    "nested braces": make_of(lambda size: "X = " + deep("${", "}")(size) + "\n"),
    "dollars": makefile("X = $$$(\\\n"),
    "call": makefile(
        "define m{0}\n$(call m{1},$(1),$(1))\nendef\n", "x:\n\t$(call m0,a)\n"
    ),
    "one define": make_of(
        lambda size: (
            "define m\n"
            + lines("docker build . -t {0}\n", size)
            + "endef\nx:\n\t$(m)\n"
        )
    ),
    "foreach": makefile("L += $(foreach a,$(L),$(a) b{0})\n"),
    "substitutions": makefile("V{1} := $(subst a,aa,$(V{0}))\n"),
    "patsubst": makefile("W += w{0}\nV{0} = $(W:%{0}=%)\n", f"x: $(V0)\n{BUILD}"),
    "recipe": make_of(lambda size: lines("\tdocker build -t {0} .\n", size)),
    "one long recipe": make_of(
        lambda size: "\t" + lines("docker build -t {0} . && ", size) + "true\n"
    ),
    "continued": make_of(lambda size: "\t" + lines("a \\\n", size) + "\n"),
    "long words": make_of(lambda size: "\tdocker build " + "x" * size + "\n"),
    "quotes": make_of(lambda size: "\tdocker build " + "\"'" * (size // 2)),
    "includes": makefile("include a{0}.mk\n"),
    "including itself": makefile("include Makefile\n"),
    "wildcards": makefile("V{0} := $(wildcard *{0}*a*)\n"),
    "modifiers": make_of(lambda size: "export " * (size // 7) + "\n"),
    "colons": make_of(lambda size: ": " * (size // 2) + "\n"),
    "blanks": make_of(lambda size: " " * size + "x\n"),
    "hashes": make_of(lambda size: "X = " + "\\#" * (size // 2) + "\n"),
    "backslashes": make_of(lambda size: "X = " + "\\" * size + "\n"),
}
DOCKERFILES: Mapping[str, Shape] = {
    "stages": dockerfile("FROM s{0} AS s{1}\nRUN make x-amd64\n"),
    "copies from stages": dockerfile("FROM a AS s{1}\nCOPY --from=s{0} x-amd64 /\n"),
    "arguments and stages": docker_of(
        lambda size: (
            lines("ARG a{0}=x\n", size // 2) + lines("FROM $a1\nARG a1 z\n", size // 2)
        )
    ),
    "stages with values": dockerfile(
        "FROM s{0} AS s{1}\nENV e{0}=x\nCOPY --from=$e1 a b\n"
    ),
    "copies": dockerfile("COPY x-amd64-{0} /y-{0}\n"),
    "one copy": docker_of(lambda size: "COPY " + lines("x-amd64 ", size) + "/y\n"),
    "arguments": dockerfile("ARG A{1}=$A{0}x\n", start=""),
    "doubling": dockerfile("ENV A{1}=$A{0}$A{0}\n"),
    "doubling outside": dockerfile("ARG A{1}=$A{0}$A{0}\n", "", "FROM $A9\n"),
    "one argument": docker_of(lambda size: "ARG " + "x=1 " * (size // 4) + "\n"),
    "arguments of a copy": dockerfile("ARG x{0}=1\nCOPY $TARGETARCH-a$x{0} /y\n"),
    "bases": dockerfile("FROM debian:{0}\n"),
    "labels": docker_of(lambda size: "LABEL " + lines("a{0}=b ", size) + "\n"),
    "json": docker_of(lambda size: "CMD [" + '"a",' * (size // 4) + '"b"]\n'),
    "deep json": docker_of(lambda size: "CMD " + "[" * size + "\n"),
    "open strings": docker_of(lambda size: 'CMD ["' + '\\"' * (size // 2)),
    "documents": dockerfile("RUN <<E{0}\napk add x\nE{0}\n"),
    "open documents": dockerfile("RUN <<E{0}\n"),
    "many documents": docker_of(lambda size: "RUN " + lines("<<E{0} ", size) + "\n"),
    "continued": dockerfile("RUN a \\\n# x\n\\\n"),
    "continued words": docker_of(lambda size: "RUN a" + "\\\n" * (size // 2)),
    "flags": docker_of(lambda size: "RUN " + lines("--mount=a{0} ", size) + "x\n"),
    "quotes": docker_of(lambda size: "ENV a=" + "\"'" * (size // 2) + "\n"),
    "open braces": docker_of(lambda size: "ENV a=" + "${" * (size // 2) + "\n"),
    "nested braces": docker_of(lambda size: "ENV a=" + deep("${a:-", "}")(size) + "\n"),
    "trimming": dockerfile("ENV A=${{A}}aa B=${{A%%*a*b*c}}\n"),
    "replacing": dockerfile("ENV A=${{A}}aa B=${{A//a*b/c}}\n"),
    "commands": docker_of(lambda size: "RUN " + "true; " * (size // 6) + "x\n"),
    "and": docker_of(lambda size: "RUN " + "true && " * (size // 8) + "x\n"),
    "pipes": docker_of(lambda size: "RUN " + "a | " * (size // 4) + "x\n"),
    "nested shells": docker_of(lambda size: "RUN " + deep("(", ")")(size) + "\n"),
    "nested calls": docker_of(lambda size: "RUN " + deep("$(", ")")(size) + "\n"),
    "nested ifs": docker_of(lambda size: "RUN " + deep("if a; then ", "b; fi;")(size)),
    "open cases": docker_of(lambda size: "RUN " + "case a in b) " * (size // 13)),
    "backquotes": docker_of(lambda size: "RUN " + "`" * size + "\n"),
    "programs": dockerfile("RUN /usr/glibc-compat/sbin/ldconfig /lib x{0}\n"),
    "packages": docker_of(lambda size: "RUN apk add " + lines("libc6-i386 ", size)),
    "paths": docker_of(
        lambda size: "RUN x " + "/usr/lib/x86_64-linux-gnu/" * (size // 26)
    ),
    "words": docker_of(lambda size: "RUN x " + lines("tool-amd64-{0} ", size)),
    "long word": docker_of(lambda size: "RUN x " + "amd64-" * (size // 6) + "\n"),
    "moved": dockerfile("RUN mv /code/tool-amd64 /x{0}-amd64\n"),
    "comments": dockerfile("# multiarch: allow hardcoded-arch-path\nCOPY x-amd64 /y\n"),
    "blanks": docker_of(lambda size: "RUN" + " " * size + "x\n"),
    "line ends": docker_of(lambda size: "\r" * size + "\n"),
    "directives": dockerfile("# escape=\\\n", start=""),
    "onbuild": dockerfile("ONBUILD COPY x-amd64 /y{0}\n"),
    "onbuilds": docker_of(lambda size: "ONBUILD " * (size // 8) + "\n"),
}
IGNORES: Mapping[str, Shape] = {
    "stars": ignore_of(lambda size: "**/" * (size // 3) + "x\n"),
    "stars and words": ignore_of(lambda size: "*a" * (size // 2) + "b\n"),
    "back": ignoring("!d/**/amd64/f{0}\n"),
    "many": ignoring("!bin/tool-amd64-{0}\n"),
    "classes": ignore_of(lambda size: "[a-z]" * (size // 5) + "\n"),
    "open classes": ignore_of(lambda size: "[" * size + "\n"),
    "repeats": ignore_of(lambda size: "a{1000}" * (size // 7) + "\n"),
    "choices": ignore_of(lambda size: "a|" * (size // 2) + "\n"),
    "slashes": ignore_of(lambda size: "/" * size + "x\n"),
    "dots": ignore_of(lambda size: "../" * (size // 3) + "\n"),
    "escapes": ignore_of(lambda size: "\\\\*" * (size // 3) + "\n"),
}
CONFIGS: Mapping[str, Shape] = {
    "builds": config("  - {{name: n{0}, dockerfile: Dockerfile}}\n"),
    "same builds": config("  - {{name: n, dockerfile: Dockerfile}}\n"),
    "absent files": config("  - {{name: n{0}, dockerfile: a/{0}, context: b/{0}}}\n"),
    "unknown keys": config("key{0}: 1\n", ""),
    "same keys": config("builds: []\n", ""),
    "arguments": config("      A{0}: b\n", "builds:\n  - dockerfile: D\n    args:\n"),
    "open lists": config_of(lambda size: "[" * size),
    "open maps": config_of(lambda size: "{" * size),
    "aliases": config("a{0}: &a{0} [*a{1}]\n", ""),
    "anchors": config("a{0}: &a{0} x\n", ""),
    "block": config("  x{0}\n", "builds: |\n"),
    "quotes": config_of(lambda size: '"\\' * (size // 2)),
    "tags": config_of(lambda size: "!!" * (size // 2)),
    "blanks": config_of(lambda size: " " * size + "\n"),
    "colons": config_of(lambda size: "a: " * (size // 3)),
    "merge": config("a{0}: {{<<: [], x: 1}}\n", ""),
}
EVERY: Mapping[str, Shape] = {
    f"{kind}, {name}": shape
    for kind, shapes in (
        ("Makefile", MAKEFILES),
        ("Dockerfile", DOCKERFILES),
        ("ignore file", IGNORES),
        ("configuration", CONFIGS),
    )
    for name, shape in shapes.items()
}
