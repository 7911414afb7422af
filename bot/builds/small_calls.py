"""Answer the docker calls of a recipe that neither build nor run."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.builds.calls import OtherCall
from bot.builds.desk import Answer
from bot.builds.images import OwnImage, OwnImages, normal
from bot.builds.sandbox import Sandbox
from bot.builds.words import CallError
from bot.processes import program

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
_VERSIONS = frozenset({"version", "--version"})
_TWO = 2


async def carry_out(call: OtherCall, sandbox: Sandbox, images: OwnImages) -> Answer:
    """Answer *call*; CallError where it cannot be answered honestly."""
    if call.verb in _NOTED:
        return Answer(0, out=f"multiarch: {_NOTED[call.verb]}\n".encode())
    if call.verb in _EMPTY:
        return Answer(0)
    if call.verb in _VERSIONS:
        return await _ask(sandbox, call.verb, *call.words)
    own = _OWN.get(call.verb)
    if own is None:
        raise CallError(
            f"docker {call.verb} is not offered to recipes; docker build, run, tag "
            "and inspect are"
        )
    return await own(call, sandbox, images)


async def _tag(call: OtherCall, sandbox: Sandbox, images: OwnImages) -> Answer:
    names = [word for word in call.words if not word.startswith("-")]
    if len(names) != _TWO:
        raise CallError('"docker tag" requires exactly 2 arguments')
    images.named[normal(names[1])] = _known(names[0], images)
    return Answer(0)


async def _remove(call: OtherCall, sandbox: Sandbox, images: OwnImages) -> Answer:
    for name in call.words:
        images.named.pop(normal(name), None)
    return Answer(0)


async def _list(call: OtherCall, sandbox: Sandbox, images: OwnImages) -> Answer:
    chosen = [word for word in call.words if not word.startswith("-")]
    found = [images.find(name) for name in chosen] if chosen else images.built
    ids = [image.id.removeprefix("sha256:")[:12] for image in found if image]
    return Answer(0, out="".join(f"{one}\n" for one in ids).encode())


async def _inspect(call: OtherCall, sandbox: Sandbox, images: OwnImages) -> Answer:
    words = []
    for place, word in enumerate(call.words):
        valued = call.words[place - 1] if place else ""
        if word.startswith("-") or valued in {"-f", "--format", "--type"}:
            words.append(word)
        else:
            words.append(_known(word, images).id)
    return await _ask(sandbox, "image", "inspect", *words)


async def _ask(sandbox: Sandbox, *words: str) -> Answer:
    """Let the real command answer; it only reads."""
    out: list[bytes] = []
    err: list[bytes] = []
    command = sandbox.place.command(*words)
    ended = await program.run(command, out.append, err.append)
    return Answer(ended.code, b"".join(out), b"".join(err))


def _known(name: str, images: OwnImages) -> OwnImage:
    image = images.find(name)
    if image is None:
        raise CallError(f"No such image: {name}: only images of this recipe are known")
    return image


_Carrier = Callable[[OtherCall, Sandbox, OwnImages], Awaitable[Answer]]
_OWN: dict[str, _Carrier] = {
    "tag": _tag,
    "rmi": _remove,
    "images": _list,
    "inspect": _inspect,
}
