"""The check run of a head: found again by its external id, never made twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from bot.github.client import Client
from bot.publishing import CHECK_NAME, Annotation, CheckReport

BATCH = 50
"""Annotations that GitHub takes in one request."""


async def find_or_create(
    client: Client, repository: str, head: str, external_id: str, report: CheckReport
) -> int:
    """Return our check run with *external_id* on *head*, made if need be."""
    known = await _find(client, repository, head, external_id)
    if known is not None:
        return known
    first = report.annotations[:BATCH]
    answer = await client.post(
        f"/repos/{repository}/check-runs",
        data={
            "name": CHECK_NAME,
            "head_sha": head,
            "external_id": external_id,
            **_content(report, first),
        },
    )
    check = int(answer["id"])
    for batch in _batches(report.annotations[BATCH:]):
        await _send(client, repository, check, report, batch)
    return check


async def update(
    client: Client, repository: str, check: int, report: CheckReport
) -> None:
    """Let the check run say *report*; annotations it has are not sent again."""
    if not report.annotations:
        await _send(client, repository, check, report, ())
        return
    url = f"/repos/{repository}/check-runs/{check}"
    known = await client.getitem(url)
    there: set[tuple[str, int, str, str]] = set()
    if known["output"]["annotations_count"]:
        async for item in client.getiter(f"{url}/annotations?per_page=100"):
            there.add(_bare(item))
    fresh = [one for one in report.annotations if _key(one) not in there]
    batches = list(_batches(fresh)) or [()]
    for batch in batches:
        await _send(client, repository, check, report, batch)


async def _find(
    client: Client, repository: str, head: str, external_id: str
) -> int | None:
    url = f"/repos/{repository}/commits/{head}/check-runs?filter=all&per_page=100"
    async for item in client.getiter(url, iterable_key="check_runs"):
        if item["external_id"] == external_id and item["name"] == CHECK_NAME:
            return int(item["id"])
    return None


async def _send(
    client: Client,
    repository: str,
    check: int,
    report: CheckReport,
    batch: Sequence[Annotation],
) -> None:
    url = f"/repos/{repository}/check-runs/{check}"
    await client.patch(url, data=_content(report, batch))


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


def _key(item: Annotation) -> tuple[str, int, str, str]:
    return item.path, item.start_line, item.title, item.message


def _bare(item: dict[str, Any]) -> tuple[str, int, str, str]:
    return item["path"], item["start_line"], item["title"] or "", item["message"] or ""


def _batches(items: Sequence[Annotation]) -> Iterator[Sequence[Annotation]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]
