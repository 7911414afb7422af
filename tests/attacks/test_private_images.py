"""A stranger names a private image that the operator has a login for.

What comes of it stands in a public check run, and a build that may pull it can print
what is in it. So the login serves those alone for whom it was given.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bot.builds import pool
from bot.builds.options import Options
from bot.facts import Facts
from bot.images.logins import Credentials, Login, Logins
from bot.images.registry import RegistryClient
from bot.images.settings import RegistrySettings
from bot.ports import BuildResult
from bot.recipe import Recipe
from tests.images import token_door
from tests.images.conftest import enter, fill
from tests.world import engines
from tests.world.registry import Door, Registry, serve

pytestmark = pytest.mark.registry

ARM = "linux/arm64"
ROBOT = Credentials(token_door.USER, token_door.PASSWORD)
FRIENDS = frozenset({"friend", "other/app"})


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the registry keeps its images."""
    return tmp_path_factory.mktemp("private") / "storage"


@pytest.fixture(scope="module")
def private(storage: Path) -> Iterator[Registry]:
    """Run a registry that shows nothing without the password."""
    with ExitStack() as stack:
        door = Door(user=ROBOT.username, password=ROBOT.password)
        found = enter(stack, lambda: serve(door, storage))
        fill(found)
        yield found


def settings(*hosts: str) -> RegistrySettings:
    """Return the settings of an operator who gives the login to FRIENDS."""
    logins = Logins(tuple(Login(host, ROBOT, FRIENDS) for host in hosts[:1]))
    return RegistrySettings(logins=logins, plain_http_hosts=frozenset(hosts))


async def ask(client: RegistryClient, repository: str, *images: str) -> Facts:
    """Return what the client tells *repository* about *images*."""
    return await client.of_repository(repository).facts(images, ARM)


@pytest.mark.parametrize("repository", ["", "stranger/app", "other/else", "friendly/x"])
async def test_a_stranger_is_told_nothing(private: Registry, repository: str) -> None:
    """Not even whether there is such an image: the words are the same."""
    names = [f"{private.host}/{name}" for name in ("single/app:oci", "nothing/app:1")]
    async with RegistryClient(settings(private.host)) as client:
        facts = await ask(client, repository, *names)

    assert [facts.images[name].platforms for name in names] == [None, None]
    there, absent = (facts.reason(name) for name in names)
    assert there.replace("single/app", "X") == absent.replace("nothing/app", "X")
    assert facts.upgrades == {}


@pytest.mark.parametrize("repository", ["friend/app", "FRIEND/x", "other/app"])
async def test_who_is_listed_is_told(private: Registry, repository: str) -> None:
    """The operator has given the login for this."""
    name = f"{private.host}/single/app:oci"
    async with RegistryClient(settings(private.host)) as client:
        facts = await ask(client, repository, name)

    assert facts.images[name].platforms == frozenset({ARM})


@pytest.mark.parametrize("first", ["friend/app", "stranger/app"])
async def test_what_one_has_learned_is_told_to_no_other(
    private: Registry, first: str
) -> None:
    """One worker asks for everybody, and remembers answers and refusals."""
    names = [f"{private.host}/library/alpine:{tag}" for tag in ("3.4", "3.6")]
    second = {"friend/app": "stranger/app", "stranger/app": "friend/app"}[first]
    async with RegistryClient(settings(private.host)) as client:
        told = {first: await ask(client, first, *names)}
        digest = told[first].images[names[1]].digest
        pinned = [f"{private.host}/library/alpine@{digest}"] if digest else []
        told[second] = await ask(client, second, *names, *pinned)
        told[first] = await ask(client, first, *names)

    stranger, friend = told["stranger/app"], told["friend/app"]
    assert {one.platforms for one in stranger.images.values()} == {None}
    assert stranger.upgrades == {}
    upgrade = friend.upgrade(names[0], ARM)
    assert upgrade is not None
    assert upgrade.reference == names[1]


async def test_who_asks_at_the_same_time_gets_no_share(private: Registry) -> None:
    """Questions that are alike are asked once, but not for different people."""
    name = f"{private.host}/single/app:oci"
    async with RegistryClient(settings(private.host)) as client:
        friend, stranger, fork = await asyncio.gather(
            ask(client, "friend/app", name),
            ask(client, "stranger/app", name),
            ask(client, "", name),
        )

    assert friend.images[name].platforms == frozenset({ARM})
    assert stranger.images[name] == fork.images[name]
    assert stranger.images[name].platforms is None


async def test_a_token_that_one_has_earned_opens_for_no_other(
    private: Registry, storage: Path, tmp_path: Path
) -> None:
    """Tokens are kept for a while, and open the door without the login."""
    async with token_door.token_server(frozenset({"single/app"})) as tokens:
        with token_door.serve(storage, tokens.url, tmp_path) as door:
            name = f"{door.host}/single/app:oci"
            known = settings(door.host, tokens.host.name)
            async with RegistryClient(known) as client:
                friend = await ask(client, "friend/app", name)
                stranger = await ask(client, "stranger/app", name)

    assert friend.images[name].platforms == frozenset({ARM})
    assert stranger.images[name].platforms is None


@pytest.fixture(scope="module")
def engine(private: Registry) -> Iterator[str]:
    """Run an engine for which quay.io is the private registry."""
    with ExitStack() as stack:
        door = Door(tls=True, user=ROBOT.username, password=ROBOT.password)
        yield enter(stack, lambda: engines.start(private.storage, door))


async def build(
    tree: Path, engine: str, repository: str, builder: str, image: str
) -> BuildResult:
    """Build on *image* of the private registry, as *repository* may."""
    (tree / "Dockerfile").write_text(f"FROM quay.io/{image}\nLABEL x={repository}\n")
    given = settings("quay.io").logins
    options = Options(builder=builder, given=given).of_repository(repository)
    (runner,) = pool.runners([f"here={engine}"], options)
    recipe = Recipe("x", dockerfile="Dockerfile")
    result = await runner.build(tree, recipe, "linux/amd64", lambda _: None)
    if result.built is not None:
        await runner.discard(result.built.image)
    return result


@pytest.mark.engine
@pytest.mark.parametrize("builder", ["buildkit", "classic"])
async def test_a_build_pulls_with_the_logins_of_its_repository(
    engine: str, tmp_path: Path, builder: str
) -> None:
    """The same image, on the same engine: a stranger's build does not get it."""
    place = (tmp_path, engine)
    image = {"buildkit": "single/app:docker", "classic": "many/app:1.0.0"}[builder]
    stranger = await build(*place, "stranger/app", builder, image)
    friend = await build(*place, "friend/app", builder, image)

    assert stranger.built is None
    assert friend.built is not None, [line.text for line in friend.log.lines]
    assert ROBOT.basic not in str(friend.log)
