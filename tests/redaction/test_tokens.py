"""Tokens of the big services: each shape goes, and what looks like it stays."""

from __future__ import annotations

import pytest

from bot.redaction import strike
from bot.redaction.tokens import TOKENS as SHAPES
from bot.redaction.tokens import kind
from tests.redaction.samples import HEX, TOKENS, joined, some

PLAIN = {
    "commit": f"HEAD is now at {HEX[:40]} Mend the build",
    "digest": f"FROM alpine:3.4@sha256:{HEX[:64]}",
    "image-id": " ---> 9f3b6c1e8a2d",
    "go-sum": "pkg/errors v0.9.1 h1:FEBLx1zS214owpjy7qsBeixbURkuhQAwrK5UwLGTwt4=",
    "npm-integrity": '"integrity": "sha512-Rz6yB2Kd9Lx4Tb6Vn8Rj3Hp5Gs1FyEcAuQ=="',
    "uuid": "build 123e4567-e89b-12d3-a456-426614174000 has begun",
    "base64": "#9 1.234 SGVsbG8sIHRoaXMgaXMgYSBsb2cgaW4gYmFzZTY0LCBub3QgYSBzZWNyZXQ=",
    "pip-hash": f"    --hash=sha256:{HEX[:64]}",
    "cache-key": 'failed to compute cache key: "/bin/typha-amd64" not found',
    "words": "task-runner desk-lamp mask-rcnn risk-free disk-cache-for-a-long-name",
    "identifiers": "npm_config_cache npm_lifecycle_event hf_transformers dp.py",
    "asia": "asia-northeast1-docker.pkg.dev/project/repo/image:1.0",
    "stripe-public": joined("pk", "_live_", some(24)),
    "elf": "/usr/lib/x86_64-linux-gnu/libstdc++.so.6: ELF 64-bit LSB shared object",
    "apk": "(12/33) Installing libgcc (5.3.0-r0)",
    "pull": f"{HEX[:12]}: Pull complete",
    "time": "2024-01-02T03:04:05.678901Z 12:AA:34",
    "coded": f"GET https://h/a%20task-runner%2Fdesk%{HEX[:40]}%3Dkey-{HEX[:12]}",
    "url": "GET https://dl-cdn.alpinelinux.org/alpine/v3.4/main/x86_64/APKINDEX.tar.gz",
}


@pytest.mark.parametrize("line", PLAIN.values(), ids=PLAIN)
def test_leaves_alone_what_is_no_secret(line: str) -> None:
    """A cause quotes the line that explains a failure: it has to be whole."""
    assert strike(line) == line


@pytest.mark.parametrize(("what", "secret"), TOKENS.values(), ids=TOKENS)
@pytest.mark.parametrize(
    "line",
    [
        *("{}", "#5 0.123 got {} from it", "'{}'.", "(x:{})", "https://h/?x={}&y"),
        *("https://h/?to=%3Fx%3D{}%26y", "a%20{}", "a%0a{}", "b%3a{}"),
    ],
)
def test_strikes_out_tokens(what: str, secret: str, line: str) -> None:
    """Wherever it stands in a line, nothing of it is left."""
    actual = strike(line.format(secret))

    assert actual == line.format(f"[struck out: {what}]")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            f"https://a.windows.net/c?sv=2022&{joined('si', 'g=')}{some(40)}%3D&se=1",
            "https://a.windows.net/c?sv=2022&sig=[struck out: Azure signature]&se=1",
        ),
        (
            f"POST https://hooks.slack.com/services/{joined('T0123/B456/', some(24))}",
            "POST https://hooks.slack.com/services/[struck out: webhook address]",
        ),
        *(
            (
                f"POST https://{place}/{joined('T0123/B456/', some(24))}",
                f"POST https://{place}/[struck out: webhook address]",
            )
            for place in (
                *("hooks.slack.com/workflows", "hooks.slack.com/triggers"),
                *("discord.com/api/webhooks", "discordapp.com/api/webhooks"),
                "octo.webhook.office.com/webhookb2",
            )
        ),
    ],
)
def test_says_where_a_token_stood(line: str, expected: str) -> None:
    """What is around it tells nothing, and helps whoever reads the log."""
    assert strike(line) == expected


@pytest.mark.parametrize(("what", "secret"), TOKENS.values(), ids=TOKENS)
def test_names_a_token_by_its_shape(what: str, secret: str) -> None:
    """The value of a setting is told by its kind where it has one."""
    assert kind(secret) == what


def test_a_word_has_no_shape() -> None:
    """Then only the name of the setting tells."""
    assert kind("swordfish") == ""


def test_each_shape_has_a_sample() -> None:
    """A shape that nothing tries may never have matched."""
    assert {shape.what for shape in SHAPES} == {what for what, _ in TOKENS.values()} | {
        "Azure signature",
        "webhook address",
    }
