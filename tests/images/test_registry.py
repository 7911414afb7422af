"""What the client learns from a real registry, open or behind a door."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bot.facts import Facts, Published, Upgrade
from bot.images.auth import NO_LOGIN
from bot.images.logins import Credentials
from bot.images.reference import Reference, parse
from bot.images.registry import RegistryClient
from bot.images.settings import Limits, RegistrySettings
from tests.images import token_door
from tests.images.conftest import enter
from tests.world.registry import TLS, Door, Registry, serve

pytestmark = pytest.mark.registry

ARM = "linux/arm64"
BOTH = frozenset({"linux/amd64", ARM})
ROBOT = Credentials(token_door.USER, token_door.PASSWORD)


@pytest.fixture(scope="module")
def basic(registry: Registry, storage: Path) -> Iterator[Registry]:
    """Run a registry over the same images that wants a password."""
    with ExitStack() as stack:
        door = Door(user=ROBOT.username, password=ROBOT.password)
        yield enter(stack, lambda: serve(door, storage))


@pytest.fixture(scope="module")
def encrypted(registry: Registry, storage: Path) -> Iterator[Registry]:
    """Run a registry over the same images that speaks TLS."""
    with ExitStack() as stack:
        yield enter(stack, lambda: serve(TLS, storage))


def plain(registry: Registry, user: Credentials | None = None) -> RegistrySettings:
    """Return the settings of an operator who lists *registry*."""
    return RegistrySettings(
        plain_http_hosts=frozenset({registry.host}),
        credentials={registry.host: user} if user else {},
    )


def named(text: str) -> Reference:
    """Return the reference that *text* is."""
    found = parse(text)
    assert isinstance(found, Reference)
    return found


async def platforms(settings: RegistrySettings, image: str) -> Published:
    """Ask about *image*; leave the digest out."""
    async with RegistryClient(settings) as client:
        found = await client.published(named(image))
    return Published(found.platforms, found.reason)


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("library/alpine:3.4", {"linux/amd64"}),
        ("library/alpine:3.6", BOTH),
        ("library/alpine", BOTH),
        ("oci/app:1", {"linux/amd64", "linux/arm/v6"}),
        ("single/app:docker", {"linux/amd64"}),
        ("single/app:oci", {ARM}),
        ("odd/app:attested", {"linux/s390x"}),
        ("odd/app:nameless", {"linux/s390x", ARM}),
    ],
)
async def test_reads_images_of_every_shape(
    registry: Registry, image: str, expected: set[str]
) -> None:
    """Indexes and single manifests, Docker's and the OCI's, with oddities."""
    actual = await platforms(plain(registry), f"{registry.host}/{image}")

    assert actual == Published(frozenset(expected))


async def test_reads_by_digest(registry: Registry) -> None:
    """A pinned image is looked up as it is pinned, tag or not."""
    name = f"{registry.host}/library/alpine"
    async with RegistryClient(plain(registry)) as client:
        tagged = await client.published(named(f"{name}:3.6"))
        pinned = await client.published(named(f"{name}@{tagged.digest}"))
        both = await client.published(named(f"{name}:3.4@{tagged.digest}"))

    assert pinned == both == tagged
    assert tagged.digest.startswith("sha256:")


async def test_a_tag_that_is_missing_is_no_verdict(registry: Registry) -> None:
    """A typo in a tag says nothing about architectures."""
    actual = await platforms(plain(registry), f"{registry.host}/library/alpine:9.9")

    reason = f"{registry.host} has no tag 9.9 of library/alpine"
    assert actual == Published(None, reason)


async def test_a_digest_that_is_missing_is_no_verdict(registry: Registry) -> None:
    """Registries clean up old digests behind tags that live on."""
    image = f"{registry.host}/library/alpine@sha256:{'0' * 64}"

    actual = await platforms(plain(registry), image)

    reason = f"{registry.host} has no image sha256:000000000000 of library/alpine"
    assert actual == Published(None, reason)


async def test_a_mirror_answers_for_docker_hub(registry: Registry) -> None:
    """The story: 3.6 is the smallest upgrade of alpine 3.4, not latest."""
    settings = RegistrySettings(
        plain_http_hosts=frozenset({registry.host}),
        mirrors={"docker.io": (registry.host,)},
    )
    images = ["alpine:3.4", "alpine:3.7", "alpine:3.4", "scratch"]

    async with RegistryClient(settings) as client:
        actual = await client.facts(images, ARM)

    digests = {one: actual.images[one].digest for one in images}
    assert actual == Facts(
        {
            "alpine:3.4": Published(
                frozenset({"linux/amd64"}), digest=digests["alpine:3.4"]
            ),
            "alpine:3.7": Published(BOTH, digest=digests["alpine:3.7"]),
            "scratch": Published(
                None,
                "no registry can be asked: scratch is the empty image, "
                "which no registry serves",
            ),
        },
        {("alpine:3.4", ARM): Upgrade("alpine:3.6", BOTH)},
    )


async def test_a_mirror_that_is_down_is_passed_over(registry: Registry) -> None:
    """The next mirror answers, as it does for an engine."""
    down = "127.0.0.1:1"
    settings = RegistrySettings(
        plain_http_hosts=frozenset({registry.host, down}),
        mirrors={"quay.io": (down, registry.host)},
    )

    actual = await platforms(settings, "quay.io/single/app:oci")

    assert actual == Published(frozenset({ARM}))


async def test_where_a_mirror_is_stays_with_the_operator(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The reason is posted for anybody; the log has the address."""
    mirrors = ("127.0.0.1:1", "127.0.0.1:2")
    down = "127.0.0.1:3"
    settings = RegistrySettings(
        plain_http_hosts=frozenset({*mirrors, down}), mirrors={down: mirrors}
    )

    actual = await platforms(settings, f"{down}/app:1")

    assert actual == Published(
        None, f"a mirror of {down} does not answer; {down} does not answer"
    )
    assert caplog.messages == [
        f"the mirror {mirror} of {down} does not answer" for mirror in mirrors
    ]


async def test_a_registry_that_is_down_is_unknown_by_its_name() -> None:
    """Whoever reads the report has to know which registry to look at."""
    settings = RegistrySettings(plain_http_hosts=frozenset({"127.0.0.1:1"}))

    actual = await platforms(settings, "127.0.0.1:1/app:1")

    assert actual == Published(None, "127.0.0.1:1 does not answer")


async def test_a_pinned_image_stays_pinned(registry: Registry) -> None:
    """A digest is never replaced by a tag in silence."""
    name = f"{registry.host}/library/alpine"
    async with RegistryClient(plain(registry)) as client:
        old = await client.published(named(f"{name}:3.4"))
        new = await client.published(named(f"{name}:3.6"))
        pinned = f"{name}:3.4@{old.digest}"
        actual = await client.facts([pinned], ARM)

    assert actual.upgrade(pinned, ARM) == Upgrade(f"{name}:3.6@{new.digest}", BOTH)


async def test_a_pinned_image_whose_tag_moved_on_keeps_its_tag(
    registry: Registry,
) -> None:
    """The digest of one platform under a tag that has both: the index serves."""
    name = f"{registry.host}/library/alpine"
    async with RegistryClient(plain(registry)) as client:
        old = await client.published(named(f"{name}:3.4"))
        new = await client.published(named(f"{name}:3.6"))
        pinned = f"{name}:3.6@{old.digest}"
        actual = await client.facts([pinned], ARM)

    assert actual.upgrade(pinned, ARM) == Upgrade(f"{name}:3.6@{new.digest}", BOTH)


async def test_finds_an_upgrade_among_single_manifests(registry: Registry) -> None:
    """Images without an index are asked for through their configuration."""
    image = f"{registry.host}/many/app:1.0.0"

    async with RegistryClient(plain(registry)) as client:
        actual = await client.facts([image], ARM)

    expected = Upgrade(f"{registry.host}/many/app:1.0.9", frozenset({ARM}))
    assert actual.upgrade(image, ARM) == expected


async def test_lists_the_tags_in_whatever_order(registry: Registry) -> None:
    """The reference implementation keeps no order; the search needs none."""
    reference = named(f"{registry.host}/library/alpine")

    async with RegistryClient(plain(registry)) as client:
        actual = await client.tags(reference)

    assert sorted(actual) == ["3.3", "3.4", "3.5", "3.6", "3.7", "latest"]


async def test_a_password_opens_the_door(basic: Registry) -> None:
    """Basic credentials go to the registry that they were given for."""
    actual = await platforms(plain(basic, ROBOT), f"{basic.host}/single/app:oci")

    assert actual == Published(frozenset({ARM}))


async def test_a_password_opens_the_list_of_tags(basic: Registry) -> None:
    """The list is behind the same door as the images."""
    async with RegistryClient(plain(basic, ROBOT)) as client:
        actual = await client.tags(named(f"{basic.host}/oci/app"))

    assert actual == ("1",)


async def test_no_password_is_unknown(basic: Registry) -> None:
    """The operator reads what is missing; the author did nothing wrong."""
    actual = await platforms(plain(basic), f"{basic.host}/single/app:oci")

    reason = f"{basic.host} {NO_LOGIN.format('single/app')}"
    assert actual == Published(None, reason)


async def test_a_wrong_password_is_unknown(basic: Registry) -> None:
    """A password that was changed is found out and not repeated for ever."""
    settings = plain(basic, Credentials("robot", "wrong"))

    actual = await platforms(settings, f"{basic.host}/single/app:oci")

    reason = (
        f"{basic.host} does not show single/app to us (401): "
        "it does not exist or wants other credentials"
    )
    assert actual == Published(None, reason)


async def test_a_token_opens_the_door(
    registry: Registry, storage: Path, tmp_path: Path
) -> None:
    """One token serves one repository, for HEAD, manifest and blob alike."""
    async with token_door.token_server(frozenset()) as tokens:
        with token_door.serve(storage, tokens.url, tmp_path) as door:
            settings = RegistrySettings(
                plain_http_hosts=frozenset({door.host, tokens.host.name})
            )
            actual = await platforms(settings, f"{door.host}/single/app:oci")

    service = token_door.SERVICE.replace(" ", "+")
    assert actual == Published(frozenset({ARM}))
    assert tokens.host.asked == [
        f"GET /token?scope=repository:single/app:pull&service={service}"
    ]
    assert tokens.host.passwords == [""]


async def test_a_token_for_a_private_repository_wants_the_password(
    registry: Registry, storage: Path, tmp_path: Path
) -> None:
    """The operator's credentials go to the token server, and open that door."""
    private = frozenset({"single/app"})
    async with token_door.token_server(private) as tokens:
        with token_door.serve(storage, tokens.url, tmp_path) as door:
            hosts = frozenset({door.host, tokens.host.name})
            stranger = RegistrySettings(plain_http_hosts=hosts)
            friend = RegistrySettings(
                plain_http_hosts=hosts, credentials={door.host: ROBOT}
            )
            refused = await platforms(stranger, f"{door.host}/single/app:oci")
            actual = await platforms(friend, f"{door.host}/single/app:oci")

    reason = f"{door.host} {NO_LOGIN.format('single/app')}"
    assert refused == Published(None, reason)
    assert actual == Published(frozenset({ARM}))


async def test_a_private_authority_is_trusted_where_it_is_named(
    encrypted: Registry,
) -> None:
    """Companies sign their registry's certificate themselves."""
    hosts = frozenset({encrypted.host})
    unaware = RegistrySettings(private_hosts=hosts)
    aware = RegistrySettings(
        private_hosts=hosts, certificate_authorities=str(encrypted.certificate)
    )
    image = f"{encrypted.host}/single/app:oci"

    refused = await platforms(unaware, image)
    actual = await platforms(aware, image)

    reason = f"{encrypted.host} has a certificate that cannot be trusted"
    assert refused == Published(None, reason)
    assert actual == Published(frozenset({ARM}))


async def test_a_registry_that_nobody_listed_is_left_alone(registry: Registry) -> None:
    """A stranger's Dockerfile must not make us knock at our own doors."""
    actual = await platforms(RegistrySettings(), f"{registry.host}/single/app:oci")

    reason = f"{registry.host} leads to an address that is not public"
    assert actual == Published(None, reason)


async def test_too_many_images_are_not_asked_about(registry: Registry) -> None:
    """A repository with a million Dockerfiles gets an answer about some."""
    settings = RegistrySettings(
        plain_http_hosts=frozenset({registry.host}), limits=Limits(images=1)
    )
    images = [f"{registry.host}/single/app:{tag}" for tag in ("oci", "docker")]

    async with RegistryClient(settings) as client:
        actual = await client.facts(images, ARM)

    assert actual.images[images[0]].platforms == frozenset({ARM})
    assert actual.reason(images[1]) == "too many images were asked about at once"
