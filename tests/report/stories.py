"""A project and its story, as the reports of these tests tell them."""

from __future__ import annotations

from dataclasses import replace

from bot.model import Edit, Finding, Fix, Match, Safety, Severity, Source, Span
from bot.proof import (
    Attempt,
    Audit,
    Built,
    Change,
    Proof,
    Smoke,
    Story,
    WrongFile,
)
from bot.snapshot import Snapshot

DOCKERFILE = Source(
    "docker-image/Dockerfile",
    "FROM alpine:3.4\n"
    "RUN apk add tini\n"
    "ADD bin/typha-amd64 /code/typha\n"
    'CMD ["/code/typha"]\n',
)
MAKEFILE = Source(
    "Makefile",
    "ARCH?=amd64\nimage:\n\tdocker build -t typha docker-image\n",
)
SNAPSHOT = Snapshot(
    frozenset({DOCKERFILE.path, MAKEFILE.path}),
    {source.path: source for source in (DOCKERFILE, MAKEFILE)},
)


def span(source: Source, text: str) -> Span:
    """Return where *text* is in *source*."""
    start = source.text.index(text)
    return source.span(start, start + len(text))


BASE = Finding(
    "base-image-without-arm64",
    Severity.BREAKS,
    Match(
        span(DOCKERFILE, "alpine:3.4"),
        "`alpine:3.4` is not published for linux/arm64, so the build cannot start.",
        Fix(
            "Use `alpine:3.6`",
            (Edit(span(DOCKERFILE, "alpine:3.4"), "alpine:3.6"),),
            Safety.SAFE,
        ),
    ),
)
PATH = Finding(
    "hardcoded-arch-path",
    Severity.BREAKS,
    Match(
        span(DOCKERFILE, "bin/typha-amd64"),
        "`bin/typha-amd64` names amd64, so another build takes the wrong file.",
        Fix(
            "Pass the architecture in `ARCHITECTURE`",
            (
                Edit(DOCKERFILE.span(16, 16), "ARG ARCHITECTURE=amd64\n"),
                Edit(span(DOCKERFILE, "amd64"), "$ARCHITECTURE"),
                Edit(
                    span(MAKEFILE, "-t typha"),
                    "--build-arg ARCHITECTURE=$(ARCH) -t typha",
                ),
            ),
            Safety.SAFE,
        ),
    ),
)
TINI = Finding(
    "missing-checksum",
    Severity.HINT,
    Match(span(DOCKERFILE, "tini"), "Nobody knows which `tini` this will be."),
)
FINDINGS = (BASE, TINI, PATH)

DIFF = (
    "--- a/docker-image/Dockerfile\n+++ b/docker-image/Dockerfile\n@@ -1,2 +1,2 @@\n"
    "-FROM alpine:3.4\n+FROM alpine:3.6\n RUN apk add tini\n"
)
MET = Attempt(
    platform="linux/arm64",
    passed=False,
    seconds=2.5,
    cause="base-image-without-platform",
    quote="no matching manifest for linux/arm64 in the manifest list entries",
    path="docker-image/Dockerfile",
    line=1,
    changes=(
        Change(
            "base-image-without-arm64",
            "docker-image/Dockerfile",
            DIFF,
            "Use `alpine:3.6`, the nearest tag with linux/arm64",
        ),
    ),
    why="The image `alpine:3.4` is not published for linux/arm64.",
)
PASSED = Attempt("linux/arm64", passed=True, seconds=12.34)
ARM = Built("typha", "rack-7", "linux/arm64", True, "classic", "sha256:1", 12.34)
AMD = replace(ARM, platform="linux/amd64", native=False, builder="buildkit")
SMOKE = Smoke(True, "", 0, "hello\n", 0.42)
PROVEN = Story(
    proven=True,
    missing=(),
    attempts=(MET, PASSED),
    proof=Proof((ARM,), (AMD,), Audit(12), (SMOKE,)),
)
FOREIGN = WrongFile("/usr/glibc-compat/lib/libc.so", "x86-64", "RUN apk add glibc.apk")
UNPROVEN = Story(
    proven=False,
    missing=("linux/arm64: typha: foreign program: /usr/glibc-compat/lib/libc.so",),
    attempts=(MET, replace(PASSED, passed=False)),
    proof=Proof(arm64=(replace(ARM, native=False),), audit=Audit(12, (FOREIGN,))),
)
HEALTHY = Story(True, (), (PASSED,), PROVEN.proof)

EVIL = "x`\n```\n</details>--><b>@org</b> | a | [l](http://e.example) #1"
HOSTILE = Story(
    proven=False,
    missing=(EVIL,),
    attempts=(
        replace(
            MET,
            cause=EVIL,
            quote=EVIL,
            path=EVIL,
            changes=(Change(EVIL, EVIL, EVIL, EVIL),),
            why=EVIL,
        ),
    ),
    proof=Proof(
        arm64=(replace(ARM, recipe=EVIL, runner=EVIL, builder=EVIL),),
        audit=Audit(1, (WrongFile(EVIL, EVIL, EVIL),)),
        smoke=(replace(SMOKE, command=EVIL, output=EVIL),),
    ),
)
"""A story in which everything that can come from outside is hostile."""
