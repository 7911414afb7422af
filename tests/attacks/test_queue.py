"""One repository that pushes all the time keeps nobody else from a runner."""

from __future__ import annotations

from tests.jobs.conftest import Shop, push, shop, until

__all__ = ["shop"]

PUSHES = 40


def waiting(shop: Shop) -> int:
    """Return how many builds are in the queue."""
    states = shop.states().items()
    return sum(name.endswith(".prove") and one == "ENQUEUED" for name, one in states)


async def test_many_pushes_of_one_owner_keep_another_waiting_for_one_job(
    shop: Shop,
) -> None:
    """There is one runner: what is at work ends, and then it is the other's."""
    for number in range(PUSHES):
        await shop.outbox.submit(push(f"busy{number}", f"proved{number}", app="busy/a"))
    shop.start()
    until(lambda: waiting(shop) == PUSHES - 1, "all builds wait but one")
    await shop.outbox.submit(push("calm", "proved", app="calm/b"))
    await shop.outbox.submit(push("near", "proved", app="busy/c"))
    until(lambda: waiting(shop) == PUSHES + 1, "the others wait too")
    shop.open_gate()
    until(shop.has("calm tell"), "the calm owner is served")
    until(shop.has("near tell"), "the busy owner's other repository is served")

    begun = [line.split()[0] for line in shop.lines() if line.endswith(" fetch")]
    assert begun.index("calm") <= 2
    assert begun.index("near") <= 4
