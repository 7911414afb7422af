"""Answer the docker calls of a recipe that neither build nor run.

The docker command never gets a word of theirs: what is asked is read by a grammar
and answered from what we know of the engine and of the recipe's own images.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping

from docker import APIClient

from bot.builds import docker_options, templates, words
from bot.builds.calls import OtherCall
from bot.builds.desk import Answer
from bot.builds.images import OwnImage, OwnImages, normal
from bot.builds.sandbox import Sandbox
from bot.builds.templates import Value
from bot.builds.words import CallError, Words

_NOTED = {
    "push": "not pushed: the runner only builds",
    "login": "not logged in: a recipe needs no account here",
    "logout": "not logged out: a recipe has no account here",
    "pull": "not pulled yet: images are fetched when they are used",
    "manifest": "left out docker manifest: nothing is published here",
    "buildx": "left out docker buildx: the runner has chosen its builder",
    "system": "left out docker system: the engine is not the recipe's",
    "builder": "left out docker builder: the engine is not the recipe's",
}
_EMPTY = frozenset({"ps", "rm", "stop", "kill"})
_LARGEST = 1 << 20
_TWO = 2
_MOST = 50
_TOLD_OF_AN_ENGINE = ("Version", "ApiVersion", "Os", "Arch")
_TOLD_OF_AN_IMAGE = (
    *("Id", "Parent", "Comment", "Created", "Container", "DockerVersion", "Author"),
    *("Config", "ContainerConfig", "Architecture", "Variant", "Os", "Size"),
    *("VirtualSize", "RootFS", "Metadata"),
)


async def carry_out(call: OtherCall, sandbox: Sandbox, images: OwnImages) -> Answer:
    """Answer *call*; CallError where it cannot be answered honestly."""
    if call.verb in _NOTED:
        return Answer(0, out=f"multiarch: {_NOTED[call.verb]}\n".encode())
    if call.verb in _EMPTY:
        return Answer(0)
    own = _OWN.get(call.verb)
    if own is None:
        raise CallError(
            f"docker {call.verb} is not offered to recipes; docker build, run, tag "
            "and inspect are"
        )
    return await own(call, sandbox, images)


async def _name(call: OtherCall, sandbox: Sandbox, images: OwnImages) -> Answer:
    """Say ``docker --version`` as the docker command does."""
    version = (await _engine(sandbox))["Version"]
    return Answer(0, out=f"Docker version {version}, build multiarch\n".encode())


async def _version(call: OtherCall, sandbox: Sandbox, images: OwnImages) -> Answer:
    said = words.split(call.words, docker_options.FORMATTED)
    engine = await _engine(sandbox)
    known: dict[str, Value] = {"Client": engine, "Server": engine}
    return _formatted(said.last("format"), [known])


async def _info(call: OtherCall, sandbox: Sandbox, images: OwnImages) -> Answer:
    said = words.split(call.words, docker_options.FORMATTED)
    engine = await _engine(sandbox)
    known = {"ServerVersion": engine["Version"], "OSType": engine["Os"]}
    machine = {"amd64": "x86_64", "arm64": "aarch64"}
    arch = str(engine["Arch"])
    known["Architecture"] = machine.get(arch, arch)
    return _formatted(said.last("format"), [known])


async def _tag(call: OtherCall, sandbox: Sandbox, images: OwnImages) -> Answer:
    names = words.split(call.words, docker_options.NOTHING).operands
    if len(names) != _TWO:
        raise CallError('"docker tag" requires exactly 2 arguments')
    images.named[normal(names[1])] = _known(names[0], images)
    return Answer(0)


async def _remove(call: OtherCall, sandbox: Sandbox, images: OwnImages) -> Answer:
    for name in words.split(call.words, docker_options.REMOVE).operands:
        images.named.pop(normal(name), None)
    return Answer(0)


async def _list(call: OtherCall, sandbox: Sandbox, images: OwnImages) -> Answer:
    said = words.split(call.words, docker_options.LIST)
    if said.every("filter"):
        raise CallError("docker images --filter is not answered: give a name instead")
    rows = list(_rows(said, images))
    template = said.last("format")
    if said.has("quiet") or not template:
        template = "{{.ID}}"
    return _formatted(template, rows)


async def _inspect(call: OtherCall, sandbox: Sandbox, images: OwnImages) -> Answer:
    said = words.split(call.words, docker_options.INSPECT)
    if said.last("type") not in {"", "image"}:
        raise CallError("docker inspect knows the images of this recipe alone")
    if not said.operands:
        raise CallError('"docker inspect" requires at least 1 argument')
    if len(said.operands) > _MOST:
        raise CallError(f"docker inspect answers for {_MOST} images at a time")
    asked = [_known(name, images) for name in said.operands]
    ids = tuple(dict.fromkeys(image.id for image in asked))

    def look(client: APIClient) -> dict[str, dict[str, Value]]:
        return {one: _image(client, one) for one in ids}

    known = await sandbox.place.engine.call(look)
    found = [
        known[image.id] | {"RepoTags": _names(image, images), "RepoDigests": []}
        for image in asked
    ]
    return _formatted(said.last("format"), found)


def _rows(said: Words, images: OwnImages) -> Iterable[dict[str, Value]]:
    """Yield what ``docker images`` lists, one for each name."""
    if said.operands:
        chosen = [images.find(name) for name in said.operands]
    else:
        chosen = [*images.built]
    for image in chosen:
        if image is None:
            continue
        short = image.digits if said.has("no-trunc") else image.digits[:12]
        shown = f"sha256:{short}" if said.has("no-trunc") else short
        for name in _names(image, images) or ["<none>:<none>"]:
            repository, _, tag = str(name).rpartition(":")
            yield {"ID": shown, "Repository": repository, "Tag": tag}
            if said.has("quiet"):
                break


def _image(client: APIClient, image: str) -> dict[str, Value]:
    """Return what the engine says of *image*, without what others call it."""
    said = client.inspect_image(image)  # type: ignore[no-untyped-call]  # SDK stubs
    known = {name: said[name] for name in _TOLD_OF_AN_IMAGE if name in said}
    if len(json.dumps(known)) > _LARGEST:
        raise CallError("what the engine knows of the image is longer than a MiB")
    return known


async def _engine(sandbox: Sandbox) -> dict[str, Value]:
    said: Mapping[str, object] = await sandbox.place.engine.call(APIClient.version)
    known: dict[str, Value] = {
        name: str(said.get(name, "")) for name in _TOLD_OF_AN_ENGINE
    }
    return known | {"APIVersion": known["ApiVersion"], "Experimental": False}


def _formatted(template: str, values: Iterable[Mapping[str, Value]]) -> Answer:
    """Word each of *values* by *template*, or all as docker words them."""
    if template and template != "json":
        lines = (templates.render(template, one) for one in values)
        return _bounded(lines)
    shown = [dict(one) for one in values]
    if template:
        return _bounded(json.dumps(one, ensure_ascii=False) for one in shown)
    return _bounded([json.dumps(shown, ensure_ascii=False, indent=4)])


def _bounded(lines: Iterable[str]) -> Answer:
    out: list[bytes] = []
    room = _LARGEST
    for line in lines:
        out.append(f"{line}\n".encode("utf-8", errors="replace"))
        room -= len(out[-1])
        if room < 0:
            raise CallError("the answer is longer than a MiB")
    return Answer(0, out=b"".join(out))


def _names(image: OwnImage, images: OwnImages) -> list[Value]:
    return [name for name, one in images.named.items() if one.id == image.id]


def _known(name: str, images: OwnImages) -> OwnImage:
    image = images.find(name)
    if image is None:
        raise CallError(f"No such image: {name}: only images of this recipe are known")
    return image


_Carrier = Callable[[OtherCall, Sandbox, OwnImages], Awaitable[Answer]]
_OWN: dict[str, _Carrier] = {
    "--version": _name,
    "version": _version,
    "info": _info,
    "tag": _tag,
    "rmi": _remove,
    "images": _list,
    "inspect": _inspect,
}
