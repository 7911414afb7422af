"""The outside world is what it says: real engines, registries and databases."""

from __future__ import annotations

import platform
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.world import fixtures, oci, registry
from tests.world.debian import NATIVE
from tests.world.oci import Entry
from tests.world.packages import Missing, program
from tests.world.registry import Door, Registry
from tests.world.static_programs import static_program

FOREIGN = "/usr/glibc-compat/sbin/ldconfig"
INSTALL_FOREIGN = (
    "cp /usr/share/mirror/sgerrand.rsa.pub /etc/apk/keys/ && "
    "apk add /usr/share/mirror/glibc-bin-2.23-r3.apk"
)


def docker(url: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the docker command on the engine at *url*."""
    command = (program("docker", "docker.io"), "--host", url, *words)
    return subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


@contextmanager
def unobtainable() -> Iterator[str]:
    """Stand for a part of the world that this machine cannot have."""
    raise Missing("a thing: not here")
    yield ""


def test_what_cannot_be_had_is_a_named_skip(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer without root reads what is missing, and goes on."""
    monkeypatch.delenv("CI", raising=False)

    with pytest.raises(pytest.skip.Exception) as skipped:
        fixtures.had(unobtainable()).__enter__()

    assert str(skipped.value) == "a thing: not here"


def test_what_cannot_be_had_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    """A skip in CI would let an untested engine pass for a tested one."""
    monkeypatch.setenv("CI", "true")

    with pytest.raises(pytest.fail.Exception) as failed:
        fixtures.had(unobtainable()).__enter__()

    assert str(failed.value) == "CI needs this: a thing: not here"


def test_a_static_program_runs_where_it_belongs(tmp_path: Path) -> None:
    """The samples' programs are real ones: the kernel itself starts them."""
    path = tmp_path / "program"
    path.write_bytes(static_program(NATIVE[platform.machine()], "hello"))
    path.chmod(0o755)

    said = subprocess.run((path,), capture_output=True, check=True)

    assert said.stdout == b"hello\n"


def test_a_layer_depends_on_its_files_alone() -> None:
    """Equal files give equal digests, or caches would never hit."""
    files = {"b": Entry(b"2"), "a/c": Entry(link="/b")}

    assert oci.layer(files) == oci.layer(dict(reversed(files.items())))


@pytest.mark.registry
@pytest.mark.parametrize("tls", [False, True])
def test_a_registry_with_a_password_keeps_strangers_out(tls: bool) -> None:  # noqa: FBT001
    """Authentication is tested against a server that insists on it."""
    door = Door(tls=tls, user="robot", password="secret")  # noqa: S106
    with fixtures.had(registry.serve(door)) as guarded:
        stranger = Registry(guarded.port, Door(tls=tls), guarded.storage)

        assert stranger.request("GET", "_catalog")[0] == 401
        assert guarded.request("GET", "_catalog")[0] == 200


@pytest.mark.registry
def test_the_registry_holds_the_base_images(registry_with_images: Registry) -> None:
    """Every name that the samples build from is there before a build starts."""
    names = ("library/alpine", "library/busybox", "library/buildpack-deps")
    found = [registry_with_images.request("GET", f"{name}/tags/list") for name in names]

    assert [status for status, _ in found] == [200, 200, 200]


@pytest.mark.engine
def test_a_private_engine_reaches_no_network(local_engine: str) -> None:
    """What a build downloads comes from the world, or from nowhere."""
    inside = docker(
        local_engine, "run", "--rm", "--net=host", "alpine:3.6", "ip", "-o", "link"
    )

    assert inside.returncode == 0, inside.stdout
    assert " eth0" not in inside.stdout


@pytest.mark.engine
def test_glibc_for_x86_installs_on_amd64(local_engine: str) -> None:
    """The samples are healthy where they come from."""
    installed = docker(
        local_engine,
        "run",
        "--rm",
        "--platform=linux/amd64",
        "alpine:3.6",
        "sh",
        "-c",
        INSTALL_FOREIGN,
    )

    assert installed.returncode == 0, installed.stdout
    assert "glibc-bin for x86-64" in installed.stdout


@pytest.mark.engine
def test_an_emulating_engine_lies(emulating_engine: str) -> None:
    """An x86-64 program runs in its arm64 container: only an audit sees that."""
    lied = docker(
        emulating_engine, "run", "--rm", "--platform=linux/arm64", "alpine:3.6",
        "sh", "-c", f"uname -m && {INSTALL_FOREIGN} && {FOREIGN}",
    )  # fmt: skip

    assert lied.returncode == 0, lied.stdout
    assert "aarch64\n" in lied.stdout
    assert lied.stdout.endswith("glibc-bin for x86-64\n")


@pytest.mark.engine
def test_emulation_stays_with_its_engine(
    emulating_engine: str, local_engine: str
) -> None:
    """Emulation for one engine must not spoil what another one proves."""
    refused = docker(
        local_engine, "run", "--rm", "--platform=linux/arm64", "alpine:3.6", "true"
    )

    assert refused.returncode == 1, refused.stdout
    assert "exec format error" in refused.stdout


@pytest.mark.arm64
def test_the_arm64_engine_runs_no_x86_program(arm64_engine: str) -> None:
    """A whole machine is emulated for this one refusal."""
    refused = docker(
        arm64_engine, "run", "--rm", "alpine:3.6", "sh", "-c", INSTALL_FOREIGN
    )

    assert refused.returncode == 1, refused.stdout
    assert f'{FOREIGN}: line 1: syntax error: unexpected "("' in refused.stdout
    assert (
        "ERROR: glibc-bin-2.23-r3.trigger: script exited with error 2" in refused.stdout
    )


@pytest.mark.arm64
def test_alpine_3_4_has_no_arm64(arm64_engine: str) -> None:
    """Where the story begins: the first error of the table in the docs."""
    pulled = docker(arm64_engine, "pull", "alpine:3.4")

    assert pulled.returncode == 1
    assert "no matching manifest for linux/arm64" in pulled.stdout


@pytest.mark.postgres
def test_the_database_is_fresh_and_ours(postgres_url: str) -> None:
    """Jobs are tested against the server that many machines would share."""
    with psycopg.connect(postgres_url) as connection:
        tables = connection.execute(
            "select count(*) from pg_tables where schemaname = 'public'"
        ).fetchone()

    assert tables == (0,)
