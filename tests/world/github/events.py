"""Tell the Apps what happened, as GitHub's webhooks do."""

from __future__ import annotations

from dataclasses import dataclass

from tests.world.github.access import allows
from tests.world.github.answers import Json
from tests.world.github.entities import (
    Account,
    App,
    CheckRun,
    CheckSuite,
    Comment,
    Installation,
    Issue,
    Kind,
    Pull,
    Repository,
    Review,
    ReviewComment,
)
from tests.world.github.outbox import Outbox
from tests.world.github.shapes import account as accounts
from tests.world.github.shapes import check as checks
from tests.world.github.shapes import issue as issues
from tests.world.github.shapes import pull as pulls
from tests.world.github.shapes.repository import full
from tests.world.github.state import State


@dataclass(frozen=True, slots=True, repr=False)
class Happening:
    """The place and the person of an event."""

    state: State
    outbox: Outbox
    repository: Repository
    sender: Account

    def tell(self, event: str, payload: Json, only: App | None = None) -> None:
        """Send *payload* to every App that is installed here and subscribed."""
        for installation in self.state.installed(self.repository):
            app = installation.app
            if event in app.events and only in {None, app}:
                self.outbox.send(app, event, self._dressed(payload, installation))

    def _dressed(self, payload: Json, installation: Installation) -> Json:
        body = dict(payload)
        body["repository"] = body.get("repository") or full(
            self.state.url, self.repository
        )
        if self.repository.owner.kind is Kind.ORGANIZATION:
            body["organization"] = organization(self.state.url, self.repository.owner)
        body["sender"] = accounts.user(self.state.url, self.sender)
        node = accounts.node_id("Installation", installation.id)
        body["installation"] = {"id": installation.id, "node_id": node}
        return body

    def pull_request(
        self, action: str, issue: Issue, pull: Pull, **more: object
    ) -> None:
        """Say that a pull request was opened, pushed to, closed…."""
        url = self.state.url
        totals = pulls.Totals(1, 0, 0, 0, None)
        body = pulls.full_pull(url, self.repository, issue, pull, totals)
        payload = {"action": action, "number": issue.number, **more}
        self.tell("pull_request", {**payload, "pull_request": body})

    def issue_comment(self, action: str, issue: Issue, comment: Comment) -> None:
        """Say that somebody commented in a conversation."""
        url, repository = self.state.url, self.repository
        payload = {
            "action": action,
            "issue": issues.issue(url, repository, issue),
            "comment": issues.comment(url, repository, issue, comment),
        }
        self.tell("issue_comment", payload)

    def review(self, issue: Issue, pull: Pull, review: Review) -> None:
        """Say that a review was submitted."""
        url, repository = self.state.url, self.repository
        written = pulls.review(url, repository, issue, review)
        written["state"] = review.state.lower()
        payload = {
            "action": "submitted",
            "review": written,
            "pull_request": pulls.simple(url, repository, issue, pull),
        }
        self.tell("pull_request_review", payload)

    def review_comment(self, issue: Issue, pull: Pull, comment: ReviewComment) -> None:
        """Say that somebody commented on a line."""
        url, repository = self.state.url, self.repository
        payload = {
            "action": "created",
            "comment": pulls.review_comment(url, repository, issue, comment),
            "pull_request": pulls.simple(url, repository, issue, pull),
        }
        self.tell("pull_request_review_comment", payload)

    def check_run(self, action: str, run: CheckRun, **more: object) -> None:
        """Tell the check run's own App about it."""
        url, repository = self.state.url, self.repository
        written = checks.run(url, repository, run)
        written["check_suite"] = checks.suite(url, repository, run.suite)
        payload = {"action": action, "check_run": written, **more}
        self.tell("check_run", payload, only=run.suite.app)

    def check_suite(self, action: str, suite: CheckSuite) -> None:
        """Ask the suite's App to check a commit (again)."""
        payload = {
            "action": action,
            "check_suite": checks.suite(self.state.url, self.repository, suite),
        }
        self.tell("check_suite", payload, only=suite.app)


def organization(url: str, account: Account) -> Json:
    """Write the organisation that owns a repository."""
    api = f"{url}/orgs/{account.login}"
    names = ("repos", "events", "hooks", "issues")
    return {
        "login": account.login,
        "id": account.id,
        "node_id": accounts.node_id("Organization", account.id),
        "url": api,
        **{f"{name}_url": f"{api}/{name}" for name in names},
        "members_url": f"{api}/members{{/member}}",
        "public_members_url": f"{api}/public_members{{/member}}",
        "avatar_url": f"{url}/avatars/o/{account.id}?v=4",
        "description": "",
    }


def installation_changed(
    outbox: Outbox, installation: Installation, action: str, **more: object
) -> None:
    """Send an installation event; GitHub sends it whatever is subscribed."""
    url = outbox.state.url
    changed = "repositories_added" in more
    payload = {
        "action": action,
        "installation": accounts.installation(url, installation),
        **more,
        "sender": accounts.user(url, installation.account),
    }
    event = "installation_repositories" if changed else "installation"
    outbox.send(installation.app, event, payload)


def brief(repository: Repository) -> Json:
    """Write a repository as installation events list it."""
    return {
        "id": repository.id,
        "node_id": accounts.node_id("Repository", repository.id),
        "name": repository.name,
        "full_name": repository.full_name,
        "private": repository.private,
    }


def may_check(app: App) -> bool:
    """Tell whether pushes make check suites for *app*."""
    return allows(app.permissions, "checks:write")
