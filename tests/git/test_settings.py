"""Which settings of a repository count."""

from __future__ import annotations

from bot.git import settings

LISTED = (
    "core.autocrlf\ninput\0core.fsmonitor\ntouch /tmp/x\0core.filemode\0"
    'user.name\nOld\0user.name\nA "B" \\ C\nD\0filter.x.clean\ncat\0'
    "alias.ls-files\n!x\0core.bare\ntrue\0core.attributesfile\n/a\0"
)


def test_what_names_no_program_is_kept() -> None:
    """The last word counts; nothing that is not listed is there."""
    known = settings.kept(LISTED, {"HOME": "/home/me"})

    assert known == {
        "core.excludesfile": "/home/me/.config/git/ignore",
        "core.attributesfile": "/a",
        "core.autocrlf": "input",
        "core.filemode": "true",
        "user.name": 'A "B" \\ C\nD',
        "core.bare": "false",
    }


def test_the_users_own_files_are_where_git_looks_for_them() -> None:
    """A user without a home has none."""
    known = settings.kept("", {"HOME": "/home/me", "XDG_CONFIG_HOME": "/x"})

    assert known["core.excludesfile"] == "/x/git/ignore"
    assert settings.kept("", {}) == {"core.bare": "false"}


def test_settings_are_written_as_git_reads_them() -> None:
    """Whatever is in a value stays in it."""
    known = {"user.name": 'A "B" \\ C\nD', "core.bare": "false"}

    assert settings.written(known) == (
        '[user]\n\tname = "A \\"B\\" \\\\ C\\nD"\n[core]\n\tbare = "false"\n'
    )


def test_no_setting_that_is_kept_names_a_program() -> None:
    """Whoever adds one looks it up in `git help config` first."""
    suspicious = (
        *("command", "monitor", "hook", "pager", "editor", "helper", "program"),
        *("textconv", "driver", "proxy", "filter", "alias", "pack", "ssh", "pass"),
        *("url", "path", "partial", "gpg", "external", "include", "worktree"),
    )

    assert [key for key in settings.KEPT for word in suspicious if word in key] == []
