"""The check run of a head: found again by its external id, never made twice."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.github.client import Client
from bot.publishing import CHECK_NAME, Annotation, CheckReport

BATCH = 50
"""Annotations that GitHub takes in one request."""


@dataclass(frozen=True, slots=True)
class Where:
    """The repository of a check run, and the way to it.

    *blank* remembers check runs that hold no annotation: nobody has to ask.
    """

    client: Client
    repository: str
    blank: MutableMapping[int, bool]

    @property
    def url(self) -> str:
        """Return where check runs are."""
        return f"/repos/{self.repository}/check-runs"


async def find_or_create(
    where: Where, head: str, external_id: str, report: CheckReport
) -> int:
    """Return our check run with *external_id* on *head*, made if need be."""
    known = await _find(where, head, external_id)
    if known is not None:
        return known
    first = report.annotations[:BATCH]
    named = {"name": CHECK_NAME, "head_sha": head, "external_id": external_id}
    data = {**named, **_content(report, first)}
    answer = await where.client.post(where.url, data=data)
    check = int(answer["id"])
    where.blank[check] = not first
    for batch in _batches(report.annotations[BATCH:]):
        await _send(where, check, report, batch)
    return check


async def update(where: Where, check: int, report: CheckReport) -> None:
    """Let the check run say *report*; annotations it has are not sent again."""
    there = await _shown(where, check) if report.annotations else frozenset()
    fresh = [one for one in report.annotations if _key(one) not in there]
    if fresh:
        # From now on: an answer may be lost after its annotations have arrived.
        where.blank.pop(check, None)
    batches = list(_batches(fresh)) or [()]
    for batch in batches:
        await _send(where, check, report, batch)


Key = tuple[str, int, str, str]
"""What makes two annotations the same."""


async def _shown(where: Where, check: int) -> frozenset[Key]:
    """Return the annotations that the check run holds."""
    if where.blank.get(check):
        return frozenset()
    url = f"{where.url}/{check}"
    known = await where.client.getitem(url)
    if not known["output"]["annotations_count"]:
        return frozenset()
    items = where.client.getiter(f"{url}/annotations?per_page=100")
    return frozenset([_bare(item) async for item in items])


async def _find(where: Where, head: str, external_id: str) -> int | None:
    commit = f"/repos/{where.repository}/commits/{head}"
    url = f"{commit}/check-runs?filter=all&per_page=100"
    async for item in where.client.getiter(url, iterable_key="check_runs"):
        if item["external_id"] == external_id and item["name"] == CHECK_NAME:
            where.blank[int(item["id"])] = not item["output"]["annotations_count"]
            return int(item["id"])
    return None


async def _send(
    where: Where, check: int, report: CheckReport, batch: Sequence[Annotation]
) -> None:
    await where.client.patch(f"{where.url}/{check}", data=_content(report, batch))


def _content(report: CheckReport, batch: Sequence[Annotation]) -> dict[str, Any]:
    output = {
        "title": report.title,
        "summary": report.summary,
        "annotations": [_annotation(item) for item in batch],
        **({"text": report.text} if report.text else {}),
    }
    buttons = [
        {
            "label": button.label,
            "description": button.description,
            "identifier": button.identifier,
        }
        for button in report.buttons
    ]
    if report.conclusion is None:
        return {"status": "in_progress", "output": output, "actions": buttons}
    ended = {"status": "completed", "conclusion": report.conclusion.value}
    return {**ended, "output": output, "actions": buttons}


def _annotation(item: Annotation) -> dict[str, Any]:
    columns = {"start_column": item.start_column, "end_column": item.end_column}
    details = {"raw_details": item.details} if item.details else {}
    return {
        "path": item.path,
        "start_line": item.start_line,
        "end_line": item.end_line,
        "annotation_level": item.level.value,
        "title": item.title,
        "message": item.message,
        **{name: value for name, value in columns.items() if value is not None},
        **details,
    }


def _key(item: Annotation) -> Key:
    return item.path, item.start_line, item.title, item.message


def _bare(item: dict[str, Any]) -> Key:
    return item["path"], item["start_line"], item["title"] or "", item["message"] or ""


def _batches(items: Sequence[Annotation]) -> Iterator[Sequence[Annotation]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]
