"""What ``exec-format-error`` recognises."""

from __future__ import annotations

import time

import pytest

from bot.causes.exec_format_error import CAUSE
from tests.catalogue import explained


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("no exec format error here", id="prose"),
        pytest.param("ERROR: format error in /etc/fstab", id="another format"),
    ],
)
def test_is_not_fooled_by_the_words(line: str) -> None:
    """Only the kernel's own sentence counts."""
    assert explained(CAUSE, line) == ()


@pytest.mark.parametrize(
    "line",
    [
        "exec /usr/local/bin/tool: exec format error",
        "/bin/sh: 1: /usr/local/bin/tool: Exec format error",
        "bash: /usr/local/bin/tool: cannot execute binary file: Exec format error",
        'exec: "/usr/local/bin/tool": exec format error',
        "exec container process `/usr/local/bin/tool`: Exec format error",
        "OSError: [Errno 8] Exec format error: '/usr/local/bin/tool'",
        "bash: /usr/local/bin/tool: cannot execute binary file",
        "make: /usr/local/bin/tool: Exec format error",
        "fork/exec /usr/local/bin/tool: exec format error",
        "qemu-aarch64: /usr/local/bin/tool: Invalid ELF image for this architecture",
    ],
)
def test_names_the_program(line: str) -> None:
    """The message says which file has the wrong architecture."""
    assert explained(CAUSE, f"building\n{line}\n") == (
        (
            2,
            (
                "`/usr/local/bin/tool` is not a linux/arm64 program, so the kernel "
                "refuses to run it. Bring the one that is made for linux/arm64."
            ),
            "/usr/local/bin/tool",
        ),
    )


@pytest.mark.parametrize(
    "line",
    [
        "qemu-x86_64: Could not open '/lib64/ld-linux-x86-64.so.2': No such file",
        "rosetta error: failed to open elf at /lib64/ld-linux-x86-64.so.2",
    ],
)
def test_a_loader_of_another_architecture_tells_the_same(line: str) -> None:
    """Where x86 programs are emulated, it is all that they lack."""
    loader = "/lib64/ld-linux-x86-64.so.2"

    message = f"A program that asks for `{loader}` is not a linux/arm64 program."
    assert explained(CAUSE, line) == ((1, message, loader),)


def test_a_line_of_slashes_is_read_in_no_time() -> None:
    """A stranger's log must not keep the bot busy: this took minutes."""
    lines = "/a" * 4000 + "\n" + '/"' * 4000 + "\n"
    began = time.process_time()

    assert explained(CAUSE, lines * 100) == ()
    assert time.process_time() - began < 10


def test_names_a_program_as_it_was_called() -> None:
    """Dash does not say where on the PATH it found it."""
    ((_, _, subject),) = explained(CAUSE, "/bin/sh: 1: tool: Exec format error")

    assert subject == "tool"


@pytest.mark.parametrize(
    ("line", "subject"),
    [
        ("exec /bin/sh: exec format error", "/bin/sh"),
        ("standard_init_linux.go:228: exec user process caused: exec format error", ""),
        (
            'standard_init_linux.go:190: exec user process caused "exec format error"',
            "",
        ),
    ],
)
def test_blames_the_base_image_where_no_shell_runs(line: str, subject: str) -> None:
    """If not even the shell runs, it is the image that is foreign."""
    assert explained(CAUSE, line) == (
        (
            1,
            (
                "The base image is not a linux/arm64 image, so none of its programs "
                "can run. Use one that is published for linux/arm64."
            ),
            subject,
        ),
    )
