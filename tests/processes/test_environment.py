"""What a program gets to know of the environment."""

from __future__ import annotations

from bot.processes.environment import FOR_SSH, short


def test_a_short_list_is_passed_on() -> None:
    """Whatever else is set may be a key; each program asks for what it needs."""
    environ = {
        "PATH": "/usr/bin",
        "LANG": "C.UTF-8",
        "LC_ALL": "C",
        "TMPDIR": "/t",
        "HOME": "/home/me",
        "SSH_AUTH_SOCK": "/agent",
        "MULTIARCH_PRIVATE_KEY": "x",
    }
    common = {"PATH": "/usr/bin", "LANG": "C.UTF-8", "LC_ALL": "C", "TMPDIR": "/t"}

    assert short({}) == {}
    assert short(environ) == common
    assert short(environ, *FOR_SSH) == {
        **common,
        "HOME": "/home/me",
        "SSH_AUTH_SOCK": "/agent",
    }


def test_programs_are_not_looked_for_where_the_caller_stands() -> None:
    """That may be a tree of a stranger, with a program named git in it."""
    assert short({"PATH": ".:/usr/bin::bin:/bin"}) == {"PATH": "/usr/bin:/bin"}
