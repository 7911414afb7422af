"""Pull requests, reviews and their comments as JSON."""

from __future__ import annotations

from dataclasses import dataclass

from tests.world.github.answers import Json
from tests.world.github.entities import Issue, Pull, Repository, Review, ReviewComment
from tests.world.github.shapes.account import node_id, user
from tests.world.github.shapes.issue import association, label, page, rollup
from tests.world.github.shapes.repository import full


@dataclass(frozen=True, slots=True)
class Totals:
    """What a pull request's own page counts."""

    commits: int
    additions: int
    deletions: int
    changed_files: int
    mergeable: bool | None


def simple(url: str, repository: Repository, issue: Issue, pull: Pull) -> Json:
    """Write a pull request as lists hold it."""
    api = f"{url}/repos/{repository.full_name}"
    own = f"{api}/pulls/{issue.number}"
    html = page(url, repository, issue)
    return {
        "url": own,
        "id": pull.id,
        "node_id": node_id("PullRequest", pull.id),
        "html_url": html,
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
        "issue_url": f"{api}/issues/{issue.number}",
        "number": issue.number,
        "state": issue.state,
        "locked": False,
        "title": issue.title,
        "user": user(url, issue.user),
        "body": issue.body,
        "created_at": issue.created_at,
        "updated_at": issue.updated_at,
        "closed_at": issue.closed_at,
        "merged_at": pull.merged_at,
        "merge_commit_sha": pull.merge_commit_sha,
        "assignee": None,
        "assignees": [],
        "requested_reviewers": [],
        "requested_teams": [],
        "labels": [label(url, repository, name) for name in issue.labels],
        "milestone": None,
        "draft": pull.draft,
        "commits_url": f"{own}/commits",
        "review_comments_url": f"{own}/comments",
        "review_comment_url": f"{api}/pulls/comments{{/number}}",
        "comments_url": f"{api}/issues/{issue.number}/comments",
        "statuses_url": f"{api}/statuses/{pull.head_sha}",
        "head": _end(url, pull.head_repository, pull.head_ref, pull.head_sha),
        "base": _end(url, repository, pull.base_ref, pull.base_sha),
        "_links": _links(api, html, issue, pull),
        "author_association": association(repository, issue.user),
        "auto_merge": None,
        "active_lock_reason": None,
    }


def full_pull(
    url: str, repository: Repository, issue: Issue, pull: Pull, totals: Totals
) -> Json:
    """Write a pull request as its own page shows it."""
    by = user(url, pull.merged_by) if pull.merged_by else None
    state = {True: "clean", False: "dirty", None: "unknown"}[totals.mergeable]
    return {
        **simple(url, repository, issue, pull),
        "merged": pull.merged_at is not None,
        "mergeable": totals.mergeable,
        "rebaseable": totals.mergeable,
        "mergeable_state": state,
        "merged_by": by,
        "comments": len(issue.comments),
        "review_comments": len(pull.comments),
        "maintainer_can_modify": pull.maintainer_can_modify,
        "commits": totals.commits,
        "additions": totals.additions,
        "deletions": totals.deletions,
        "changed_files": totals.changed_files,
    }


def _end(url: str, repository: Repository, ref: str, sha: str) -> Json:
    return {
        "label": f"{repository.owner.login}:{ref}",
        "ref": ref,
        "sha": sha,
        "user": user(url, repository.owner),
        "repo": full(url, repository),
    }


def _links(api: str, html: str, issue: Issue, pull: Pull) -> Json:
    own = f"{api}/pulls/{issue.number}"
    links = {
        "self": own,
        "html": html,
        "issue": f"{api}/issues/{issue.number}",
        "comments": f"{api}/issues/{issue.number}/comments",
        "review_comments": f"{own}/comments",
        "review_comment": f"{api}/pulls/comments{{/number}}",
        "commits": f"{own}/commits",
        "statuses": f"{api}/statuses/{pull.head_sha}",
    }
    return {name: {"href": link} for name, link in links.items()}


def review(url: str, repository: Repository, issue: Issue, it: Review) -> Json:
    """Write a review."""
    html = f"{page(url, repository, issue)}#pullrequestreview-{it.id}"
    own = f"{url}/repos/{repository.full_name}/pulls/{issue.number}"
    body = {
        "id": it.id,
        "node_id": node_id("PullRequestReview", it.id),
        "user": user(url, it.user),
        "body": it.body,
        "state": it.state,
        "html_url": html,
        "pull_request_url": own,
        "author_association": association(repository, it.user),
        "_links": {"html": {"href": html}, "pull_request": {"href": own}},
        "commit_id": it.commit_id,
    }
    if it.submitted_at:
        body["submitted_at"] = it.submitted_at
    return body


def review_comment(
    url: str, repository: Repository, issue: Issue, it: ReviewComment
) -> Json:
    """Write a comment on a diff; *line* is None once it is outdated."""
    api = f"{url}/repos/{repository.full_name}/pulls"
    html = f"{page(url, repository, issue)}#discussion_r{it.id}"
    own = f"{api}/comments/{it.id}"
    pull = f"{api}/{issue.number}"
    body: Json = {
        "url": own,
        "pull_request_review_id": it.review_id,
        "id": it.id,
        "node_id": node_id("PullRequestReviewComment", it.id),
        "diff_hunk": it.diff_hunk,
        "path": it.path,
        "commit_id": it.current_commit or it.commit_id,
        "original_commit_id": it.commit_id,
        "user": user(url, it.user),
        "body": it.body,
        "created_at": it.created_at,
        "updated_at": it.updated_at,
        "html_url": html,
        "pull_request_url": pull,
        "author_association": association(repository, it.user),
        "_links": {
            "self": {"href": own},
            "html": {"href": html},
            "pull_request": {"href": pull},
        },
        "reactions": rollup(f"{own}/reactions", it.reactions),
        "start_line": it.current_start,
        "original_start_line": it.start_line,
        "start_side": it.start_side,
        "line": it.current_line,
        "original_line": it.line,
        "side": it.side,
        "original_position": it.position,
        "position": it.current_position,
        "subject_type": it.subject,
    }
    if it.reply_to:
        body["in_reply_to_id"] = it.reply_to
    return body
