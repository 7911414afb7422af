"""Laws that hold for every rule on every project, real or made up."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import fixing
from bot.analysis import analyse
from bot.model import Edit, Safety
from bot.project import Project
from bot.rules import RULES
from bot.settling import Settled
from bot.snapshot import Snapshot
from tests.catalogue import analysed, facts, settle, snapshot

FACTS = facts(
    "alpine:3.4: linux/amd64\nalpine:3.4 -> alpine:3.6\n"
    "debian:8: linux/amd64\ndebian:8 -> debian:9\nold: linux/amd64\n"
)
GLIBC = """\
RUN wget https://h/glibc-2.23-r3.apk https://h/glibc-bin-2.23-r3.apk && \\
    # both
    apk add glibc-2.23-r3.apk glibc-bin-2.23-r3.apk && \\
    /usr/glibc-compat/sbin/ldconfig; rm glibc-bin-2.23-r3.apk glibc-2.23-r3.apk"""
INSTRUCTIONS = [
    *("FROM alpine:3.4", "from old as b", "FROM $BASE", "FROM debian:$V AS amd64"),
    *("ARG BASE=alpine:3.4", "ARG V=8", "ARG ARCH=amd64", "ARG TARGETARCH=amd64"),
    *("ADD bin/x-amd64 /code/", 'COPY ["amd64/x", "/o/x-amd64_y"]', "WORKDIR /amd64"),
    *("COPY --from=b /code/x-amd64 /x", "COPY lib/x86_64-linux-gnu /lib"),
    *("RUN ln -s /code/x-amd64 /x", "RUN '/code/x-amd64'", 'CMD ["/code/x-amd64"]'),
    GLIBC,
    *("RUN apk add syslinux intel-ucode", "RUN apk add syslinux | cat"),
    *("RUN (apk add syslinux)", "RUN if x; then apk add syslinux; fi", "RUN <<E\nE"),
    *("RUN /usr/glibc-compat/sbin/ldconfig && apt-get install -y libc6-i386", ""),
    *("# multiarch: allow hardcoded-arch-path", "ONBUILD ADD amd64 /", "RUN ["),
]
IGNORES = [
    "*",
    "**",
    "!amd64/x",
    "!bin/x-amd64",
    "!bin/x-arm64",
    "bin",
    "!x86_64-*",
    "",
]
STAGES = range(490)
HOSTILE = {
    "programs": "FROM a\n" + "RUN /usr/glibc-compat/sbin/ldconfig\n" * 4900,
    "copies": "FROM a\nCOPY " + "x-amd64 " * 130_000 + "/y\n",
    "values": "FROM a\n" + "ARG x=1\nCOPY $TARGETARCH-a /y\n" * 2490,
    "chain": "FROM a AS s0\n"
    + "RUN make x-amd64\n" * 2000
    + "".join(f"FROM s{i} AS s{i + 1}\nCOPY --from=s{i} x-amd64 /\n" for i in STAGES),
    "arguments": "ARG " + "x=1 " * 200_000 + "\n" + "FROM ${x}a AS b\n" * 490,
}
"""Each takes minutes where something is looked up anew for every place."""
RECIPES = [
    *("docker build .", "docker build --build-arg ARCH=$(ARCH) -t x .", "true"),
    *(
        "docker buildx build --platform linux/$(ARCH) .",
        "docker build -f b/Dockerfile .",
    ),
]


def lines(pool: list[str]) -> st.SearchStrategy[list[str]]:
    """Return files made of the lines of *pool*."""
    return st.lists(st.sampled_from(pool), max_size=9)


@st.composite
def projects(draw: st.DrawFn) -> Snapshot:
    """Return a project: two Dockerfiles, an ignore file and a Makefile."""
    end = draw(st.sampled_from(["\n", "\r\n"]))
    recipe = [f"\t{line}" for line in draw(lines(RECIPES))]
    parts = {
        "Dockerfile": draw(lines(INSTRUCTIONS)),
        "b/Dockerfile": draw(lines(INSTRUCTIONS)),
        ".dockerignore": draw(lines(IGNORES)),
        "Makefile": ["ARCH ?= amd64", "image:", *recipe],
    }
    texts = {path: "\n".join(text) for path, text in parts.items()}
    return snapshot({path: text.replace("\n", end) for path, text in texts.items()})


many = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def settled(tree: Snapshot) -> Settled:
    """Repair *tree* as far as anything may be repaired."""
    return settle(tree, FACTS, RULES, Safety.UNSAFE)


@many
@given(projects())
def test_fixing_twice_equals_fixing_once(tree: Snapshot) -> None:
    """No two rules undo each other, and nothing repairable is left."""
    once = settled(tree)
    twice = settled(once.view.snapshot)

    assert once.stable
    assert twice.view.snapshot == once.view.snapshot
    assert [found for found in once.view.findings if found.match.fix] == []


@many
@given(projects())
def test_characters_outside_the_edits_never_change(tree: Snapshot) -> None:
    """A round of repairs replaces the spans of its edits and nothing else."""
    findings = analyse(Project.of(tree), FACTS, RULES).findings
    edits = fixing.compose(findings, Safety.UNSAFE)
    after = tree.edited(edits)

    for path, source in tree.sources.items():
        mine = sorted((e for e in edits if e.span.path == path), key=lambda e: e.span)
        assert rest(source.text, [(e.span.start, e.span.end) for e in mine]) == rest(
            after.sources[path].text, moved(mine)
        )


@many
@given(projects())
def test_a_repair_leaves_files_that_docker_accepts(tree: Snapshot) -> None:
    """What could be read before can be read after, problem for problem."""
    before, after = Project.of(tree), Project.of(settled(tree).view.snapshot)

    assert [len(file.problems) for file in after.dockerfiles()] == [
        len(file.problems) for file in before.dockerfiles()
    ]


@many
@given(st.text(alphabet=st.characters(codec="utf-8")), st.sampled_from(INSTRUCTIONS))
def test_no_rule_crashes_on_any_text(text: str, line: str) -> None:
    """A file may be anything; a rule has nothing to say about most of it."""
    body = f"FROM a\n{line}\n{text}"
    files = {"Dockerfile": body, ".dockerignore": f"*\n{text}", "Makefile": text}

    assert analysed(files).crashes == ()


@many
@given(st.sampled_from(INSTRUCTIONS), st.data())
def test_no_rule_crashes_on_a_file_cut_short(line: str, data: st.DataObject) -> None:
    """Uploads end early, and people save what they have."""
    text = f"FROM a\nARG ARCH=amd64\n{line}\n{GLIBC}\n"
    cut = data.draw(st.integers(0, len(text)))

    assert analysed({"Dockerfile": text[:cut]}).crashes == ()


def rest(text: str, spans: list[tuple[int, int]]) -> list[str]:
    """Return what *text* holds between *spans*."""
    starts = [0, *(end for _, end in spans)]
    ends = [*(start for start, _ in spans), len(text)]
    return [text[start:end] for start, end in zip(starts, ends, strict=True)]


def moved(edits: list[Edit]) -> list[tuple[int, int]]:
    """Return where the new text of *edits* stands once all are made."""
    shift, spans = 0, []
    for edit in edits:
        start = edit.span.start + shift
        spans.append((start, start + len(edit.new)))
        shift += len(edit.new) - (edit.span.end - edit.span.start)
    return spans


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.timeout(40)
def test_judges_a_hostile_file_in_bounded_time(text: str) -> None:
    """One file of a stranger must not hold a worker."""
    tree = snapshot({"Dockerfile": text, ".dockerignore": "*\n!amd64\n", "a.sh": ""})

    project = Project.of(tree)
    project.images("linux/arm64")
    project.recipes("linux/arm64")

    assert analyse(project, FACTS, RULES).crashes == ()


@pytest.mark.timeout(40)
def test_a_makefile_that_includes_itself_ends() -> None:
    """Every line of it would read all of its lines again."""
    text = "include Makefile\n" * 4_000 + "image:\n\tdocker build .\n"

    assert Project.of(snapshot({"Makefile": text})).calls("linux/arm64").keys() == {
        "Dockerfile"
    }


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "".join(f"A{i} ?= amd64\n" for i in range(4900))
            + "image:\n\tdocker build .\n",
            id="variables",
        ),
        pytest.param(
            "".join(
                f"ifeq ($(A{i}),1)\ni{i}:\n\tdocker build .\nendif\n"
                for i in range(1900)
            )
            + "image:\n\tdocker build .\n",
            id="settings",
        ),
    ],
)
@pytest.mark.timeout(40)
def test_a_hostile_makefile_is_read_in_bounded_time(text: str) -> None:
    """Each rule and each variable would have all of the file read again."""
    found = Project.of(snapshot({"Makefile": text}))

    assert found.calls("linux/arm64").keys() == {"Dockerfile"}
