"""The walk of an engineer through the samples: error, cause, change, next error.

The logs were recorded on a real arm64 engine, with both builders.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import fixing, workspace
from bot.analysis import analyse
from bot.logs import read
from bot.model import Finding, Safety
from bot.project import Project
from bot.proof import Audit, Built, Trial, WrongFile
from bot.repair import setback
from bot.rules import RULES
from bot.snapshot import Snapshot
from tests.catalogue import facts, settle

HERE = Path(__file__).parent
FACTS = facts("alpine:3.4: linux/amd64\nalpine:3.4 -> alpine:3.6\n")
MADE = frozenset(
    {"bin/calico-typha-arm64", "dist/arm64/calico", "dist/arm64/calico-ipam"}
)
DOCKERFILES = {
    "typha": "docker-image/Dockerfile",
    "felix": "docker-image/Dockerfile",
    "cni-plugin": "Dockerfile",
}
ERRORS = {
    "typha": ["base-image-without-platform", "foreign-copy-source"],
    "felix": [
        "base-image-without-platform",
        "foreign-program-as-script",
        "missing-program",
    ],
    "cni-plugin": ["foreign-copy-source", "ignored-copy-source"],
}
LINK = "RUN ln -s /code/calico-typha-$ARCHITECTURE /usr/bin/calico-typha"
CALLED = "docker build --build-arg ARCHITECTURE=$(ARCH)"
TYPHA = f"""\
docker-image/Dockerfile: FROM alpine:3.6
docker-image/Dockerfile: ARG ARCHITECTURE=amd64
docker-image/Dockerfile: ADD bin/calico-typha-$ARCHITECTURE /code
docker-image/Dockerfile: {LINK}
Makefile: {CALLED} --pull -t calico/typha$(ARCHTAG) docker-image \
-f docker-image/Dockerfile$(ARCHTAG)
"""
FELIX = """\
docker-image/Dockerfile: FROM alpine:3.6
docker-image/Dockerfile: apk add glibc-2.23-r3.apk && \\
docker-image/Dockerfile: /sbin/ldconfig /lib /usr/glibc/usr/lib && \\
docker-image/Dockerfile: rm -f glibc-2.23-r3.apk
"""
CNI_PLUGIN = f"""\
.dockerignore: !dist/arm64/calico
.dockerignore: !dist/arm64/calico-ipam
.dockerignore: !dist/arm64/flannel
.dockerignore: !dist/arm64/loopback
.dockerignore: !dist/arm64/host-local
.dockerignore: !dist/arm64/portmap
Dockerfile: ARG ARCHITECTURE=amd64
Dockerfile: ADD dist/$ARCHITECTURE/calico /opt/cni/bin/calico
Dockerfile: ADD dist/$ARCHITECTURE/flannel /opt/cni/bin/flannel
Dockerfile: ADD dist/$ARCHITECTURE/loopback /opt/cni/bin/loopback
Dockerfile: ADD dist/$ARCHITECTURE/host-local /opt/cni/bin/host-local
Dockerfile: ADD dist/$ARCHITECTURE/portmap /opt/cni/bin/portmap
Dockerfile: ADD dist/$ARCHITECTURE/calico-ipam /opt/cni/bin/calico-ipam
Makefile: {CALLED} -f Dockerfile$(ARCHTAG) -t $(DEPLOY_CONTAINER_NAME) .
"""
ADDED = {"typha": TYPHA, "felix": FELIX, "cni-plugin": CNI_PLUGIN}


def sample(name: str) -> Snapshot:
    """Return a sample project as it is before any repair."""
    return workspace.read(HERE / "samples" / name)


def found(tree: Snapshot) -> tuple[Finding, ...]:
    """Return what the rules find in *tree*."""
    analysis = analyse(Project.of(tree), FACTS, RULES)
    assert analysis.crashes == ()
    return analysis.findings


def failed(name: str, number: int, builder: str) -> Trial:
    """Return the recorded attempt *number* at a sample, as a trial."""
    raw = (HERE / f"logs/recorded/{name}-{number}-{builder}.log").read_text()
    files = sample(name).paths | MADE
    return Trial(None, read(raw, "linux/arm64", DOCKERFILES[name], files), 0.0)


def walked(name: str, builder: str) -> tuple[list[str], Snapshot]:
    """Read every log, repair its cause and nothing else, and go on."""
    tree, causes = sample(name), []
    for number in range(1, len(ERRORS[name]) + 1):
        trial = failed(name, number, builder)
        back = setback(trial, Project.of(tree), found(tree))
        causes.append(back.cause)
        tree = tree.edited(fixing.compose(back.findings, Safety.SAFE))
    return causes, tree


def added(name: str, after: Snapshot) -> str:
    """Return every line that *after* has and the sample has not."""
    return "".join(
        f"{path}: {line.strip()}\n"
        for path, source in sorted(sample(name).sources.items(), key=_folded)
        for line in after.sources[path].text.splitlines()
        if line not in source.text.splitlines()
    )


def _folded(item: tuple[str, object]) -> str:
    return item[0].replace("Makefile", "z")


@pytest.mark.parametrize("builder", ["classic", "buildkit"])
@pytest.mark.parametrize("name", ERRORS)
def test_meets_the_errors_in_order(name: str, builder: str) -> None:
    """Each repair leads to the next error, as it did for the engineer."""
    causes, _ = walked(name, builder)

    assert causes == ERRORS[name]


@pytest.mark.parametrize("builder", ["classic", "buildkit"])
@pytest.mark.parametrize("name", ERRORS)
def test_ends_where_the_engineer_ended(name: str, builder: str) -> None:
    """No change more and none less."""
    _, tree = walked(name, builder)

    assert added(name, tree) == ADDED[name]


@pytest.mark.parametrize("name", ERRORS)
def test_fixing_without_building_ends_there_too(name: str) -> None:
    """``multiarch fix`` foresees what the loop finds out."""
    settled = settle(sample(name), FACTS, RULES, Safety.SAFE)

    assert settled.stable
    assert added(name, settled.view.snapshot) == ADDED[name]


def test_the_audit_leads_to_what_the_build_did_not_show() -> None:
    """The rest of the glibc package is x86 too: its instruction has the finding."""
    _, tree = walked("felix", "classic")
    project = Project.of(tree)
    (file,) = (
        f for f in project.dockerfiles() if f.source.path.endswith("/Dockerfile")
    )
    run = next(i for i in file.instructions if "glibc" in file.source.cut(i.span))
    library = "/usr/glibc-compat/lib/ld-linux-x86-64.so.2"
    wrong = WrongFile(library, "x86-64", f"RUN {file.source.cut(run.body)}")
    built = Built("", "", "linux/arm64", True, "classic", "", 0.0)
    trial = Trial(built, failed("felix", 4, "classic").log, 0.0, Audit(9, (wrong,)))

    back = setback(trial, project, found(tree))

    assert [item.match.subject for item in back.findings] == ["glibc-2.23-r3"]


def test_a_healthy_project_stays_untouched() -> None:
    """Nothing is said where nothing is wrong."""
    assert found(sample("go-build")) == ()
