"""What ``hardcoded-arch-path`` reports, leaves alone and repairs."""

from __future__ import annotations

import pytest

from bot.model import Safety
from bot.rules.hardcoded_arch_path import RULE
from tests.catalogue import findings, repaired, safeties, subjects

CLASSIC = "ARCH ?= amd64\nimage:\n\tdocker build -t x .\n"
GIVING = "ARCH ?= amd64\nimage:\n\tdocker build --build-arg {0}=$(ARCH) -t x .\n"
BUILDX = "image:\n\tdocker buildx build -t x .\n"
ADD = "FROM a\nADD bin/x-amd64 /x\n"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("ADD bin/x-arm64 /x", id="arm64"),
        pytest.param("ADD bin/x-$ARCH /x", id="argument"),
        pytest.param("ADD bin/amd64-to-arm64 /x", id="several"),
        pytest.param("COPY amd64/x /amd64/x\nCOPY arm64/x /arm64/x", id="sisters"),
        pytest.param("COPY --from=other/image /x-amd64 /x", id="another image"),
        pytest.param(
            "COPY --from=other/image /x-amd64 /code/\nRUN ln -s /code/x-amd64 /x",
            id="use of what another image brought",
        ),
        pytest.param("ADD https://host/x-amd64 /x", id="download"),
        pytest.param("# ADD bin/x-amd64 /x", id="comment"),
        pytest.param("RUN ln -s /opt/x-amd64 /x", id="nothing was copied there"),
        pytest.param("LABEL arch=amd64", id="label"),
        pytest.param("FROM x/servercore:1\nADD x-amd64 /x", id="windows"),
    ],
)
def test_leaves_alone(body: str) -> None:
    """What is right for arm64, or is judged by other rules, stays."""
    assert findings(RULE, f"FROM a\n{body}\n") == ()


@pytest.mark.parametrize(
    "stage", ["FROM a AS build_amd64", "FROM --platform=linux/amd64 a"]
)
def test_leaves_stages_for_one_architecture_alone(stage: str) -> None:
    """A stage that says what it is for is right to take that file."""
    assert findings(RULE, f"{stage}\nADD bin/x-amd64 /x\n") == ()


@pytest.mark.parametrize("path", ["Dockerfile-amd64", "vendor/x/Dockerfile"])
def test_leaves_files_for_others_alone(path: str) -> None:
    """A sibling per architecture names its own; vendored files are not ours."""
    assert findings(RULE, {path: ADD}) == ()


def test_leaves_guarded_commands_alone() -> None:
    """What runs on amd64 only may say so."""
    text = (
        "FROM a\nADD bin/x-$A /code/x-amd64\n"
        'RUN if [ "$(uname -m)" = x86_64 ]; then ln -s /code/x-amd64 /x; fi\n'
    )

    assert subjects(RULE, text) == ["/code/x-amd64"]


def test_finds_every_place() -> None:
    """Sources, destinations, and the commands that use what was copied."""
    text = (
        "FROM a\n"
        'COPY ["bin/x-amd64", "/code/"]\n'
        "COPY lib /lib/amd64\n"
        "RUN ln -s /code/x-amd64 /x && /lib/amd64/y\n"
    )

    assert subjects(RULE, text) == [
        "bin/x-amd64",
        "/lib/amd64",
        "/code/x-amd64",
        "/lib/amd64/y",
    ]


def test_all_places_share_one_fix() -> None:
    """A part of the bundle alone would break the build on amd64 too."""
    text = "FROM a\nADD bin/x-amd64 /code/\nRUN /code/x-amd64\n"
    fixes = [item.match.fix for item in findings(RULE, text)]

    assert fixes[0] is not None
    assert fixes == [fixes[0], fixes[0]]


@pytest.mark.parametrize(
    ("make", "safety"),
    [
        pytest.param("", Safety.UNSAFE, id="nobody"),
        pytest.param(BUILDX, Safety.SAFE, id="buildkit"),
        pytest.param(CLASSIC, Safety.SAFE, id="own variable"),
        pytest.param("image:\n\tdocker build .\n", Safety.UNSAFE, id="no variable"),
        pytest.param(
            "image:\n\tdocker build --build-arg TARGET=x .\n", Safety.UNSAFE, id="other"
        ),
    ],
)
def test_safety_follows_the_callers(make: str, safety: Safety) -> None:
    """Safe is what surely gets the right value."""
    assert safeties(RULE, {"Dockerfile": ADD, "Makefile": make}) == [safety]


@pytest.mark.parametrize(
    ("make", "title"),
    [
        pytest.param(
            CLASSIC,
            "Use a build argument `ARCHITECTURE` given as `$(ARCH)`, "
            "because the classic builder sets none",
            id="classic",
        ),
        pytest.param(BUILDX, "Use `TARGETARCH`, which BuildKit sets", id="buildkit"),
        pytest.param(
            "",
            "Use `TARGETARCH`, which BuildKit sets; "
            "nothing in the project says how this file is built",
            id="nobody",
        ),
    ],
)
def test_says_why_it_uses_which_argument(make: str, title: str) -> None:
    """The author sees what was decided and from what."""
    (found,) = findings(RULE, {"Dockerfile": ADD, "Makefile": make})

    assert found.match.fix
    assert found.match.fix.title == title


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("x-amd64", ""),
        ("x-x86_64", " No build argument fits there: give the file one name for all."),
    ],
)
def test_says_what_is_so_and_what_to_do(name: str, more: str) -> None:
    """Where there is a fix, its title says the rest."""
    (found,) = findings(RULE, f"FROM a\nADD {name} /x\n")

    assert found.match.message == (
        f"`{name}` names amd64, so a build for another architecture "
        f"misses it or takes the wrong file.{more}"
    )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("FROM a\nADD bin/x-x86_64 /x\n", id="another spelling"),
        pytest.param(
            'FROM a\nADD x-amd64 /code/\nCMD ["/code/x-amd64"]\n', id="start command"
        ),
        pytest.param(
            "FROM a\nADD x-amd64 /code/\nRUN ln -s '/code/x-amd64' /x\n", id="quoted"
        ),
    ],
)
def test_offers_nothing_that_would_not_work(text: str) -> None:
    """An argument has no x86_64, and does not reach quotes or the running image."""
    assert set(safeties(RULE, {"Dockerfile": text, "Makefile": CLASSIC})) == {None}


@pytest.mark.parametrize(
    ("bad", "good"),
    [
        pytest.param(
            "FROM a\nADD bin/amd64x/amd64_1 bin/x-amd64_v /\n",
            "FROM a\nARG ARCHITECTURE=amd64\n"
            "ADD bin/amd64x/${ARCHITECTURE}_1 bin/x-${ARCHITECTURE}_v /\n",
            id="braces where the name would go on",
        ),
        pytest.param(
            "FROM a\r\nADD amd64/x /\r\n",
            "FROM a\r\nARG ARCHITECTURE=amd64\r\nADD $ARCHITECTURE/x /\r\n",
            id="line ends of windows",
        ),
        pytest.param(
            "FROM a AS b\nADD amd64/x /\nFROM a\nRUN y\nFROM b\nADD amd64/y /\n",
            "FROM a AS b\nARG ARCHITECTURE=amd64\nADD $ARCHITECTURE/x /\nFROM a\n"
            "RUN y\nFROM b\nARG ARCHITECTURE=amd64\nADD $ARCHITECTURE/y /\n",
            id="every stage that needs it",
        ),
        pytest.param(
            "FROM a AS b\nADD x-amd64 /o/\nFROM a\nCOPY --from=b /o/x-amd64 /x\n",
            "FROM a AS b\nARG ARCHITECTURE=amd64\nADD x-$ARCHITECTURE /o/\n"
            "FROM a\nARG ARCHITECTURE=amd64\nCOPY --from=b /o/x-$ARCHITECTURE /x\n",
            id="own stages",
        ),
        pytest.param(
            "FROM a AS b\nRUN make out/x-amd64\n"
            "FROM a\nCOPY --from=b /o/out/x-amd64 /x\n",
            "FROM a AS b\nARG ARCHITECTURE=amd64\nRUN make out/x-$ARCHITECTURE\n"
            "FROM a\nARG ARCHITECTURE=amd64\nCOPY --from=b /o/out/x-$ARCHITECTURE /x\n",
            id="where a stage makes it",
        ),
    ],
)
def test_repairs_the_file(bad: str, good: str) -> None:
    """Everything else survives, byte for byte."""
    files = repaired(RULE, {"Dockerfile": bad, "Makefile": CLASSIC})

    assert files == {"Dockerfile": good, "Makefile": GIVING.format("ARCHITECTURE")}


def test_uses_the_argument_of_buildkit() -> None:
    """BuildKit sets it by itself, so no caller changes."""
    files = repaired(RULE, {"Dockerfile": ADD, "Makefile": BUILDX})

    good = "FROM a\nARG TARGETARCH\nADD bin/x-$TARGETARCH /x\n"
    assert files == {"Dockerfile": good, "Makefile": BUILDX}


@pytest.mark.parametrize(
    "make", [CLASSIC, GIVING.format("ARCH")], ids=["not passed yet", "passed already"]
)
def test_uses_the_argument_that_is_there(make: str) -> None:
    """A second argument for the same thing would be one too many."""
    text = "FROM a\nARG ARCH=amd64\nADD x-amd64 y-$ARCH /\n"
    files = repaired(RULE, {"Dockerfile": text, "Makefile": make})

    good = "FROM a\nARG ARCH=amd64\nADD x-$ARCH y-$ARCH /\n"
    assert files == {"Dockerfile": good, "Makefile": GIVING.format("ARCH")}


def test_declares_again_what_was_declared_before_the_first_from() -> None:
    """An argument before FROM is not visible in stages, its default is inherited."""
    text = "ARG ARCH=amd64\nFROM a\nADD x-amd64 /\n"
    files = repaired(RULE, {"Dockerfile": text, "Makefile": CLASSIC})

    assert files["Dockerfile"] == "ARG ARCH=amd64\nFROM a\nARG ARCH\nADD x-$ARCH /\n"


def test_changes_every_caller() -> None:
    """A caller that was forgotten would go on building for amd64."""
    make = CLASSIC + "other:\n\tdocker build --no-cache .\n"
    files = repaired(RULE, {"Dockerfile": ADD, "Makefile": make})

    assert files["Makefile"].count("--build-arg ARCHITECTURE=$(ARCH)") == 2


@pytest.mark.parametrize(
    ("making", "safety"),
    [
        pytest.param("RUN make out/x-amd64", Safety.SAFE, id="by name"),
        pytest.param("ADD out/x-amd64 /o/out/", Safety.SAFE, id="copied"),
        pytest.param("RUN make", Safety.UNSAFE, id="unseen"),
        pytest.param(
            "RUN GOARCH=amd64 go build -o out/x-amd64", Safety.UNSAFE, id="for"
        ),
        pytest.param("ENV GOARCH=amd64\nRUN make out/x-amd64", Safety.UNSAFE, id="env"),
        pytest.param("RUN make 'out/x-amd64'", None, id="quoted"),
    ],
)
def test_is_sure_only_of_files_that_are_made_for_the_platform(
    making: str, safety: Safety | None
) -> None:
    """A new name for a file that is still made for amd64 mends nothing."""
    text = f"FROM a AS b\n{making}\nFROM a\nCOPY --from=b /o/out/x-amd64 /x\n"
    found = safeties(RULE, {"Dockerfile": text, "Makefile": BUILDX})

    assert set(found) == {safety}


def test_is_sure_of_a_stage_that_makes_several_files() -> None:
    """One command that makes them all is mended as a whole."""
    text = (
        "FROM a AS b\nRUN make x-amd64 y-amd64\n"
        "FROM a\nCOPY --from=b x-amd64 /\nCOPY --from=b y-amd64 /\n"
    )
    files = {"Dockerfile": text, "Makefile": BUILDX}

    assert repaired(RULE, files)["Dockerfile"] == (
        "FROM a AS b\nARG TARGETARCH\nRUN make x-$TARGETARCH y-$TARGETARCH\n"
        "FROM a\nARG TARGETARCH\n"
        "COPY --from=b x-$TARGETARCH /\nCOPY --from=b y-$TARGETARCH /\n"
    )
    assert set(safeties(RULE, files)) == {Safety.SAFE}


def test_is_complete_over_callers_that_wait_for_a_setting() -> None:
    """A branch that nobody takes by default still builds the same file."""
    make = (
        "ARCH ?= amd64\nimage:\nifeq ($(SQUASH),yes)\n\tdocker build --squash .\n"
        "else\n\tdocker build .\nendif\n"
    )

    changed = repaired(RULE, {"Dockerfile": ADD, "Makefile": make})

    assert changed["Makefile"] == make.replace(
        "docker build", "docker build --build-arg ARCHITECTURE=$(ARCH)"
    )


def test_says_which_caller_has_no_variable() -> None:
    """The default is then all that the caller gets, until its owner changes it."""
    files = {"Dockerfile": ADD, "Makefile": "image:\n\tdocker build .\n"}
    [found] = findings(RULE, files)

    assert found.match.fix is not None
    assert found.match.fix.title == (
        "Use a build argument `ARCHITECTURE`, because the classic builder sets none; "
        "Makefile:1 has no variable for it and keeps the default"
    )


@pytest.mark.parametrize(
    ("targets", "safety"),
    [
        ("bin/x-amd64", Safety.UNSAFE),
        ("./bin/x-amd64 bin/x-s390x", Safety.UNSAFE),
        ("bin/x-amd64 bin/x-arm64", Safety.SAFE),
        ("bin/x-amd64 bin/x-%", Safety.SAFE),
        ("bin/x-$(ARCH)", Safety.SAFE),
    ],
)
def test_is_not_sure_of_a_file_with_a_rule_for_amd64_alone(
    targets: str, safety: Safety
) -> None:
    """The arm64 build would ask for a file that nobody makes."""
    make = f"{CLASSIC}{targets}:\n\tgo build\n"

    assert safeties(RULE, {"Dockerfile": ADD, "Makefile": make}) == [safety]


def test_gives_a_variable_that_is_mostly_empty_a_default() -> None:
    """An empty argument replaces the default of the Dockerfile, on amd64 too."""
    make = "ifeq ($(ARCH),arm64)\nT = -arm64\nendif\nx:\n\tdocker build -t x$(T) .\n"

    changed = repaired(RULE, {"Dockerfile": ADD, "Makefile": make})

    given = "--build-arg ARCHITECTURE=$(or $(ARCH),amd64)"
    assert f"docker build {given} -t" in changed["Makefile"]
    assert findings(RULE, changed) == ()


def test_uses_an_argument_that_is_passed_from_such_a_variable() -> None:
    """The author has decided what it is called and what it gets."""
    make = (
        "ifeq ($(CPU),arm64)\nT = -arm64\nendif\n"
        "x:\n\tdocker build --build-arg MY=$(CPU) -t x$(T) .\n"
    )
    files = {"Dockerfile": "FROM a\nARG MY\nADD bin/x-amd64 /x\n", "Makefile": make}

    changed = repaired(RULE, files)

    assert changed["Dockerfile"] == "FROM a\nARG MY\nADD bin/x-$MY /x\n"
    assert changed["Makefile"] == make


def test_a_quoted_stage_is_the_same_stage() -> None:
    """Taken for an image of others, its files would not be judged."""
    text = 'FROM a AS b\nRUN make x-amd64\nFROM c\nCOPY --from="b" /x-amd64 /x\n'

    assert subjects(RULE, text) == ["x-amd64", "/x-amd64"]
