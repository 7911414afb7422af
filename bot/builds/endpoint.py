"""Where a Docker engine is and how it is reached: one line of configuration.

A runner is written ``[NAME=]URL[?tls=DIRECTORY]``, for instance ``local``,
``unix:///run/docker.sock``, ``graviton=ssh://build@10.0.0.7`` or
``pi=tcp://pi.example.org:2376?tls=/etc/multiarch/pi`` (the directory holds
``ca.pem``, ``cert.pem`` and ``key.pem``, as for the docker command).
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, urlsplit

from docker import APIClient
from docker.tls import TLSConfig

from bot.errors import UserError
from bot.processes.environment import short

DEFAULT_URL = "unix:///var/run/docker.sock"
_NAMED = re.compile(r"([A-Za-z0-9][\w.-]*)=(.+)")
_MATERIAL = ("ca.pem", "cert.pem", "key.pem")
_HOW = (
    "Write a runner as [NAME=]URL with unix://, ssh:// or tcp://, for example "
    "arm=ssh://build@arm.example.org."
)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One engine: the name it has in reports, its URL and its TLS material."""

    name: str
    url: str
    tls: str = ""


def parse(text: str, environ: Mapping[str, str], unnamed: str = "") -> Endpoint:
    """Read one runner; UserError says what is wrong with it.

    One without a name is called *unnamed*, or else by where it is.
    """
    named = _NAMED.fullmatch(text.strip())
    name, url = named.groups() if named else ("", text.strip())
    if url == "local":
        return _local(name or "local", environ)
    parts = urlsplit(url)
    options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    bare = url.partition("?")[0]
    _check(text, parts, options)
    name = name or unnamed or _short(parts)
    return Endpoint(name, bare, options.get("tls", ""))


def connect(endpoint: Endpoint, seconds: float, version: str) -> APIClient:
    """Return a client of the engine that speaks *version* of its API."""
    tls: TLSConfig | bool = False
    if endpoint.tls:
        ca, cert, key = (str(Path(endpoint.tls) / name) for name in _MATERIAL)
        tls = TLSConfig(client_cert=(cert, key), ca_cert=ca, verify=True)
    client = APIClient(
        base_url=endpoint.url,
        version=version,
        timeout=int(seconds),
        tls=tls,
    )
    # REQUESTS_CA_BUNDLE would otherwise be trusted in place of ca.pem, and a
    # proxy from the environment would be asked for the engine.
    client.trust_env = False
    return client


def command_environment(
    endpoint: Endpoint, folder: Path, environ: Mapping[str, str]
) -> dict[str, str]:
    """Return the environment of the docker command for this engine.

    Nothing else of our own environment reaches it: no tokens, no proxy
    settings, no contexts. *folder* is its private configuration.
    """
    told = {
        "DOCKER_HOST": endpoint.url,
        "DOCKER_CONFIG": str(folder),
        "DOCKER_CLI_HINTS": "false",
        "DOCKER_SCAN_SUGGEST": "false",
        "BUILDX_NO_DEFAULT_ATTESTATIONS": "1",
        # Else buildx asks git about the tree, which may name commands for git.
        "BUILDX_GIT_INFO": "false",
        "GIT_DIR": os.devnull,
        "NO_COLOR": "1",
    }
    if endpoint.tls:
        told |= {"DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": endpoint.tls}
    return short(environ) | told


def _local(name: str, environ: Mapping[str, str]) -> Endpoint:
    url = environ.get("DOCKER_HOST") or DEFAULT_URL
    verified = bool(environ.get("DOCKER_TLS_VERIFY"))
    tls = environ.get("DOCKER_CERT_PATH", "") if verified else ""
    return Endpoint(name, url, tls)


def _check(text: str, parts: SplitResult, options: Mapping[str, str]) -> None:
    unknown = sorted(options.keys() - {"tls", "plaintext"})
    if unknown:
        raise UserError(f"The runner {text!r} has an unknown option {unknown[0]!r}.")
    if parts.password:
        raise UserError(
            f"The runner on {parts.hostname} has a password in its URL, which logs "
            "would show. Use an SSH key or TLS certificates."
        )
    if parts.scheme not in {"unix", "ssh", "tcp"} or not (parts.netloc or parts.path):
        raise UserError(f"The runner {text!r} is not a Docker endpoint. {_HOW}")
    if parts.scheme == "tcp":
        _check_tcp(text, parts, options)


def _check_tcp(text: str, parts: SplitResult, options: Mapping[str, str]) -> None:
    folder = options.get("tls", "")
    missing = [name for name in _MATERIAL if not (Path(folder) / name).is_file()]
    if folder and missing:
        raise UserError(
            f"The runner {text!r} names {folder} for TLS, where {missing[0]} is "
            "missing. Put ca.pem, cert.pem and key.pem there."
        )
    if not folder and options.get("plaintext") != "yes" and not _loopback(parts):
        raise UserError(
            f"The runner {text!r} would be reached without TLS: whoever can reach "
            "that port owns the machine. Add ?tls=DIRECTORY, use ssh://, or write "
            "?plaintext=yes where the network itself is protected."
        )


def _loopback(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _short(parts: SplitResult) -> str:
    if parts.scheme == "unix":
        return parts._replace(netloc="").path if parts.path else "unix"
    host = parts.hostname or ""
    return f"{host}:{parts.port}" if parts.port else host
