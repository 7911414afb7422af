"""Which platforms manifests, indexes and configurations stand for."""

from __future__ import annotations

import json

import pytest

from bot.images import platforms
from bot.images.platforms import Listing, Single, Unreadable

ONE, TWO = "sha256:" + "1" * 64, "sha256:" + "2" * 64


def entry(digest: str, system: str, architecture: str, variant: str = "") -> object:
    """Return one entry of an index."""
    platform = {"os": system, "architecture": architecture}
    return {
        "digest": digest,
        "platform": platform | ({"variant": variant} if variant else {}),
    }


@pytest.mark.parametrize("kind", [platforms.DOCKER_LIST, platforms.OCI_INDEX])
@pytest.mark.parametrize("place", ["body", "header"])
def test_reads_an_index_in_both_dialects(kind: str, place: str) -> None:
    """Checkers that know one of the two call half of the images broken."""
    entries = [entry(ONE, "linux", "amd64"), entry(TWO, "linux", "arm64", "v8")]
    document = {"schemaVersion": 2, "manifests": entries}
    if place == "body":
        document["mediaType"] = kind
    header = kind if place == "header" else "application/json"

    actual = platforms.read_manifest(json.dumps(document).encode(), header)

    assert actual == Listing(frozenset({"linux/amd64", "linux/arm64"}))


@pytest.mark.parametrize("kind", [platforms.DOCKER_MANIFEST, platforms.OCI_MANIFEST])
def test_sends_a_single_manifest_to_its_configuration(kind: str) -> None:
    """A manifest does not say what it is for; its configuration does."""
    body = json.dumps({"schemaVersion": 2, "config": {"digest": ONE}}).encode()

    actual = platforms.read_manifest(body, f"{kind}; charset=utf-8")

    assert actual == Single(ONE)


def test_skips_attestations() -> None:
    """BuildKit files provenance as images for unknown/unknown."""
    attestation = {
        "digest": TWO,
        "platform": {"os": "linux", "architecture": "arm64"},
        "annotations": {"vnd.docker.reference.type": "attestation-manifest"},
    }
    entries = [
        entry(ONE, "linux", "amd64"),
        entry(TWO, "unknown", "unknown"),
        attestation,
    ]
    body = json.dumps({"manifests": entries}).encode()

    actual = platforms.read_manifest(body, platforms.OCI_INDEX)

    assert actual == Listing(frozenset({"linux/amd64"}))


def test_keeps_entries_that_name_no_platform() -> None:
    """The platform is optional in an OCI index; leaving it out is no absence."""
    body = json.dumps({"manifests": [{"digest": ONE}, entry(TWO, "linux", "arm")]})

    actual = platforms.read_manifest(body.encode(), platforms.OCI_INDEX)

    assert actual == Listing(frozenset({"linux/arm/v7"}), (ONE,))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<html>", "the manifest is not a JSON object"),
        (b"[]", "the manifest is not a JSON object"),
        (b"\xff\xfe\x00", "the manifest is not a JSON object"),
        (b"[" * 100_000, "the manifest is not a JSON object"),
        (
            b'{"schemaVersion": 1, "architecture": "amd64"}',
            "the manifest is of schema 1, which names no platform",
        ),
        (b"{}", "the manifest names no configuration"),
        (b'{"config": "x"}', "the manifest names no configuration"),
        (b'{"config": {"digest": 5}}', "the manifest names no configuration"),
        (b'{"manifests": []}', "the index lists no image"),
        (b'{"manifests": {"a": 1}}', "the index lists no image"),
        (b'{"manifests": [1, null, "x", {}]}', "the index lists no image"),
        (
            b'{"manifests": [{"platform": {"os": 1, "architecture": []}}]}',
            "the index lists no image",
        ),
    ],
)
def test_says_why_a_document_does_not_tell(body: bytes, reason: str) -> None:
    """Garbage is unknown; it is never read as no platform at all."""
    actual = platforms.read_manifest(body, "")

    assert actual == Unreadable(reason)


@pytest.mark.parametrize(
    "made_up", [[f"cpu{number}" for number in range(200)], ["x" * 1_000_000]]
)
def test_a_list_of_made_up_platforms_is_no_answer(made_up: list[str]) -> None:
    """What a stranger's registry says stays in memory for a month."""
    entries = [entry(ONE, "linux", name) for name in made_up]
    body = json.dumps({"manifests": entries}).encode()
    config = json.dumps({"os": "linux", "architecture": "x" * 1_000_000}).encode()

    assert platforms.read_manifest(body, "") == Unreadable(
        "the index lists more platforms than there are"
    )
    assert platforms.read_config(config) == Unreadable(
        "the image configuration names no platform that there is"
    )


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"os": "linux", "architecture": "arm64"}, "linux/arm64"),
        ({"os": "linux", "architecture": "arm64", "variant": "v8"}, "linux/arm64"),
        ({"os": "linux", "architecture": "arm", "variant": "v6"}, "linux/arm/v6"),
        ({"os": "windows", "architecture": "amd64"}, "windows/amd64"),
    ],
)
def test_reads_a_configuration(document: dict[str, str], expected: str) -> None:
    """Images that were pushed without an index have their platform here."""
    actual = platforms.read_config(json.dumps(document).encode())

    assert actual == expected


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"garbage",
        b"null",
        b'{"os": "linux"}',
        b'{"os": "linux", "architecture": ""}',
        b'{"os": "unknown", "architecture": "unknown"}',
        b'{"os": 1, "architecture": 2}',
    ],
)
def test_a_configuration_may_name_no_platform(body: bytes) -> None:
    """Helm charts and signatures are manifests too."""
    actual = platforms.read_config(body)

    assert actual == Unreadable("the image configuration names no platform")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("linux/arm64/v8", "linux/arm64"),
        ("linux/aarch64", "linux/arm64"),
        ("arm64", "linux/arm64"),
        ("Linux/ARM64/8", "linux/arm64"),
        ("linux/arm64/v9", "linux/arm64/v9"),
        ("linux/x86_64", "linux/amd64"),
        ("linux/amd64/v1", "linux/amd64"),
        ("linux/amd64/v3", "linux/amd64/v3"),
        ("linux/arm", "linux/arm/v7"),
        ("linux/arm/7", "linux/arm/v7"),
        ("linux/armhf", "linux/arm/v7"),
        ("linux/armel", "linux/arm/v6"),
        ("linux/i386", "linux/386"),
        ("macos/arm64", "darwin/arm64"),
        (" linux/s390x ", "linux/s390x"),
    ],
)
def test_knows_every_spelling_of_a_platform(text: str, expected: str) -> None:
    """Two spellings of one platform must not make an image look broken."""
    actual = platforms.normalised(text)

    assert actual == expected
    assert platforms.normalised(actual) == actual
