"""No file, log or comment of a stranger costs more than its size."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress

import pytest

from bot import command, dockerfile_names, fixing, judging, kinds, logs
from bot.analysis import diagnose
from bot.builds import frontends
from bot.builds.transcript import Lines, Transcript
from bot.causes import CAUSES
from bot.config import parse as parse_config
from bot.errors import UserError
from bot.images import reference
from bot.model import (
    BuildLog,
    Cause,
    Edit,
    Finding,
    LogLine,
    Match,
    Safety,
    Severity,
    Source,
    Step,
)
from bot.parse import dockerfile, dockerignore, glob, makefile, shell
from bot.proof import Trial
from bot.references import images
from bot.report import markdown, review_of_fix
from bot.report.excerpt import printable
from bot.report.review import Diff
from bot.snapshot import Snapshot
from bot.suppression import is_allowed
from tests.attacks.hostile_files import EVERY, IMAGE, Files, Shape, lines
from tests.attacks.pumping import GENERIC, cost
from tests.catalogue import facts, snapshot
from tests.catalogue import logs as examples

ARM64 = "linux/arm64"
KNOWN = facts("debian:8: linux/amd64\ndebian:8 -> debian:9\n")
SIZES = (16_000, 32_000, 64_000)
_LONGEST = 25.0
"""Seconds for any 64 KB, on a machine that has other things to do."""
_SLOW = 1.5
_STEEP = 3.0


def judged(files: Files) -> None:
    """Take *files* through every step of a job."""
    tree = snapshot(files)
    judging.survey(tree, ARM64)
    found = judging.assess(tree, KNOWN).analysis.findings
    line = LogLine(1, "x: exec format error", Step(3, "ADD bin/tool-amd64 /code/"))
    trial = Trial(None, BuildLog((line,), dockerfile="Dockerfile"), 0.0)
    judging.explain(tree, found, trial)
    judging.tidy(tree, found, "Dockerfile", Safety.UNSAFE)
    with suppress(UserError):
        judging.names(tree.sources["Dockerfile"], {}, ARM64)


def seconds(shape: Shape, size: int) -> float:
    """Return the processor time that files of *size* take."""
    files = shape(size)
    begun = time.process_time()
    judged(files)
    return time.process_time() - begun


def grows(shape: Shape) -> str:
    """Say how *shape* costs more than its size; nothing where it does not."""
    small, half, whole = (seconds(shape, size) for size in SIZES)
    if whole > _LONGEST:
        return f"{whole:.1f} s"
    if whole < _SLOW or whole < _STEEP * half:
        return ""
    half, whole = (min(seconds(shape, size) for _ in "12") for size in SIZES[1:])
    return f"{small:.1f}, {half:.1f}, {whole:.1f} s" if whole > _STEEP * half else ""


@pytest.mark.parametrize("shape", EVERY.values(), ids=EVERY)
@pytest.mark.timeout(180)
def test_files_cost_what_their_size_is(shape: Shape) -> None:
    """Chains, fans, nests and names that refer to each other, in every kind of file."""
    assert grows(shape) == ""


def test_the_sweep_finds_what_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sweep that cannot fail would prove nothing."""

    def walked_anew(files: Files) -> None:
        count = len(files["x"]) // 1000
        until = time.process_time() + count**2 / 1000
        while time.process_time() < until:
            pass

    monkeypatch.setitem(globals(), "judged", walked_anew)

    assert grows(lambda size: {"x": "x" * size}) != ""


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.timeout(60)
def test_a_chain_of_targets_is_walked_once(size: int) -> None:
    """It was walked anew for each target and platform: 1.7, 5.5 and 28.8 s."""
    chain = lines("t{0}: t{1}\n\tdocker build -t x .\n", size)
    text = f"A ?= amd64\n{chain}push: t0\n\tdocker push x\n"
    begun = time.process_time()
    judged({"Dockerfile": IMAGE, "Makefile": text})

    assert time.process_time() - begun < 10


def log(text: str) -> BuildLog:
    """Read *text* as a log, once in the words of each builder."""
    classic = logs.read(f"Step 1/2 : COPY bin/x-amd64 /x\n{text}", ARM64, "Dockerfile")
    buildkit = logs.read(f"#1 [1/2] RUN {text}\n#1 0.1 {text}", ARM64, "Dockerfile")
    return BuildLog((*classic.lines, *buildkit.lines), ARM64, "Dockerfile")


def searching(cause: Cause) -> Callable[[str], object]:
    """Return what searches a log for one cause."""
    return lambda text: diagnose(log(text), [cause])


def located(text: str) -> object:
    """Look for the instruction that a line of a log speaks of."""
    file = dockerfile.parse(Source("Dockerfile", f"FROM a\nRUN {text}\nCOPY {text} /x"))
    step = Step(0, f"RUN {text}")
    return logs.locate(LogLine(1, text, step), file)


def named(text: str) -> object:
    """Look for the images of a Dockerfile, without the bound that a build has."""
    file = dockerfile.parse(Source("Dockerfile", text))
    return [*dockerfile_names.find(file, {}, ARM64), *images(file, {}, ARM64)]


def printed(text: str) -> object:
    """Take what a build prints: in pieces, as they come out of a pipe."""
    transcript = Transcript(lambda _: None, 40_000)
    lines = Lines(transcript)
    content = text.encode()
    for at in range(0, len(content), 65_536):
        lines.feed(content[at : at + 65_536])
    lines.close()
    return transcript.lines()


def finding(edits: tuple[Edit, ...] = ()) -> Finding:
    """Return a finding at the end of a file, without a fix."""
    span = Source("Dockerfile", "").span(0, 0)
    return Finding("x", Severity.HINT, Match(edits[-1].span if edits else span, ""))


def allowed(text: str) -> object:
    """Look for the comment that allows what is found on the last line."""
    source = Source("Dockerfile", f"# multiarch: allow x{text}\n{text}RUN x")
    end = len(source.text) - 1
    return is_allowed(finding((Edit(source.span(end, end), ""),)), source)


def edited(text: str) -> object:
    """Make an edit at every character, and show the difference."""
    source = Source("Dockerfile", text)
    edits = [Edit(source.span(at, at + 1), "x\n") for at in range(0, len(text), 2)]
    return fixing.diff(source, fixing.apply(source, edits))


def suggested(text: str) -> object:
    """Suggest a changed file on the lines of a pull request."""
    before = Source("Dockerfile", f"{text}\nx\n{text}")
    after = Source("Dockerfile", f"{text}\ny\n{text}\nz")
    tree = Snapshot(frozenset({"Dockerfile"}), {"Dockerfile": before})
    shown = Diff({"Dockerfile": frozenset(range(9))}, frozenset())
    return review_of_fix.render(tree, [after], shown)


READERS: Mapping[str, Callable[[str], object]] = {
    "dockerfile": lambda text: dockerfile.parse(Source("Dockerfile", text)),
    "images of a build": named,
    "frontends": lambda text: list(frontends.by_text(text)),
    "run": lambda text: dockerfile.parse(Source("Dockerfile", f"FROM a\nRUN {text}")),
    "env": lambda text: dockerfile.parse(Source("Dockerfile", f"FROM a\nENV a={text}")),
    "expansion": lambda text: dockerfile.expand(text, {"a": "aaaa"}),
    "makefile": lambda text: makefile.parse(Source("Makefile", text)),
    "value": lambda text: makefile.parse(Source("Makefile", f"A = {text}\n")).expand(
        "$(A)", {}
    ),
    "rule": lambda text: makefile.parse(Source("Makefile", f"a: {text}\n\t{text}\n")),
    "condition": lambda text: makefile.parse(Source("Makefile", f"ifeq ({text},\n")),
    "ignore file": lambda text: dockerignore.parse(Source(".dockerignore", text)),
    "ignored": lambda text: dockerignore.parse(Source(".dockerignore", text)).ignores(
        "a/a"
    ),
    "configuration": lambda text: parse_config(Source(".github/multiarch.yml", text)),
    "file names": lambda text: glob.read(text[:4096]).matches(text[:4096]),
    "kind": kinds.kind_of,
    "image": reference.parse,
    "comment": lambda text: command.find(f"/multiarch fix {text}\n{text}"),
    "command": lambda text: command.nearest(text[:65_536], ["fix", "help"]),
    "log": log,
    "output of a build": printed,
    "locating": located,
    "suppression": allowed,
    "edits": edited,
    "suggestions": suggested,
    "plain": markdown.plain,
    "code": markdown.code,
    "prose": markdown.prose,
    "fence": markdown.fence,
    "details": lambda text: markdown.details(text, text),
    "clean": markdown.clean,
    "terminal": printable,
    "causes": lambda text: diagnose(log(text), CAUSES),
}
PUMPS = (
    *GENERIC,
    *("a\n", "#\n", "# multiarch: allow ", "#1 [1/2] RUN a\n", "Step 1/2 : RUN a\n"),
    *("=> [1/2] ", "ERROR: ", "not found\n", "exec format error\n", "/v2/", "a: b\n"),
    *("<!--", "> ", "``", "- ", "$a", "${a}", "${a:-", "$(a", "`a", "a&&", "a|", ")"),
    *("if a;then ", "<<a\n", "FROM a\n", "COPY a a\n", "a:\n\ta\n", "a = b\n", "[a"),
    *("FROM $a AS b\nARG a\n", "ARG a=b\n", "ENV a=b\n", "COPY --from=$a a b\n"),
    *("!a\n", "a/b:1\n", "\x1b[", "\x1b]", "\r", "1. ", "@a", "www.", "0123456"),
    *("define a\n", "pw:\\", "pw=<", "token: a", "-----BEGIN PRIVATE KEY-----\n"),
)
TEXTS = (16, 32, 512, 4096, 16384)


@pytest.mark.parametrize("name", READERS)
@pytest.mark.timeout(300)
def test_readers_cost_what_their_text_is_long(name: str) -> None:
    """Every reader on every text that repeats what may mean something to it."""
    tried = (cost(READERS[name], ("", pump, ""), TEXTS) for pump in PUMPS)

    assert next((each for each in tried if each), None) is None


@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.name)
@pytest.mark.timeout(300)
def test_causes_cost_what_the_log_is_long(cause: Cause) -> None:
    """Each on what it looks for itself, in one line and in many."""
    shown = {
        line.text
        for title in ("Log", "Not this")
        for example in examples(cause, title)
        for line in example.lines
    }
    pumps = [text + end for text in sorted(shown) for end in (" ", "\n")]
    tried = (cost(searching(cause), ("", pump, ""), TEXTS) for pump in pumps)

    assert next((each for each in tried if each), None) is None


@pytest.mark.parametrize("pump", [")", "a)", "(", "<", "<<a\n", "|", ">", "if a;then "])
@pytest.mark.timeout(60)
def test_a_script_is_cut_by_size(pump: str) -> None:
    """The grammar of shells is not linear, so no long text is given to it."""
    script = Source("x.sh", pump * (SIZES[0] // len(pump)))
    begun = time.process_time()
    shell.parse_script(script)

    assert time.process_time() - begun < 4
