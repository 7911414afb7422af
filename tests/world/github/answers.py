"""What a handler gives back: a status, a body and headers, or a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
"""A JSON object as GitHub writes it; its shape is judged by GitHub's schema."""

DOCUMENTATION = "https://docs.github.com/rest"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; *body* is JSON, raw bytes with their type, or nothing."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"


class RefusalError(Exception):
    """The request is answered with an error of GitHub's own wording."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(str(answer.body))
        self.answer = answer


def refusal(status: int, message: str, **more: Any) -> RefusalError:  # noqa: ANN401 - JSON
    """Return the error that GitHub words as *message*."""
    body = {"message": message, **more, "documentation_url": DOCUMENTATION}
    return RefusalError(Answer(status, {**body, "status": str(status)}))


def not_found() -> RefusalError:
    """Return the answer for what is not there or may not be seen."""
    return refusal(404, "Not Found")


def not_accessible() -> RefusalError:
    """Return the answer for a permission that the token lacks."""
    return refusal(403, "Resource not accessible by integration")


def invalid(resource: str, name: str, code: str, message: str = "") -> RefusalError:
    """Return GitHub's 422 for one wrong field."""
    error = {"resource": resource, "field": name, "code": code}
    if message:
        error["message"] = message
    return refusal(422, "Validation Failed", errors=[error])


def unprocessable(*errors: str) -> RefusalError:
    """Return GitHub's 422 with plain sentences."""
    return refusal(422, "Unprocessable Entity", errors=list(errors))
