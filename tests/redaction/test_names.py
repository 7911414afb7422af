"""Which names are those of secrets, and which values may be one."""

from __future__ import annotations

import pytest

from bot.redaction import is_secret_name, secret_values
from bot.redaction.names import gives_away


@pytest.mark.parametrize(
    "name",
    [
        *("PATH", "PWD", "OLDPWD", "AUTHOR", "AUTHORS", "authority", "KEYMAP", "KEY"),
        *("MONKEY", "tokenizers", "secretstorage", "PASSAGE", "BYPASS", "compass"),
        *("TOKEN_FILE", "SSH_AUTH_SOCK", "password-stdin", "AUTH_METHOD", "PUBLIC_KEY"),
        *("SECRET_NAME", "credsStore", "token_type", "TOKEN_URL", "", "_", "PATTERN"),
    ],
)
def test_leaves_other_names_alone(name: str) -> None:
    """A log without the values of ordinary settings explains nothing."""
    assert not is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    [
        *("TOKEN", "NPM_TOKEN", "NPMTOKEN", "npmToken", "_authToken", "accesstoken"),
        *("PASSWORD", "PGPASSWORD", "db.password", "MYSQL_ROOT_PASSWORD", "passwd"),
        *("API_KEY", "apiKey", "apikey", "X-Api-Key", "AWS_SECRET_ACCESS_KEY"),
        *("PRIVATE_KEY", "private_key_id", "DB_PWD", "DB_PASS", "CREDENTIALS", "creds"),
        *("NPM_AUTH", "auth", "GH_PAT", "clientSecret", "OAUTH2_TOKEN", "signing-key"),
    ],
)
def test_knows_the_names_of_secrets(name: str) -> None:
    """However a language joins the words of a name."""
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "value",
    [
        *(
            "",
            "no",
            "true",
            "None",
            "$TOKEN",
            "${TOKEN}",
            "$(cat x)",
            "{{ secrets.x }}",
        ),
        *("***", "<token>", "%TOKEN%", "4096", "^4.0.0", "1.2.3-rc.1", r"\${TOKEN}"),
        *("[struck out: secret]", "{token}"),
    ],
)
def test_a_value_that_tells_nothing_stays(value: str) -> None:
    """Where a secret comes from is no secret, and says what to look at."""
    assert not gives_away(value)


@pytest.mark.parametrize("value", ["abc", "hunter2", "123456", "$2y$10$abc", "1.2.x!"])
def test_a_value_that_may_be_a_secret_goes(value: str) -> None:
    """A name that says it is one is believed."""
    assert gives_away(value)


def test_returns_the_values_to_look_for() -> None:
    """Short ones would be found in every word, and lines stand alone in a log."""
    settings = [
        ("NPM_TOKEN", "abc-def"),
        ("CHANNEL", "stable"),
        ("PASSWORD", "abc"),
        ("POSTGRES_PASSWORD", "postgres"),
        ("ROOT_PASSWORD", "qhzkfwpxabtv"),
        ("SECRET", "$OTHER_SECRET"),
        ("PRIVATE_KEY", "first line\n  second line\n"),
    ]

    assert secret_values(settings) == (
        "abc-def",
        "qhzkfwpxabtv",
        "first line",
        "second line",
    )
