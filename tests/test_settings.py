"""What the operator can set, and what a mistake is answered with."""

from __future__ import annotations

import base64
import dataclasses
import json
from pathlib import Path

import pytest

from bot import setting_needs
from bot.errors import UserError
from bot.images.logins import Credentials, Login, Logins
from bot.images.settings import RegistrySettings
from bot.settings import Settings, entries, reference

APP = {
    "MULTIARCH_APP_ID": "12",
    "MULTIARCH_PRIVATE_KEY": "-----BEGIN\\nKEY-----",
    "MULTIARCH_WEBHOOK_SECRET": "hush",
}


def read(**environ: str) -> Settings:
    """Return the settings of an environment on the machine of user ``u``."""
    return Settings.from_environment({"HOME": "/home/u", **environ})


def test_needs_nothing_but_the_app() -> None:
    """Three values make an App; all else has a default that works."""
    settings = setting_needs.both(read(**APP))

    home = Path("/home/u/.local/state/multiarch")
    assert settings == Settings(
        app_id="12",
        private_key="-----BEGIN\nKEY-----",
        webhook_secret="hush",  # noqa: S106 - of this test
        github_url="https://api.github.com",
        home=home,
        database_url=f"sqlite:///{home}/multiarch.sqlite",
        runners=(),
        registry_credentials=None,
        registry_private=frozenset(),
        registry_mirrors=(),
        registry_plain_http=frozenset(),
        registry_authorities="",
        host="0.0.0.0",  # noqa: S104 - the default
        port=8080,
        connections_per_address=128,
        worker=settings.worker,
        build_minutes=60,
        engine_image="docker:28-dind",
        build_memory=8,
        build_processors=0,
        build_disk=40,
        reach=(),
        attempts=12,
        recipes=20,
        job_minutes=240,
        retries=8,
        jobs=4,
        builds_per_runner=1,
        grace_seconds=10,
        frontends=frozenset(),
    )


def test_reads_everything_that_is_set() -> None:
    """Lists are written with commas, spaces do not matter."""
    settings = read(
        XDG_STATE_HOME="/state",
        MULTIARCH_DATABASE_URL="postgres://u:p@h/d",
        MULTIARCH_RUNNERS="arm=ssh://u@arm, local",
        MULTIARCH_REGISTRY_PRIVATE="r.example:5000,[::1]:5000",
        MULTIARCH_REGISTRY_MIRRORS="Docker.io=a.example,docker.io=b.example:5000",
        MULTIARCH_GITHUB_URL="https://ghe.example/api/v3/",
        PORT="0",
        MULTIARCH_WORKER="w-1",
    )

    assert settings.home == Path("/state/multiarch")
    assert settings.database_url == "postgresql://u:p@h/d"
    assert settings.runners == ("arm=ssh://u@arm", "local")
    assert settings.github_url == "https://ghe.example/api/v3"
    assert (settings.port, settings.worker) == (0, "w-1")
    assert settings.registries == RegistrySettings(
        private_hosts=frozenset({"r.example:5000", "[::1]:5000"}),
        mirrors={"docker.io": ("a.example", "b.example:5000")},
    )


def test_secrets_may_come_from_files(tmp_path: Path) -> None:
    """A container platform mounts them."""
    file = tmp_path / "key.pem"
    file.write_text("the key\n")

    assert read(MULTIARCH_PRIVATE_KEY_FILE=str(file)).private_key == "the key"


def test_shows_no_secret() -> None:
    """Settings end up in logs and error reports."""
    shown = repr(read(**APP, MULTIARCH_DATABASE_URL="postgresql://u:swordfish@h/d"))

    assert not [word for word in ("KEY--", "hush", "swordfish") if word in shown]


@pytest.mark.parametrize(
    ("variable", "value", "complaint"),
    [
        ("PORT", "http", "is 'http', which is no whole number"),
        ("PORT", "70000", "is 70000, which is out of range"),
        ("MULTIARCH_ATTEMPTS", "0", "is 0, which is out of range"),
        ("MULTIARCH_WORKER", "a b", "is 'a b', which has other characters"),
        ("MULTIARCH_GITHUB_URL", "github", "is 'github', which is no web address"),
        (
            "MULTIARCH_DATABASE_URL",
            "mysql://u:p@h",
            "starts with 'mysql', which is no database",
        ),
        ("MULTIARCH_DATABASE_URL", "sqlite:///", "names no file"),
        (
            "MULTIARCH_RUNNERS",
            "arm=http://x",
            "holds 'arm=http://x', which is no address of an engine",
        ),
        ("MULTIARCH_REGISTRY_PRIVATE", "a b", "holds 'a b', which is no host"),
        ("MULTIARCH_REGISTRY_PRIVATE", "a:65536", "holds 'a:65536', which is no host"),
        ("MULTIARCH_REGISTRY_MIRRORS", "x", "holds 'x', which is no REGISTRY=HOST"),
        (
            "MULTIARCH_REGISTRY_MIRRORS",
            "docker.io=a:99999",
            "holds 'docker.io=a:99999', which is no REGISTRY=HOST",
        ),
        ("HOST", "a b", "is 'a b', which is no host"),
        (
            "MULTIARCH_ENGINE_IMAGE",
            "docker:28 dind",
            (
                "is 'docker:28 dind', which names no image (the tag '28 dind' is not "
                "allowed)"
            ),
        ),
        (
            "MULTIARCH_HOME",
            "~nobody-of-that-name/x",
            "is '~nobody-of-that-name/x', of a user without a home",
        ),
    ],
)
def test_says_what_is_wrong(variable: str, value: str, complaint: str) -> None:
    """The variable, what is wrong with it, and what would be right."""
    with pytest.raises(UserError) as caught:
        read(**{variable: value})

    entry = next(one for one in entries() if one.variable == variable)
    takes = f"It takes {entry.form.words}. {entry.doc}"
    assert str(caught.value) == f"{variable} {complaint}. {takes}"


def test_says_which_file_cannot_be_read() -> None:
    """A secret that is not mounted is the usual trouble."""
    with pytest.raises(UserError) as caught:
        read(MULTIARCH_PRIVATE_KEY_FILE="/nowhere/key")

    assert str(caught.value) == (
        "MULTIARCH_PRIVATE_KEY_FILE names /nowhere/key, which cannot be read "
        "(FileNotFoundError). Name a readable text file."
    )


def test_reads_logins_as_docker_writes_them(tmp_path: Path) -> None:
    """Docker Hub has an old name there."""
    auth = base64.b64encode(b"u:p:w").decode()
    content = {
        "auths": {
            "https://index.docker.io/v1/": {"auth": auth},
            "r.example:5000": {"username": "v", "password": "q"},
        }
    }
    file = tmp_path / "config.json"
    file.write_text(json.dumps(content))

    settings = read(MULTIARCH_REGISTRY_CREDENTIALS=str(file))
    known = {
        "docker.io": Credentials("u", "p:w"),
        "r.example:5000": Credentials("v", "q"),
    }
    assert settings.own_registries.credentials == known
    assert settings.registries.credentials == {}
    assert settings.registries.logins == Logins(
        tuple(Login(host, one) for host, one in known.items())
    )


def test_a_login_that_a_helper_keeps_costs_no_other(tmp_path: Path) -> None:
    """Docker names such a registry in its file, with nothing behind the name."""
    file = tmp_path / "config.json"
    login = {"auth": "dTpw"}
    auths = {"https://index.docker.io/v1/": {}, "Quay.io": login}
    file.write_text(json.dumps({"auths": auths, "credsStore": "desktop"}))

    logins = read(MULTIARCH_REGISTRY_CREDENTIALS=str(file)).registries.logins
    assert logins == Logins(
        (Login("quay.io", Credentials("u", "p")),), {"credsStore": "desktop"}
    )


@pytest.mark.parametrize(
    "content",
    [
        *("{", "[]", "{}", '{"auths": {"r": {"auth": "?"}}}', '{"auths": {"r": 1}}'),
        '{"auths": {"r": {"auth": "dTpw", "for": "owner"}}}',
        '{"auths": {"r": {"auth": "dTpw", "for": ["a/b/c"]}}}',
        '{"auths": {"r": {"auth": "dTpw", "for": [1]}}}',
    ],
)
def test_says_that_logins_are_not_readable(tmp_path: Path, content: str) -> None:
    """And shows none of the content: it holds passwords."""
    file = tmp_path / "config.json"
    file.write_text(content)
    settings = read(MULTIARCH_REGISTRY_CREDENTIALS=str(file))

    with pytest.raises(UserError) as caught:
        _ = settings.registries
    assert str(caught.value) == (
        f"MULTIARCH_REGISTRY_CREDENTIALS names {file}, which does not hold logins "
        "as Docker writes them. Write it with `docker login`, or by hand: "
        '`{"auths": {"HOST": {"auth": "BASE64 OF USER:PASSWORD", "for": ["OWNER"]}}}`.'
    )


def test_every_setting_is_in_the_reference() -> None:
    """The page is made from the table, so nothing can be left out of it."""
    lines = reference().splitlines()[2:]
    variables = [line.split("`")[1] for line in lines]

    assert variables == [entry.variable for entry in entries()]
    assert len(variables) == len(dataclasses.fields(Settings))
