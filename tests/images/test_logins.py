"""Whose login opens which registry."""

from __future__ import annotations

import pytest

from bot.images.logins import Credentials, Login, Logins

ONE, TWO, THREE = (Credentials(name, f"{name}-password") for name in ("a", "b", "c"))


def given(*entries: tuple[Credentials, tuple[str, ...]]) -> Logins:
    """Return logins for one registry, each with whom it is for."""
    return Logins(tuple(Login("r", one, frozenset(whose)) for one, whose in entries))


@pytest.mark.parametrize(
    ("whose", "repository"),
    [
        ((), "owner/name"),
        (("owner",), "stranger/name"),
        (("owner/name",), "owner/other"),
        (("owner",), "owner-2/name"),
        (("name",), "owner/name"),
        (("*", "owner"), ""),
        (("owner*",), "owner/name"),
    ],
)
def test_who_is_on_no_list_has_no_login(
    whose: tuple[str, ...], repository: str
) -> None:
    """An entry without a list, as Docker writes it, is nobody's in the App."""
    assert given((ONE, whose)).of_repository(repository) == {}


@pytest.mark.parametrize("whose", ["owner", "Owner", "owner/name", "OWNER/Name", "*"])
def test_who_is_on_the_list_has_the_login(whose: str) -> None:
    """GitHub does not tell the case of letters apart."""
    assert given((ONE, (whose,))).of_repository("oWner/naMe") == {"r": ONE}


def test_the_login_that_is_meant_most_closely_counts() -> None:
    """In whatever order they are given."""
    logins = given((ONE, ("owner/name",)), (TWO, ("owner",)), (THREE, ("*",)))

    assert logins.of_repository("owner/name") == {"r": ONE}
    assert logins.of_repository("owner/other") == {"r": TWO}
    assert logins.of_repository("other/name") == {"r": THREE}


def test_a_person_has_every_login() -> None:
    """As docker does with the same file; of two the first counts."""
    logins = Logins((Login("r", ONE), Login("r", TWO), Login("s", THREE)))

    assert logins.of_a_person() == {"r": ONE, "s": THREE}


def test_shows_no_password() -> None:
    """Logins are part of settings and options, which end up in logs."""
    login = Login("r", Credentials("user", "swordfish", "token-of-a-browser"))

    assert "swordfish" not in repr(Logins((login,)))
    assert "browser" not in repr(login)
