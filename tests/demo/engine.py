"""Find or start the Docker engine that the demonstration builds on."""

from __future__ import annotations

import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from tests.demo.telling import say
from tests.world import arm_host, base_images, engines, registry, trust_domains
from tests.world.packages import Missing
from tests.world.places import scratch

PUBLIC = "https://registry-1.docker.io/v2/"


@dataclass(frozen=True, slots=True)
class Stage:
    """The runners of the bot, and the settings that go with their registry."""

    runners: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def set_up() -> Iterator[Stage]:
    """Give the machine's engine and the public registry, or our own of both."""
    engine, public = _machine_engine(), _public_registry()
    if engine and public:
        say("builds run on this machine's Docker engine, with public base images")
        yield Stage(("machine=local",))
        return
    if not engine:
        say("this machine has no Docker engine that answers")
    if not public:
        say("no public registry can be reached, so we serve base images of our own")
    with ExitStack() as stack:
        try:
            stage = _own(stack)
        except Missing as missing:
            say(f"no Docker engine can be had here ({missing}): builds are skipped")
            stage = Stage()
        yield stage


def _own(stack: ExitStack) -> Stage:
    """Start private engines with base images of our own."""
    say("making them from Debian's packages, which the next run finds made")
    stored = base_images.stored()
    storage = stack.enter_context(scratch("images.copy")) / "storage"
    base_images.copy_to(storage)
    images = stack.enter_context(registry.serve(storage=storage))
    settings = {
        "MULTIARCH_REGISTRY_MIRRORS": f"docker.io={images.host}",
        "MULTIARCH_REGISTRY_PLAIN_HTTP": images.host,
    }
    say("starting a private Docker engine, Debian's")
    try:
        url = stack.enter_context(engines.start_emulating(stored))
        say("it runs, and emulates arm64")
    except Missing as missing:
        say(f"arm64 cannot be emulated in private here ({missing})")
        return Stage(_machines(stack), settings)
    return Stage((f"emulating={url}",), settings | trust_domains.settings(url))


def _machines(stack: ExitStack) -> tuple[str, ...]:
    """Start an engine of this machine's own and a whole arm64 machine."""
    stored = base_images.stored()
    local = stack.enter_context(engines.start(stored))
    tls = stack.enter_context(registry.serve(registry.TLS, stored))
    say("starting a whole arm64 machine instead, which takes a little longer")
    arm = stack.enter_context(arm_host.start(tls.port))
    return (f"arm64={arm}", f"amd64={local}")


def _machine_engine() -> bool:
    docker = shutil.which("docker")
    if docker is None:
        return False
    asked = subprocess.run((docker, "info"), capture_output=True, check=False)
    return asked.returncode == 0


def _public_registry() -> bool:
    try:
        with urllib.request.urlopen(PUBLIC, timeout=5):
            return True
    except urllib.error.HTTPError as error:
        return error.code == 401  # it asks for a token, so it is there
    except OSError:
        return False
