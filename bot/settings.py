"""What the operator chooses: every setting, from one environment variable each."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from bot import registry_logins, setting_sources
from bot.builds.nested import options as nested
from bot.builds.nested.reach import Allowed
from bot.errors import UserError
from bot.images.logins import Logins
from bot.images.settings import RegistrySettings
from bot.setting_values import (
    AT_LEAST_ONE,
    DATABASE,
    ENDPOINT,
    FILE,
    HOSTS,
    IMAGE,
    IMAGES,
    MIRRORS,
    NAME,
    OPTIONAL_PATH,
    PATH,
    PORT,
    REACH,
    RUNNERS,
    TEXT,
    WEB_ADDRESS,
    WHOLE,
    Form,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the table of settings."""

    variable: str
    form: Form[Any]
    doc: str
    default: str


def _setting(variable: str, form: Form[T], doc: str, default: str = "") -> T:
    secret = variable.endswith(("_KEY", "_SECRET", "_URL"))
    entry = Entry(variable, form, doc, default)
    known: T = dataclasses.field(repr=not secret, metadata={"entry": entry})
    return known


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set; no part of it is read anywhere else."""

    app_id: str = _setting(
        "MULTIARCH_APP_ID",
        NAME,
        "The App's id, from its page on GitHub; `work` and `serve --work` need it.",
    )
    private_key: str = _setting(
        "MULTIARCH_PRIVATE_KEY",
        TEXT,
        "The App's private key in PEM; MULTIARCH_PRIVATE_KEY_FILE names a file. `work` "
        "and `serve --work` need it.",
    )
    webhook_secret: str = _setting(
        "MULTIARCH_WEBHOOK_SECRET",
        TEXT,
        "The secret that GitHub signs every webhook with; "
        "MULTIARCH_WEBHOOK_SECRET_FILE names a file. `serve` needs it.",
    )
    github_url: str = _setting(
        "MULTIARCH_GITHUB_URL",
        WEB_ADDRESS,
        "The REST API of GitHub or of a GitHub Enterprise Server.",
        "https://api.github.com",
    )
    home: Path = _setting(  # noqa: RUF009 - it makes a field
        "MULTIARCH_HOME",
        PATH,
        "Where the bot keeps its files.",
        "$XDG_STATE_HOME/multiarch",
    )
    database_url: str = _setting(
        "MULTIARCH_DATABASE_URL",
        DATABASE,
        "Where jobs are kept: a SQLite file, or PostgreSQL for many machines.",
        "sqlite:///$MULTIARCH_HOME/multiarch.sqlite",
    )
    runners: tuple[str, ...] = _setting(
        "MULTIARCH_RUNNERS",
        RUNNERS,
        "The Docker engines that build, as `ADDRESS` or `NAME=ADDRESS`; "
        "without one nothing is built. Reports show the name, or `runner-1` and so on.",
    )
    registry_credentials: Path | None = _setting(  # noqa: RUF009 - it makes a field
        "MULTIARCH_REGISTRY_CREDENTIALS",
        OPTIONAL_PATH,
        "A file like Docker's `config.json` with logins for registries; `for` in an "
        "entry lists the owners and repositories that the App uses it for.",
    )
    registry_private: frozenset[str] = _setting(
        "MULTIARCH_REGISTRY_PRIVATE",
        HOSTS,
        "Registries that may have a private address, as `HOST` or `HOST:PORT`.",
    )
    registry_mirrors: tuple[tuple[str, str], ...] = _setting(
        "MULTIARCH_REGISTRY_MIRRORS",
        MIRRORS,
        "Hosts to ask before a registry itself.",
    )
    registry_plain_http: frozenset[str] = _setting(
        "MULTIARCH_REGISTRY_PLAIN_HTTP",
        HOSTS,
        "Registries without TLS, as `HOST:PORT`; they may have a private address.",
    )
    registry_authorities: str = _setting(
        "MULTIARCH_REGISTRY_AUTHORITIES",
        FILE,
        "A PEM file of authorities that registries are trusted by besides the "
        "system's.",
    )
    frontends: frozenset[str] = _setting(
        "MULTIARCH_FRONTENDS",
        IMAGES,
        "Images that a Dockerfile may choose to be read by (`# syntax=`), besides "
        "`docker/dockerfile`; each runs with the builder's powers.",
    )
    host: str = _setting(
        "HOST",
        ENDPOINT,
        "The address to listen on.",
        "0.0.0.0",  # noqa: S104 - GitHub must reach it
    )
    port: int = _setting("PORT", PORT, "The port to listen on.", "8080")
    connections_per_address: int = _setting(
        "MULTIARCH_CONNECTIONS_PER_ADDRESS",
        AT_LEAST_ONE,
        "How many connections one address may hold; behind a proxy that is the "
        "proxy's, since no header is believed about who somebody is.",
        "128",
    )
    worker: str = _setting(
        "MULTIARCH_WORKER",
        NAME,
        "The name of this worker; the same after a restart, its own per machine.",
        "the machine's name",
    )
    build_minutes: int = _setting(
        "MULTIARCH_BUILD_MINUTES",
        AT_LEAST_ONE,
        "After how many minutes a build is stopped.",
        "60",
    )
    engine_image: str = _setting(
        "MULTIARCH_ENGINE_IMAGE",
        IMAGE,
        "The image of the Docker engine that each repository gets on a runner.",
        nested.IMAGE,
    )
    build_memory: int = _setting(
        "MULTIARCH_BUILD_MEMORY",
        AT_LEAST_ONE,
        "How many GiB of memory the builds of one repository may use together.",
        "8",
    )
    build_processors: int = _setting(
        "MULTIARCH_BUILD_PROCESSORS",
        WHOLE,
        "How many processors the builds of one repository may use; 0: all.",
        "0",
    )
    build_disk: int = _setting(
        "MULTIARCH_BUILD_DISK",
        AT_LEAST_ONE,
        "How many GiB one repository may store on a runner.",
        "40",
    )
    reach: tuple[Allowed, ...] = _setting(
        "MULTIARCH_REACH",
        REACH,
        "What builds may reach besides public addresses.",
    )
    attempts: int = _setting(
        "MULTIARCH_ATTEMPTS",
        AT_LEAST_ONE,
        "How many builds of one recipe the loop may use up.",
        "12",
    )
    recipes: int = _setting(
        "MULTIARCH_RECIPES",
        AT_LEAST_ONE,
        "How many images of one project are built at most.",
        "20",
    )
    job_minutes: int = _setting(
        "MULTIARCH_JOB_MINUTES",
        AT_LEAST_ONE,
        "After how many minutes a job that builds is stopped, and says so.",
        "240",
    )
    retries: int = _setting(
        "MULTIARCH_RETRIES",
        AT_LEAST_ONE,
        "How often a job is tried when an engine, a registry or GitHub is down.",
        "8",
    )
    jobs: int = _setting(
        "MULTIARCH_JOBS",
        AT_LEAST_ONE,
        "How many jobs that build nothing one worker does at once.",
        "4",
    )
    builds_per_runner: int = _setting(
        "MULTIARCH_BUILDS_PER_RUNNER",
        AT_LEAST_ONE,
        "How many projects are proven at once for each runner.",
        "1",
    )
    grace_seconds: int = _setting(
        "MULTIARCH_GRACE_SECONDS",
        AT_LEAST_ONE,
        "How long a worker that is told to stop lets its jobs go on.",
        "10",
    )

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Settings:
        """Read every setting, or say which one cannot be meant."""
        values = setting_sources.filled(environ)
        known = {
            field.name: _read(field.metadata["entry"], values)
            for field in dataclasses.fields(cls)
        }
        return cls(**known)

    @property
    def keeps_jobs_at_home(self) -> bool:
        """Tell whether the database is a file in *home*."""
        return self.database_url.startswith(f"sqlite:///{self.home}/")

    @property
    def registries(self) -> RegistrySettings:
        """Return what is set about registries; each login serves whom it is for."""
        file = self.registry_credentials
        mirrors: dict[str, tuple[str, ...]] = {}
        for registry, host in self.registry_mirrors:
            mirrors[registry] = (*mirrors.get(registry, ()), host)
        return RegistrySettings(
            logins=Logins() if file is None else registry_logins.read(file),
            private_hosts=self.registry_private,
            plain_http_hosts=self.registry_plain_http,
            mirrors=mirrors,
            certificate_authorities=self.registry_authorities,
        )

    @property
    def own_registries(self) -> RegistrySettings:
        """Return the same for a person's own checkout, which every login serves."""
        known = self.registries
        return replace(known, credentials=known.logins.of_a_person())


def entries() -> tuple[Entry, ...]:
    """Return the table of settings, in the order of the documentation."""
    fields = dataclasses.fields(Settings)
    return tuple(field.metadata["entry"] for field in fields)


def reference() -> str:
    """Return the table of settings as Markdown."""
    head = "| variable | value | default | what it is for |\n|---|---|---|---|\n"
    lines = (
        f"| `{entry.variable}` | {entry.form.words} | "
        f"{f'`{entry.default}`' if entry.default else ''} | {entry.doc} |\n"
        for entry in entries()
    )
    return head + "".join(lines)


def _read(entry: Entry, values: Mapping[str, str]) -> Any:  # noqa: ANN401 - one type per form
    try:
        return entry.form.read(values.get(entry.variable, "") or entry.default)
    except ValueError as error:
        raise UserError(
            f"{entry.variable} {error}. It takes {entry.form.words}. {entry.doc}"
        ) from None
