"""What was asked for before is found again, and nobody else's."""

from __future__ import annotations

from tests.jobs.conftest import Shop, push, until


async def test_finds_the_jobs_of_one_key_ended_or_not(shop: Shop) -> None:
    """Who asks for a build is asked what he saw, and the past must tell."""
    await shop.outbox.submit(push("a", app="a_b", moment=1))
    await shop.outbox.submit(push("b", app="a_b", moment=2))
    await shop.outbox.submit(push("x", app="axb"))
    await shop.outbox.submit(push("y", "main2", app="a_b"))
    shop.start()
    until(shop.has("b tell"), "the newer job ends")
    await shop.outbox.submit(push("z", "recall", app="a_b"))
    until(shop.has("z recalls a b"), "the past is told")


async def test_leaves_out_what_holds_no_job(shop: Shop) -> None:
    """Somebody may have written into the database."""
    await shop.outbox.submit(push("a", moment=1))
    await shop.outbox.submit(push("b", moment=2))
    shop.write("workflow_input SET inputs = '[]' WHERE workflow_uuid LIKE '%~a'")
    shop.write("workflow_status SET inputs = '[]' WHERE workflow_uuid LIKE '%~a'")
    await shop.outbox.submit(push("z", "recall"))
    shop.start()
    until(shop.has("z recalls b"), "the past is told")
