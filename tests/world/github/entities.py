"""The things GitHub remembers: accounts, repositories, pulls, checks, Apps."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from tests.world.github.answers import Json
from tests.world.github.git import Git


class Kind(Enum):
    """What sort of account it is."""

    USER = "User"
    ORGANIZATION = "Organization"
    BOT = "Bot"


@dataclass(slots=True, eq=False)
class Account:
    """A person, an organisation or an App's bot."""

    id: int
    login: str
    kind: Kind
    token: str = ""

    @property
    def email(self) -> str:
        """The address that ties commits to the account."""
        return f"{self.id}+{self.login}@users.noreply.github.com"


@dataclass(slots=True, eq=False)
class App:
    """A registered GitHub App; *key* is its private key as PEM."""

    id: int
    slug: str
    owner: Account
    bot: Account
    key: str
    public_key: str
    secret: str
    permissions: dict[str, str]
    events: tuple[str, ...]
    created_at: str
    webhook_url: str = ""

    @property
    def client_id(self) -> str:
        """The other name under which the App may sign its tokens."""
        return f"Iv1.{self.id:016x}"


@dataclass(slots=True, eq=False)
class Installation:
    """An App on an account; no *repositories* means all of them."""

    id: int
    app: App
    account: Account
    created_at: str
    repositories: set[int] | None = None
    suspended_at: str | None = None

    def reaches(self, repository: Repository) -> bool:
        """Tell whether the App is installed on *repository*."""
        if repository.owner is not self.account or self.suspended_at:
            return False
        return self.repositories is None or repository.id in self.repositories


@dataclass(slots=True, eq=False)
class Token:
    """An installation token: what it may do, where, and until when."""

    value: str
    installation: Installation
    permissions: dict[str, str]
    repositories: set[int] | None
    expires: datetime


@dataclass(slots=True, eq=False)
class Reaction:
    """One reaction on an issue or a comment."""

    id: int
    user: Account
    content: str
    created_at: str


@dataclass(slots=True, eq=False)
class Comment:
    """A comment in the conversation of an issue or a pull request."""

    id: int
    user: Account
    body: str
    created_at: str
    updated_at: str
    app: App | None = None
    reactions: list[Reaction] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class ReviewComment(Comment):
    """A comment on lines of a pull request's diff."""

    path: str = ""
    commit_id: str = ""
    line: int | None = None
    side: str = "RIGHT"
    start_line: int | None = None
    start_side: str | None = None
    diff_hunk: str = ""
    position: int | None = None
    current_commit: str = ""
    current_line: int | None = None
    current_start: int | None = None
    current_position: int | None = None
    review_id: int = 0
    reply_to: int | None = None
    subject: str = "line"


@dataclass(slots=True, eq=False)
class Review:
    """One review of a pull request."""

    id: int
    user: Account
    body: str
    state: str
    commit_id: str
    submitted_at: str | None
    pending: list[ReviewComment] = field(default_factory=list)
    """Comments that nobody else sees before the review is submitted."""


@dataclass(slots=True, eq=False, repr=False)
class Pull:
    """What an issue that is a pull request has besides."""

    id: int
    base_ref: str
    base_sha: str
    head_repository: Repository
    head_ref: str
    head_sha: str
    draft: bool = False
    maintainer_can_modify: bool = False
    merged_at: str | None = None
    merged_by: Account | None = None
    merge_commit_sha: str | None = None
    reviews: dict[int, Review] = field(default_factory=dict)
    comments: dict[int, ReviewComment] = field(default_factory=dict)


@dataclass(slots=True, eq=False, repr=False)
class Issue:
    """An issue or, with *pull*, a pull request."""

    id: int
    number: int
    user: Account
    title: str
    body: str | None
    created_at: str
    updated_at: str
    app: App | None = None
    state: str = "open"
    closed_at: str | None = None
    closed_by: Account | None = None
    labels: list[str] = field(default_factory=list)
    comments: dict[int, Comment] = field(default_factory=dict)
    reactions: list[Reaction] = field(default_factory=list)
    pull: Pull | None = None


@dataclass(slots=True, eq=False)
class CheckSuite:
    """All check runs of one App on one commit."""

    id: int
    app: App
    head_sha: str
    head_branch: str | None
    created_at: str
    head_commit: Json = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class CheckRun:
    """One check of one commit, with everything it said."""

    id: int
    suite: CheckSuite
    name: str
    status: str
    started_at: str | None
    conclusion: str | None = None
    completed_at: str | None = None
    details_url: str | None = None
    external_id: str = ""
    title: str | None = None
    summary: str | None = None
    text: str | None = None
    annotations: list[Json] = field(default_factory=list)
    actions: list[Json] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Status:
    """One commit status."""

    id: int
    sha: str
    state: str
    context: str
    creator: Account
    created_at: str
    target_url: str | None = None
    description: str | None = None


@dataclass(slots=True, eq=False)
class WorkflowRun:
    """One run of an Actions workflow, with its jobs' logs."""

    id: int
    number: int
    path: str
    event: str
    branch: str
    sha: str
    actor: Account
    created_at: str
    status: str = "queued"
    conclusion: str | None = None
    inputs: Json = field(default_factory=dict)
    jobs: dict[int, Job] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Job:
    """One job of a workflow run."""

    id: int
    name: str
    log: str
    conclusion: str | None = None
    labels: tuple[str, ...] = ("self-hosted", "linux", "ARM64")


@dataclass(slots=True, eq=False, repr=False)
class Repository:
    """One repository: its git directory and all that hangs on it."""

    id: int
    owner: Account
    name: str
    git: Git
    created_at: str
    private: bool = False
    default_branch: str = "main"
    pushed_at: str = ""
    parent: Repository | None = None
    access: dict[str, str] = field(default_factory=dict)
    labels: dict[str, Json] = field(default_factory=dict)
    issues: dict[int, Issue] = field(default_factory=dict)
    check_suites: dict[int, CheckSuite] = field(default_factory=dict)
    check_runs: dict[int, CheckRun] = field(default_factory=dict)
    statuses: list[Status] = field(default_factory=list)
    workflow_runs: dict[int, WorkflowRun] = field(default_factory=dict)

    @property
    def full_name(self) -> str:
        """Owner and name, as people write it."""
        return f"{self.owner.login}/{self.name}"

    def pulls(self) -> list[Issue]:
        """Return the pull requests, oldest first."""
        return [issue for issue in self.issues.values() if issue.pull]

    def permission(self, account: Account) -> str:
        """Return what *account* may do here: none, read, write, admin…."""
        if account is self.owner:
            return "admin"
        public = "none" if self.private else "read"
        return self.access.get(account.login, public)
