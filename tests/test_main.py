"""How the command ends when it breaks itself."""

from __future__ import annotations

import sys

import pytest

from bot import __main__ as command


def test_a_defect_of_our_own_does_not_look_like_findings(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A program that reads the exit status must know that nothing was judged."""

    def broken(arguments: list[str]) -> int:
        raise ZeroDivisionError(arguments[0])

    monkeypatch.setattr(sys, "argv", ["multiarch", "scan"])
    monkeypatch.setattr(command, "run", broken)

    with pytest.raises(SystemExit) as ended:
        command.main()

    assert ended.value.code == 2
    assert "ZeroDivisionError: scan" in capsys.readouterr().err
