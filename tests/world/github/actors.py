"""Tell who asks: nobody, a person, an App, or an App's installation."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any

import jwt
from jwt.types import Options

from tests.world.github.answers import refusal
from tests.world.github.entities import Account, App, Installation, Repository, Token
from tests.world.github.state import State

_LONGEST_JWT = 600
_LEEWAY = 60

# Times are judged by the stand-in's own clock.
_OFF: Options = {
    "verify_exp": False,
    "verify_iat": False,
    "verify_iss": False,
    "verify_nbf": False,
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, and with what in hand."""

    account: Account | None = None
    app: App | None = None
    token: Token | None = None

    @property
    def name(self) -> str:
        """A word for the record of calls."""
        if self.token:
            return f"installation:{self.token.installation.id}"
        if self.app:
            return f"app:{self.app.slug}"
        return f"user:{self.account.login}" if self.account else "anonymous"

    @property
    def installation(self) -> Installation | None:
        """The installation whose token was shown."""
        return self.token.installation if self.token else None

    def reaches(self, repository: Repository) -> bool:
        """Tell whether the repository is in the token's hands."""
        if self.token:
            within = self.token.repositories
            inside = within is None or repository.id in within
            return inside and self.token.installation.reaches(repository)
        return self.account is not None and repository.permission(self.account) not in {
            "none",
            "read",
        }


def authenticate(state: State, header: str) -> Actor:
    """Return who sent an Authorization *header*; 401 where nobody can tell."""
    scheme, _, value = header.strip().partition(" ")
    if not scheme:
        return Actor()
    if scheme.lower() == "basic":
        value = _password(value)
    if value.count(".") == 2:
        return _app(state, value)
    if token := state.tokens.get(value):
        return _installation(state, token)
    for account in state.accounts.values():
        if account.token and account.token == value:
            return Actor(account)
    raise refusal(401, "Bad credentials")


def _password(value: str) -> str:
    try:
        pair = base64.b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return pair.partition(":")[2]


def _installation(state: State, token: Token) -> Actor:
    if token.expires <= state.time():
        raise refusal(401, "Bad credentials")
    installation = token.installation
    if installation.suspended_at:
        raise refusal(403, "This installation has been suspended")
    if installation.id not in state.installations:
        raise refusal(401, "Bad credentials")
    return Actor(installation.app.bot, installation.app, token)


def _app(state: State, text: str) -> Actor:
    claims = _claims(text)
    for app in state.apps.values():
        if str(claims.get("iss")) in {str(app.id), app.client_id}:
            _verify(state, app, text, claims)
            return Actor(app=app)
    raise refusal(404, "Integration not found")


def _claims(text: str) -> dict[str, Any]:
    try:
        return jwt.decode(text, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        raise refusal(401, "A JSON web token could not be decoded") from None


def _verify(state: State, app: App, text: str, claims: dict[str, Any]) -> None:
    try:
        jwt.decode(text, app.public_key, algorithms=["RS256"], options=_OFF)
    except jwt.InvalidTokenError:
        raise refusal(401, "A JSON web token could not be decoded") from None
    now = state.time().timestamp()
    issued, expires = claims.get("iat"), claims.get("exp")
    if not isinstance(issued, int) or issued > now + _LEEWAY:
        raise refusal(
            401,
            "'Issued at' claim ('iat') must be an Integer representing the time "
            "that the assertion was issued",
        )
    if not isinstance(expires, int) or expires <= now:
        raise refusal(
            401,
            "'Expiration time' claim ('exp') must be a numeric value representing "
            "the future time at which the assertion expires",
        )
    if expires > now + _LONGEST_JWT + _LEEWAY:
        raise refusal(401, "'Expiration time' claim ('exp') is too far in the future")
