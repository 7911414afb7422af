"""What is asked about images, and of whom."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import inspection
from bot.errors import UserError
from bot.facts import Facts, Published, Upgrade
from bot.inspection import Asking, FileFirst
from bot.ports import ImageRegistry
from bot.settings import Settings
from bot.snapshot import Snapshot
from bot.view import View
from tests.catalogue import snapshot
from tests.rehearsing import ARM64, TableRegistry, run

OLD = Published(frozenset({"linux/amd64"}))
BOTH = Published(frozenset({"linux/amd64", ARM64}))
UNKNOWN = Published(None, "the file of known images does not name it")
TREE = snapshot({"Dockerfile": "FROM alpine:3.4\n"})


def looked(tree: Snapshot, images: ImageRegistry) -> View:
    """Look at *tree*, asking *images*."""
    return run(inspection.inspect(tree, ARM64, images))


def from_source(asking: Asking, *images: str) -> Facts:
    """Return what the source that *asking* describes says about *images*."""

    async def ask() -> Facts:
        settings = Settings.from_environment({})
        async with inspection.image_source(asking, settings) as source:
            return await source.facts(images, ARM64)

    return run(ask())


def test_asks_about_the_images_of_the_project_and_judges_them() -> None:
    """The facts are there before any rule runs."""
    registry = TableRegistry()
    view = looked(TREE, registry)

    assert registry.asked == [("alpine:3.4",)]
    assert view.facts.images == {"alpine:3.4": OLD}
    assert [item.rule for item in view.findings] == ["base-image-without-arm64"]
    assert (view.snapshot, view.skipped, view.mistakes) == (TREE, (), ())


def test_the_file_is_asked_first_and_the_network_about_the_rest() -> None:
    """Who names an image in the file does not have it asked for."""
    upgrades = {("a:1", ARM64): Upgrade("a:2", frozenset({ARM64}))}
    file = TableRegistry(Facts({"a:1": OLD, "b:1": UNKNOWN}, upgrades))
    other = TableRegistry(Facts({"a:1": BOTH, "b:1": BOTH}))
    actual = run(FileFirst(file, other).facts(["a:1", "b:1"], ARM64))

    assert actual == Facts({"a:1": OLD, "b:1": BOTH}, upgrades)
    assert other.asked == [("b:1",)]


def test_offline_everything_is_unknown_with_the_reason() -> None:
    """Nothing is guessed, and nothing is asked."""
    facts = from_source(Asking(offline=True), "alpine:3.4")

    why = "no registry was asked, because the network was not to be used"
    assert facts == Facts({"alpine:3.4": Published(None, why)})


def test_offline_the_file_still_answers(tmp_path: Path) -> None:
    """Its references are also the tags that an upgrade is chosen from."""
    file = tmp_path / "images.json"
    known = (
        '{"alpine:3.4": ["linux/amd64"], "alpine:3.6": ["linux/amd64", "linux/arm64"]}'
    )
    file.write_text(known, encoding="utf-8-sig")  # as editors on Windows write it
    facts = from_source(Asking(offline=True, images=file), "alpine:3.4", "b:1")

    assert facts.images == {"alpine:3.4": OLD, "b:1": UNKNOWN}
    assert facts.upgrades == {
        ("alpine:3.4", ARM64): Upgrade("alpine:3.6", BOTH.platforms or frozenset())
    }


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(None, "images.json, cannot be read: No such file", id="absent"),
        pytest.param(b"\xff", "cannot be read: it is not UTF-8", id="not text"),
        pytest.param(b"{", "is not JSON", id="not JSON"),
        pytest.param(b'{"a:1": "linux/arm64"}', "no list of platforms", id="no list"),
    ],
)
def test_a_file_that_cannot_be_meant_is_told(
    tmp_path: Path, content: bytes | None, words: str
) -> None:
    """A typing error must not look like an image nobody knows."""
    file = tmp_path / "images.json"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(UserError, match=words):
        from_source(Asking(offline=True, images=file), "a:1")
