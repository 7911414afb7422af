"""Where settings come from, and what the operator is told of what he wrote."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from bot import setting_sources
from bot.errors import UserError
from bot.settings import entries

VARIABLES = tuple(entry.variable for entry in entries())
README = Path(__file__).parent.parent / "README.md"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("MULTIARCH_RUNNER", "Is MULTIARCH_RUNNERS meant?"),
        ("MULTIARCH_BULID_MEMORY", "Is MULTIARCH_BUILD_MEMORY meant?"),
        ("multiarch_runners", "Is MULTIARCH_RUNNERS meant?"),
        ("MULTIARCH_PORT", "Is PORT meant?"),
        ("MULTIARCH_PRIVATE_KEY_FIEL", "Is MULTIARCH_PRIVATE_KEY_FILE meant?"),
        ("MULTIARCH_QUUX", "docs/settings.md lists what can be set."),
    ],
)
def test_a_name_that_is_no_setting_is_told(
    name: str, hint: str, caplog: pytest.LogCaptureFixture
) -> None:
    """With the one that may be meant, and without its value: it may be a key."""
    setting_sources.warn({name: "hush"}, VARIABLES)

    assert caplog.messages == [f"{name} is no setting, so it does nothing. {hint}"]


def test_nothing_is_told_of_what_is_right(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Every setting is known, and other programs have variables of their own."""
    file = tmp_path / "key"
    file.touch(mode=0o600)
    files = {
        "MULTIARCH_PRIVATE_KEY_FILE": str(file),
        "MULTIARCH_WEBHOOK_SECRET_FILE": str(tmp_path / "missing"),
        "MULTIARCH_REGISTRY_CREDENTIALS": str(file),
    }
    values = dict.fromkeys(VARIABLES, "x") | {"PATH": "/bin", "MULTI": "x"}
    setting_sources.warn(values | files, VARIABLES)

    assert caplog.messages == []


@pytest.mark.parametrize(
    "name",
    [
        "MULTIARCH_PRIVATE_KEY_FILE",
        "MULTIARCH_WEBHOOK_SECRET_FILE",
        "MULTIARCH_REGISTRY_CREDENTIALS",
    ],
)
@pytest.mark.parametrize("mode", [0o640, 0o604])
def test_a_file_that_others_may_read_is_told(
    name: str, mode: int, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Every user of the machine could act as the App."""
    file = tmp_path / "the secret"
    file.touch()
    file.chmod(mode)
    setting_sources.warn({name: str(file)}, VARIABLES)

    (message,) = caplog.messages
    assert message == (
        f"{name} names {file}, which others than its owner may use (mode {mode:04o}): "
        "whoever reads it can act as the App or use its logins. "
        f"Run `chmod 600 '{file}'`."
    )


@pytest.mark.parametrize("text", ["", " \n"])
def test_an_empty_secret_file_is_told_by_its_name(text: str, tmp_path: Path) -> None:
    """A file that was made and never filled is not a setting that is missing."""
    file = tmp_path / "secret"
    file.write_text(text)
    with pytest.raises(UserError) as caught:
        setting_sources.filled({"MULTIARCH_WEBHOOK_SECRET_FILE": str(file)})

    assert str(caught.value) == (
        f"MULTIARCH_WEBHOOK_SECRET_FILE names {file}, which is empty, so there is no "
        "MULTIARCH_WEBHOOK_SECRET. Write it there."
    )


def test_the_database_is_in_the_home_that_is_meant() -> None:
    """A service's settings are read by no shell that knows what ~ is."""
    known = setting_sources.filled({"HOME": "/home/u", "MULTIARCH_HOME": "~root/bot"})

    home = Path("~root/bot").expanduser()
    assert known["MULTIARCH_DATABASE_URL"] == f"sqlite:///{home}/multiarch.sqlite"


def test_the_secret_is_made_as_the_readme_says(tmp_path: Path) -> None:
    """On a machine where nothing has been made, and for nobody else to read."""
    (words,) = re.findall(
        r"```sh\n(   install -d.*?)   ```", README.read_text(), re.DOTALL
    )
    place = tmp_path / "multiarch"
    script = words.replace("/etc/multiarch", str(place))
    subprocess.run(("/bin/sh", "-euc", script), check=True)  # noqa: S603 - our own page

    assert len((place / "secret").read_text().strip()) == 64
    assert (
        place.stat().st_mode & 0o777,
        (place / "secret").stat().st_mode & 0o777,
    ) == (
        0o700,
        0o600,
    )
