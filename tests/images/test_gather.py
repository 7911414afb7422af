"""How many images are asked about at once, and what is made of the answers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from bot.facts import Facts, Published, Upgrade
from bot.images import gather
from bot.images.reference import Reference
from bot.images.settings import Limits

AMD = frozenset({"linux/amd64"})


@dataclass
class Catalogue:
    """Answers that images are for amd64, but those *known*; counts who waits."""

    now: int = 0
    most: int = 0
    asked: list[str] = field(default_factory=list)
    listed: tuple[str, ...] = ()
    known: Mapping[str, Published] = field(default_factory=dict)

    async def published(self, reference: Reference) -> Published:
        """Answer after a turn of the loop."""
        self.asked.append(reference.target)
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0)
        self.now -= 1
        return self.known.get(reference.target, Published(AMD))

    async def tags(self, reference: Reference) -> tuple[str, ...]:
        """List the same tags for every image."""
        return self.listed


async def test_asks_about_a_few_images_at_once() -> None:
    """A monorepo must not open a thousand connections."""
    catalogue = Catalogue()
    names = [f"app{number}:1" for number in range(50)]

    actual = await gather.facts(catalogue, names, "linux/arm64", Limits())

    assert set(actual.images) == set(names)
    assert catalogue.most == 8


async def test_asks_about_each_image_once() -> None:
    """The same base image is in many files."""
    catalogue = Catalogue()

    await gather.facts(catalogue, ["app:1", "app:1"], "linux/arm64", Limits())

    assert catalogue.asked == ["1"]


async def test_asks_about_no_more_images_than_it_may() -> None:
    """A tree with a million base images is an attack, or a mistake."""
    catalogue = Catalogue()

    actual = await gather.facts(
        catalogue, ["a:1", "b:2", "c:3"], "linux/arm64", Limits(images=2)
    )

    assert catalogue.asked == ["1", "2"]
    assert actual.images["c:3"] == Published(
        None, "too many images were asked about at once"
    )


async def test_an_image_that_has_the_platform_needs_no_upgrade() -> None:
    """Healthy images cost one question each."""
    catalogue = Catalogue(listed=("1", "2"))

    actual = await gather.facts(catalogue, ["app:1"], "linux/amd64", Limits())

    assert actual == Facts({"app:1": Published(AMD)})
    assert catalogue.asked == ["1"]


async def test_the_search_is_bounded() -> None:
    """A repository with ten thousand tags gets a few questions."""
    catalogue = Catalogue(listed=tuple(str(number) for number in range(1000)))

    actual = await gather.facts(
        catalogue, ["app:1"], "linux/arm64", Limits(candidates=5)
    )

    assert actual == Facts({"app:1": Published(AMD)})
    assert catalogue.asked == ["1", "2", "3", "4", "5", "6"]


async def test_a_digest_without_a_tag_has_no_upgrade() -> None:
    """Nobody knows which tag the author meant."""
    catalogue = Catalogue(listed=("1", "2"))
    name = f"app@sha256:{'0' * 64}"

    actual = await gather.facts(catalogue, [name], "linux/arm64", Limits())

    assert actual == Facts({name: Published(AMD)})
    assert catalogue.asked == [f"sha256:{'0' * 64}"]


@pytest.mark.parametrize(
    ("nearer", "is_nearest"),
    [(Published(AMD), True), (Published(None, "does not answer"), False)],
)
async def test_an_upgrade_may_not_be_the_nearest(
    nearer: Published, *, is_nearest: bool
) -> None:
    """Unknown is not no: what is known of is offered, and not as more than it is."""
    both = AMD | {"linux/arm64"}
    known = {"1": Published(AMD), "2": nearer, "3": Published(both)}
    catalogue = Catalogue(listed=("2", "3", "4"), known=known)

    actual = await gather.facts(catalogue, ["app:1"], "linux/arm64", Limits())

    assert actual.upgrade("app:1", "linux/arm64") == Upgrade(
        "app:3", both, is_nearest=is_nearest
    )


async def test_asks_no_more_registries_than_it_may() -> None:
    """Each of them may be one that never answers."""
    catalogue = Catalogue()
    names = ["a.example/x:1", "b.example/x:2", "c.example/x:3", "a.example/y:4"]

    actual = await gather.facts(catalogue, names, "linux/arm64", Limits(registries=2))

    assert sorted(catalogue.asked) == ["1", "2", "4"]
    assert actual.images["c.example/x:3"] == Published(
        None,
        "c.example was not asked, because too many registries are named at once",
    )


async def test_what_is_late_is_unknown() -> None:
    """What came in time is told all the same."""

    class Slow(Catalogue):
        """Never answers about the second version."""

        async def published(self, reference: Reference) -> Published:
            """Wait for ever, or answer."""
            if reference.tag == "2":
                await asyncio.Event().wait()
            return await Catalogue.published(self, reference)

    actual = await gather.facts(
        Slow(), ["app:1", "app:2"], "linux/amd64", Limits(question_seconds=0.2)
    )

    late = "it was not asked about in time, because the others took too long"
    assert actual == Facts({"app:1": Published(AMD), "app:2": Published(None, late)})
