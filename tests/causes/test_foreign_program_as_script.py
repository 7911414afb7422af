"""Which program or package ``foreign-program-as-script`` names."""

from __future__ import annotations

import pytest

from bot.causes.foreign_program_as_script import CAUSE
from tests.catalogue import explained

NONSENSE = '/usr/glibc-compat/sbin/ldconfig: line 1: syntax error: unexpected "("'


@pytest.mark.parametrize(
    "line",
    [
        '/bin/sh: syntax error: unexpected "("',
        '/bin/sh: 1: Syntax error: "(" unexpected',
        '/docker-entrypoint.sh: line 4: syntax error: unexpected "("',
        "setup.py: 1: SyntaxError: unexpected end",
        '/usr/local/bin/entrypoint: line 12: syntax error: unexpected "("',
    ],
)
def test_leaves_real_scripts_alone(line: str) -> None:
    """A mistake in a script is the script's, not the architecture's."""
    assert explained(CAUSE, f"Step 2/3 : RUN x\n{line}\n") == ()


@pytest.mark.parametrize(
    "line",
    [
        '/opt/tool: line 1: syntax error: unexpected word (expecting ")")',
        '/opt/tool: line 3: syntax error: unexpected ")"',
        '/opt/tool: 1: /opt/tool: Syntax error: word unexpected (expecting ")")',
        "/opt/tool: 2: Syntax error: Unterminated quoted string",
        "/opt/tool: line 1: ELF: not found",
        "/opt/tool: line 1: \x7fELF\x02\x01> \ufffd@ x: not found",
        '/opt/tool: 4: /opt/tool: Syntax error: "&&" unexpected',
        '/opt/tool: line 2: syntax error: unexpected "|"',
        "/opt/tool: 1: /opt/tool: ELF\u0001\u0002: not found",
    ],
)
def test_knows_what_shells_say_about_machine_code(line: str) -> None:
    """Busybox, dash and their versions each stumble in their own words."""
    assert explained(CAUSE, f"Step 2/3 : RUN tool\n{line}\n") == (
        (
            2,
            (
                "`/opt/tool` is a program of another architecture: the kernel refuses "
                "it, and the shell then reads it as a script. Leave it out, or bring "
                "the one for this architecture."
            ),
            "/opt/tool",
        ),
    )


def test_names_the_package_whose_trigger_ran() -> None:
    """The package is what the Dockerfile installs, so it is what can be mended."""
    log = f"Step 2/3 : RUN x\nExecuting glibc-bin-2.23-r3.trigger\n{NONSENSE}\n"

    message = (
        "`/usr/glibc-compat/sbin/ldconfig`, which the package "
        "`glibc-bin-2.23-r3` runs, is a program of another architecture: "
        "the kernel refuses it, and the shell then reads it as a script. Leave it "
        "out, or bring the one for this architecture."
    )

    assert explained(CAUSE, log) == ((3, message, "glibc-bin-2.23-r3"),)


@pytest.mark.parametrize(
    "between",
    ["OK: 16 MiB in 19 packages", "(3/4) Installing other (1.0-r0)"],
)
def test_does_not_blame_a_package_that_was_done(between: str) -> None:
    """After apk has finished, or moved on, the shell speaks for itself."""
    log = (
        "Step 2/3 : RUN x\nExecuting busybox-1.25.1-r0.trigger\n"
        f"{between}\n{NONSENSE}\n"
    )
    ((_, _, subject),) = explained(CAUSE, log)

    assert subject == "/usr/glibc-compat/sbin/ldconfig"


def test_looks_only_into_its_own_step() -> None:
    """Steps of BuildKit run side by side and their lines are mixed."""
    log = (
        "#5 [a 1/2] RUN apk add x\n#6 [b 1/2] RUN tool\n"
        "#5 0.1 Executing x-1-r0.trigger\n"
        '#6 0.1 /opt/tool: line 1: syntax error: unexpected "("\n'
    )
    ((_, _, subject),) = explained(CAUSE, log)

    assert subject == "/opt/tool"
