"""Everything the stand-in remembers, and how to find it again."""

from __future__ import annotations

import functools
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from tests.world.github.answers import not_found
from tests.world.github.entities import (
    Account,
    App,
    Installation,
    Kind,
    Repository,
    Token,
)
from tests.world.github.git import Git
from tests.world.github.limits import Limits

FIRST_LABELS = {"bug": "d73a4a", "documentation": "0075ca", "enhancement": "a2eeef"}


@dataclass(slots=True, eq=False, repr=False)
class State:
    """The memory of one stand-in."""

    directory: Path
    url: str = ""
    accounts: dict[str, Account] = field(default_factory=dict)
    repositories: dict[int, Repository] = field(default_factory=dict)
    apps: dict[int, App] = field(default_factory=dict)
    installations: dict[int, Installation] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    skew: timedelta = timedelta()
    most_tree_entries: int = 100_000
    """GitHub cuts a recursive tree here; a test may lower it."""
    ids: Iterator[int] = field(default_factory=lambda: count(1001))

    def new_id(self) -> int:
        """Return a number that nothing else has."""
        return next(self.ids)

    def time(self) -> datetime:
        """Return the moment it is on this GitHub; *skew* moves it."""
        return datetime.now(UTC).replace(microsecond=0) + self.skew

    def now(self) -> str:
        """Return the moment it is, as GitHub writes it."""
        return written(self.time())

    def account(self, login: str, kind: Kind = Kind.USER) -> Account:
        """Return the account called *login*, opening it where there is none."""
        if login.lower() not in self.accounts:
            token = f"ghp_{secrets.token_urlsafe(27)}"
            account = Account(self.new_id(), login, kind, token)
            self.accounts[login.lower()] = account
        return self.accounts[login.lower()]

    def author(self, email: str) -> Account | None:
        """Return the account that commits with *email*."""
        known = (a for a in self.accounts.values() if a.email == email)
        return next(known, None)

    def repository(self, owner: str, name: str) -> Repository:
        """Return a repository by its name, or answer that there is none."""
        wanted = f"{owner}/{name}".lower()
        for repository in self.repositories.values():
            if repository.full_name.lower() == wanted:
                return repository
        raise not_found()

    async def create_repository(
        self, owner: Account, name: str, *, private: bool, branch: str
    ) -> Repository:
        """Make an empty repository with real git behind it."""
        repository = self._register(owner, name)
        repository.private = private
        repository.default_branch = branch
        await repository.git.create(branch)
        for label, color in FIRST_LABELS.items():
            repository.labels[label] = {"id": self.new_id(), "color": color}
        return repository

    async def fork(self, parent: Repository, owner: Account, name: str) -> Repository:
        """Copy *parent* for *owner*, with all of its branches."""
        copy = self._register(owner, name)
        copy.private, copy.default_branch = parent.private, parent.default_branch
        copy.parent, copy.labels = parent, dict(parent.labels)
        shutil.copytree(parent.git.directory, copy.git.directory)
        await copy.git.run("pack-refs", "--all")
        return copy

    def register_app(
        self, slug: str, permissions: dict[str, str], events: tuple[str, ...]
    ) -> App:
        """Register an App with a key pair and a secret of its own."""
        private, public = _keys(slug)
        app = App(
            id=self.new_id(),
            slug=slug,
            owner=self.account("octo", Kind.ORGANIZATION),
            bot=self.account(f"{slug}[bot]", Kind.BOT),
            key=private,
            public_key=public,
            secret=secrets.token_hex(16),
            permissions=permissions,
            events=events,
            created_at=self.now(),
        )
        self.apps[app.id] = app
        return app

    def installed(self, repository: Repository) -> list[Installation]:
        """Return the installations that reach *repository*."""
        return [i for i in self.installations.values() if i.reaches(repository)]

    def visible(self, installation: Installation) -> list[Repository]:
        """Return the repositories that *installation* reaches."""
        return [r for r in self.repositories.values() if installation.reaches(r)]

    def _register(self, owner: Account, name: str) -> Repository:
        directory = self.directory / "repositories" / owner.login / f"{name}.git"
        repository = Repository(
            self.new_id(), owner, name, Git(directory), created_at=self.now()
        )
        repository.pushed_at = repository.created_at
        self.repositories[repository.id] = repository
        return repository


@functools.cache
def _keys(slug: str) -> tuple[str, str]:
    """Return a key pair as PEM; one per name, because making one is slow."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.private_bytes(
        Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()
    )
    public = private.public_key().public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    )
    return pem.decode(), public.decode()


def written(moment: datetime) -> str:
    """Write a moment as GitHub does."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
