"""Try, from inside a domain, to reach what no build may reach.

Two small servers are put where a stranger would look: one in a container beside
the domain's own, one on the runner's own network, where it answers on loopback
and on every address of the machine. A RUN step, an ADD and a recipe's command
then ask for them, and for the address at which clouds answer their machines.
Whatever is answered is told: it is not a matter of rules that look right.
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from docker import APIClient

from bot.builds import probe
from bot.builds.engine import Engine
from bot.builds.nested import container, errand, record, script
from bot.builds.nested.domains import Domains
from bot.domain import Domain
from bot.errors import UserError
from bot.isolation import Isolation
from bot.ports import Runner, Say
from bot.recipe import Recipe

REPOSITORY = "multiarch/isolation-check"
METADATA = "169.254.169.254:80"
IMAGE = "isolation.check.invalid/probe:1"
"""A name that no registry can have; it stands on the domain's engine alone."""
_PORT = 41_641
_OWN_PORT = 41_642
"""Where something answers that may be reached: it shows that asking works at all."""
OWN = f"127.0.0.1:{_OWN_PORT}"
_TRIES = 2
_FOUND = "multiarch-reached:"
_DONE = "multiarch-tried-all"
_TOO_EARLY = "readLoopPeekFailLocked"
"""Go's word for an answer that came before it had asked, as the servers' may."""
_SERVE = """\
while :; do
  printf 'HTTP/1.0 200 OK\\r\\nContent-Length: 4\\r\\n\\r\\nhere' |
    nc -l -p "$1" >/dev/null 2>&1 || sleep 1
done
"""
_ASK = """\
ask() { printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -w 2 "${1%:*}" "${1#*:}" 2>/dev/null; }
"""
_SEEN = f"{_ASK}for n in 1 2 3 4 5; do ask $1 | grep here && exit; sleep 1; done"
_PROBE = f"""\
{_ASK}
sh serve {_OWN_PORT} & server=$!
for try in 1 2 3 4 5; do
  if [ -n "$(ask {OWN})" ]; then asked=yes; break; fi
  sleep 1
done
kill $server
[ -n "$asked" ] || {{ echo "nothing answers though it should"; exit 1; }}
for target in $TARGETS; do
  for try in 1 2 3; do
    if [ -n "$(ask "$target")" ]; then echo "{_FOUND}$target"; break; fi
  done &
done
wait
echo {_DONE}
"""
_ROOT = f"{script.HOME}/run/root"
_PACK = f"""\
mkdir -p {_ROOT}/bin
cp /bin/busybox {_ROOT}/bin/
for one in sh cat ls nc rm env mkdir mkfifo readlink kill sleep; do
  ln -sf /bin/busybox {_ROOT}/bin/$one
done
for library in $(ldd /bin/busybox 2>/dev/null | grep -o '/[^ )]*' | sort -u); do
  mkdir -p "{_ROOT}${{library%/*}}"
  cp "$library" "{_ROOT}$library"
done
tar -C {_ROOT} -cf - . | docker --host unix://{script.SOCKET} import - {IMAGE}
rm -r {_ROOT}
"""


FILES = {"probe": _PROBE, "serve": _SERVE}
_RUN = Recipe("isolation-check", dockerfile="Dockerfile")
RunnerIn = Callable[[Engine], Runner]
"""Returns a runner on the engine of a domain whose commands run in IMAGE."""


@dataclass(frozen=True, slots=True)
class Target:
    """Something that must not be reached: what it is, and where it listens.

    It is asked *tries* times: ours answers one at a time.
    """

    what: str
    address: str
    tries: int = _TRIES


@dataclass(frozen=True, slots=True)
class Trier:
    """Who tries: a runner inside of the domain, and the platform of its machine."""

    runner: Runner
    platform: str
    say: Say


async def check(domains: Domains, runner_in: RunnerIn, say: Say) -> Isolation:
    """Return what could be reached from a domain that is made for this and goes."""
    domain = Domain(REPOSITORY, secrets.token_hex(6))
    try:
        async with domains.use(domain) as inner, _servers(domains) as targets:
            disk = await domains.outer.call(lambda client: _prepare(client, domain))
            platform = await domains.outer.call(probe.native)
            trier = Trier(runner_in(inner), platform, say)
            reached, untried = await _tried(trier, targets)
    finally:
        await domains.leave(domain)
    return Isolation(record.today(), reached, untried, disk)


async def _tried(
    trier: Trier, targets: tuple[Target, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return a sentence for each target that answers, and for what went untried."""
    reached: list[str] = []
    untried: list[str] = []
    asked = " ".join(target.address for target in targets)
    for way, recipe in (("a RUN step", _RUN), ("a recipe's command", _command(asked))):
        files = {**FILES, "Dockerfile": _run(asked)}
        lines = await _build(trier, files, recipe)
        if not any(_DONE in line for line in lines):
            last = " / ".join(lines[-3:])
            untried.append(f"{way} could not try what it reaches: {last}")
        reached += [
            f"{way} reaches {target.what}"
            for target in targets
            if any(line.endswith(f"{_FOUND}{target.address}") for line in lines)
        ]
    if not await _added(trier, Target("the domain itself", OWN)):
        untried.append("ADD could not be tried: it does not reach what it may reach")
    for target in targets:
        if await _added(trier, target):
            reached.append(f"ADD reaches {target.what}")
    return tuple(dict.fromkeys(reached)), tuple(untried)


async def _added(trier: Trier, target: Target) -> bool:
    """Tell whether ADD fetches from *target*."""
    files = {"Dockerfile": f"FROM scratch\nADD http://{target.address}/ /x\n"}
    for _ in range(target.tries):
        if answered(await _build(trier, files, _RUN)):
            return True
    return False


def answered(log: tuple[str, ...]) -> bool:
    """Tell from the log of an ADD, empty where it passed, whether it was answered."""
    return not log or any(_TOO_EARLY in line for line in log)


async def _build(
    trier: Trier, files: Mapping[str, str], recipe: Recipe
) -> tuple[str, ...]:
    """Build *recipe* from *files*; return its log, nothing where it passed with ADD."""
    with tempfile.TemporaryDirectory(prefix="multiarch-isolation-") as folder:
        for name, text in files.items():
            (Path(folder) / name).write_text(text, "ascii")
        result = await trier.runner.build(
            Path(folder), recipe, trier.platform, trier.say
        )
    if result.built is not None:
        await trier.runner.discard(result.built.image)
        if set(files) == {"Dockerfile"}:
            return ()
    return tuple(line.text.rstrip() for line in result.log.lines)


@asynccontextmanager
async def _servers(domains: Domains) -> AsyncIterator[tuple[Target, ...]]:
    """Serve on the runner's network and beside the domain, while the block lasts."""
    outer, image = domains.outer, domains.options.image
    names: list[str] = []
    try:
        beside = await outer.call(lambda client: _serve(client, image, "bridge", names))
        await outer.call(lambda client: _serve(client, image, "host", names))
        own = await domains.addresses()
        yield (
            Target("a container beside it", f"{beside}:{_PORT}"),
            Target("the loopback address of the runner", f"127.0.0.1:{_PORT}"),
            *(Target("what the runner serves", f"{one}:{_PORT}") for one in own),
            Target("the cloud's metadata service", METADATA, tries=1),
        )
    finally:
        await outer.call(lambda client: _remove(client, names))


def _serve(client: APIClient, image: str, network: str, names: list[str]) -> str:
    """Start a server on *network* and see that it answers; return its address."""
    made: str = client.create_container(
        image,
        command=["-c", _SERVE, "serve", str(_PORT)],
        entrypoint=["/bin/sh"],
        host_config=client.create_host_config(network_mode=network, cap_drop=["ALL"]),
        labels={errand.LABEL: ""},
    )["Id"]
    names.append(made)
    client.start(made)
    state = client.inspect_container(made)["NetworkSettings"]
    address: str = state.get("IPAddress") or "127.0.0.1"
    asked = ["/bin/sh", "-c", _SEEN, "seen", f"{address}:{_PORT}"]
    answer: bytes = client.exec_start(client.exec_create(made, asked)["Id"])
    if b"here" not in answer:
        raise UserError(
            f"The isolation of the runner cannot be tried: port {_PORT} of its "
            f"{network} network does not answer ({_shown(answer)}). Is it free?"
        )
    return address


def _shown(said: bytes) -> str:
    return said[-200:].decode("utf-8", "replace").strip()


def _remove(client: APIClient, names: list[str]) -> None:
    for name in names:
        client.remove_container(name, v=True, force=True)


def _prepare(client: APIClient, domain: Domain) -> bool:
    """Give the domain an image to try from; tell whether its disk is bounded."""
    name = container.Place(domain.key).name
    serve = ["/bin/sh", "-c", _SERVE, "serve", str(_OWN_PORT)]
    client.exec_start(client.exec_create(name, serve)["Id"], detach=True)
    packed = client.exec_create(name, ["/bin/sh", "-ec", _PACK])["Id"]
    said: bytes = client.exec_start(packed)
    if b"sha256:" not in said:
        raise UserError(
            "The isolation of the runner cannot be tried: its engine image brings no "
            f"busybox to try from ({_shown(said)})."
        )
    asked = client.exec_create(name, ["cat", f"{script.HOME}/run/disk"])["Id"]
    return bool(client.exec_start(asked).strip() == b"limited")


def _run(asked: str) -> str:
    return f'FROM {IMAGE}\nENV TARGETS="{asked}"\nCOPY probe serve /\nRUN sh probe\n'


def _command(asked: str) -> Recipe:
    """Return a recipe that makes no image; it runs in the image of its runner."""
    return Recipe("isolation-check", command="sh probe", args=(("TARGETS", asked),))
