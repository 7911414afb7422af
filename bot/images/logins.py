"""Whose login opens which registry. Pure.

The operator gives each login for owners or repositories. Who is on no list asks and
pulls without one, as anybody may.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field

EVERYBODY = "*"
"""In place of an owner: every repository that the App is installed in."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user of one registry; the password stays out of every ``repr``.

    *identity_token* is what `docker login` keeps where a browser said the password.
    """

    username: str
    password: str = field(repr=False)
    identity_token: str = field(default="", repr=False)

    @property
    def basic(self) -> str:
        """Return user and password in Base64, as headers and files have them."""
        return base64.b64encode(f"{self.username}:{self.password}".encode()).decode()

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return what nobody may read of it."""
        return (self.password, self.identity_token)


@dataclass(frozen=True, slots=True)
class Login:
    """Credentials for *host*, and the owners or repositories that may use them."""

    host: str
    credentials: Credentials
    serves: frozenset[str] = frozenset()

    def closeness(self, repository: str) -> int:
        """Say how closely this is meant for *repository*; 0 where it is not."""
        name = repository.lower()
        owner = name.partition("/")[0]
        meant = {one.lower() for one in self.serves}
        if not owner:
            return 0
        return 3 * (name in meant) or 2 * (owner in meant) or 1 * (EVERYBODY in meant)


@dataclass(frozen=True, slots=True)
class Logins:
    """Every login that the operator has given.

    *helpers* are the programs that Docker asks for further ones (``credsStore`` and
    ``credHelpers``): they cannot tell for whom they ask.
    """

    entries: tuple[Login, ...] = ()
    helpers: Mapping[str, object] = field(default_factory=dict)

    def of_repository(self, repository: str) -> Mapping[str, Credentials]:
        """Return the login for each registry that ``owner/name`` may use.

        The one that is meant most closely counts. An empty name is nobody's.
        """
        meant = [login for login in self.entries if login.closeness(repository)]
        meant.sort(key=lambda login: login.closeness(repository))
        return {login.host: login.credentials for login in meant}

    def for_nobody(self) -> tuple[str, ...]:
        """Return the registries of logins that no repository may use."""
        return tuple(login.host for login in self.entries if not login.serves)

    def of_a_person(self) -> Mapping[str, Credentials]:
        """Return every login, for a person who works on a checkout of their own."""
        return {login.host: login.credentials for login in reversed(self.entries)}
