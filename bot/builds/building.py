"""Carry out a recipe's ``docker build`` with the real command, on our side."""

from __future__ import annotations

import asyncio
import posixpath
from dataclasses import dataclass, field
from pathlib import Path

from bot.architecture import normalise
from bot.builds import bases, build, desk, dockerfiles
from bot.builds.build import Order
from bot.builds.calls import WORKSPACE, BuildCall
from bot.builds.desk import Answer, Request
from bot.builds.images import OwnImage, OwnImages, normal
from bot.builds.reading import Read, Reading
from bot.builds.sandbox import Sandbox
from bot.builds.transcript import Transcript
from bot.builds.words import CallError
from bot.builds.workplace import Product

_FAILED = 1


@dataclass(slots=True)
class Building:
    """What a recipe's builds have come to; *last* is the newest, good or bad.

    *tree* are the paths of the project before the recipe ran; *failed* are the
    builds, by Dockerfile, that have not succeeded since. *reading* is how their
    Dockerfiles are read.
    """

    sandbox: Sandbox
    tree: frozenset[str]
    last: Product
    images: OwnImages = field(default_factory=OwnImages)
    products: dict[str, Product] = field(default_factory=dict)
    failed: dict[str, Product] = field(default_factory=dict)
    reading: Reading = field(default_factory=Reading)

    async def carry_out(self, call: BuildCall, request: Request) -> Answer:
        """Build what *call* asks for and answer as docker would."""
        place = self.sandbox.place
        shop = place.shop(call.builders or tuple(place.builders), request.folder)
        order, read = await self._order(call, request, shop.builder)
        if not self.images.named and read is not None:
            names = read.names.bases
            order = await bases.renewed(order, shop, place.engine, names)
        whole = place.transcript
        own = Transcript(whole.add, place.limits.lines, attention=whole.attention)
        tag = place.mark.tag(request.folder.name)
        image = await build.build(order, shop, tag, own)
        said = frozenset({"out", "err"})
        log = "".join(f"{line}\n" for line in own.lines()).encode()
        if image is None:
            self.failed[self.last.dockerfile] = self.last
            return Answer(_FAILED, out=b"" if call.quiet else log, err=b"", said=said)
        self._keep(call, OwnImage(tag, image, shop.builder))
        if call.id_file:
            folder, name = posixpath.split(call.id_file)
            await self.sandbox.give(folder, desk.tarred({name: image.encode()}))
        if call.quiet:
            return Answer(0, out=f"{image}\n".encode())
        return Answer(0, out=log, said=said)

    async def _order(
        self, call: BuildCall, request: Request, builder: str
    ) -> tuple[Order, Read | None]:
        where = _shown(call)
        self.last = Product(None, builder, where, self.tree)
        context, names = await self._context(call, request)
        dockerfile = await self._dockerfile(call, request, context)
        prefix = _tree_path(call.context)
        self.last = Product(None, builder, where, self._files(prefix, names))
        dockerfile = dockerfiles.prepared(
            request.folder, context, dockerfile, request.folder
        )
        platform = self._platform(call)
        read = await self.reading.read(dockerfile, call.args, platform, builder)
        if read is not None:
            await asyncio.to_thread(self.images.replace_names, dockerfile, read)
        order = Order(
            context,
            dockerfile,
            platform,
            args=call.args,
            labels=call.labels,
            target=call.target,
            pull=call.pull and not self.images.named,
            no_cache=call.no_cache,
            hosts=call.hosts,
        )
        return order, read

    async def _context(
        self, call: BuildCall, request: Request
    ) -> tuple[Path, tuple[str, ...]]:
        folder = request.folder / "context"
        folder.mkdir()
        if call.context == "-":
            return folder, ()
        try:
            names = await self.sandbox.fetch(f"{call.context}/.", folder)
        except CallError as error:
            raise CallError(f"unable to prepare context: {error}") from error
        return folder, names

    async def _dockerfile(
        self, call: BuildCall, request: Request, context: Path
    ) -> Path:
        if "-" in {call.context, call.dockerfile}:
            if request.stdin is None:
                raise CallError("the Dockerfile was to come from the standard input")
            return request.stdin
        path = call.dockerfile or f"{call.context}/Dockerfile"
        relative = posixpath.relpath(path, call.context)
        if not relative.startswith("../"):
            return context / relative
        folder = request.folder / "dockerfile"
        folder.mkdir()
        for name in (path, f"{path}.dockerignore"):
            try:
                await self.sandbox.fetch(name, folder)
            except CallError:
                if name == path:
                    raise
        return folder / posixpath.basename(path)

    def _platform(self, call: BuildCall) -> str:
        asked = [normalise(platform) for platform in call.platforms]
        ours = self.sandbox.place.platform
        return ours if ours in asked or not asked else asked[0]

    def _files(self, prefix: str | None, names: tuple[str, ...]) -> frozenset[str]:
        """Return the paths of the workspace: the context is as it is now."""
        if prefix is None:
            return self.tree
        inner = "" if prefix == "." else f"{prefix}/"
        outside = {path for path in self.tree if not path.startswith(inner)}
        fetched = {inner + name for name in names if not name.startswith(".git/")}
        return frozenset(outside | fetched)

    def _keep(self, call: BuildCall, image: OwnImage) -> None:
        self.images.built.append(image)
        for name in call.tags:
            self.images.named[normal(name)] = image
        last = self.last
        self.last = Product(image.id, image.builder, last.dockerfile, last.files)
        self.products[image.id] = self.last
        self.failed.pop(last.dockerfile, None)


def _shown(call: BuildCall) -> str:
    """Return the path of the Dockerfile in the tree, as far as it has one."""
    if "-" in {call.context, call.dockerfile}:
        return ""
    path = call.dockerfile or f"{call.context}/Dockerfile"
    return _tree_path(path) or posixpath.basename(path)


def _tree_path(path: str) -> str | None:
    relative = posixpath.relpath(path, WORKSPACE) if path != "-" else ".."
    return None if relative.startswith("..") else relative
