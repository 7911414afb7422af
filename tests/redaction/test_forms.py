"""Secrets whose name and value are joined as a file format joins them."""

from __future__ import annotations

import pytest

from bot.redaction import strike
from tests.redaction.samples import HEX, TOKENS

PLAIN = [
    "GET https://h/?token_type=bearer&X-Amz-Date=20260101&X-Amz-Expires=300",
    "GET https://h/?private-token=$TOKEN&signature=sha256&pass-key=true",
    "GET https://h/?next=%2Fa%3Fpage%3D2%26author%3Dme%26token%3D$TOKEN%26pass%3D%26a%3Db",
    "E: Version '0.20.5-2' for 'libsecret-1-0' was not found: libsecret-1-0=0.20.5-2",
    'curl -H "X-Api-Key: $KEY" -H "Accept: application/json" -H @file https://h',
    'curl -H "X-Auth-Token: Bearer $TOKEN" -H "Cookie: ignored" https://h',
    "docker -H tcp://127.0.0.1:2375 ps --header-timeout 5",
    '{"error": "api-key: required", "hint": "Private-token: Unauthorized"}',
    '"X-Rate-Limit: exceeded"',
    "npm config set //r/:registry https://npm.example.org",
    "npm config set //r/:_authToken ${NPM_TOKEN}",
    "npm config get //r/:_authToken",
    "error: config token expired, configure password manually",
    "aws configure set region us-east-1",
    "git config --global credential.helper store",
    "<tokenizer>fast</tokenizer> <token/> <password></password> <pass>tests</pass>",
    "<password>${env.PASSWORD}</password><passwordPolicy>strong</passwordPolicy>",
    'CMD ["app", "--api-key", "--verbose", "--token-file", "/run/token"]',
    'CMD ["app", "--token", "$TOKEN", "--secret", "id=npm,src=.npmrc"]',
    '{"name":"NODE_ENV","value":"production"}',
    '{"name":"API_TOKEN","valueFrom":{"secretKeyRef":{"name":"a","key":"b"}}}',
    '{"name":"API_TOKEN","value":"${API_TOKEN}"},{"name":"A","value":"production"}',
    '{"value":"production","name":"NODE_ENV"},{"value":"abcdef","name":"A"}',
    '<add key="TokenLifetime" value="3600 s"/>',
]
GONE = "[struck out: secret]"
FOUND = [
    (
        "https://b/k?X-Amz-Security-Token=FwoGZX%2BIv/Yx==&a=b",
        f"https://b/k?X-Amz-Security-Token={GONE}&a=b",
    ),
    (
        f"'https://b/k?a=b&X-Amz-Signature={HEX[:64]}'",
        f"'https://b/k?a=b&X-Amz-Signature={GONE}'",
    ),
    (f"?X-Goog-Signature={HEX}#top", f"?X-Goog-Signature={GONE}#top"),
    (f"?Signature={HEX[:64]}&b", f"?Signature={GONE}&b"),
    ("GET /api?private-token=abc HTTP/1.1", f"GET /api?private-token={GONE} HTTP/1.1"),
    (
        "?to=%3Fa%3Db%26token%3Dhun%2Bter%26c%3Dd",
        f"?to=%3Fa%3Db%26token%3D{GONE}%26c%3Dd",
    ),
    ("to=private-token%3dabc&c", f"to=private-token%3d{GONE}&c"),
    (
        'curl -sSL --header "PRIVATE-TOKEN: aBcDeFgH" https://h',
        f'curl -sSL --header "PRIVATE-TOKEN: {GONE}" https://h',
    ),
    ("curl -H 'X-Api-Key: swordfish' -v", f"curl -H 'X-Api-Key: {GONE}' -v"),
    ("curl -HX-Api-Key:swordfish -v", f"curl -HX-Api-Key:{GONE} -v"),
    (
        r"sh -c \"wget --header=\"X-Auth-Token: swordfish\" h\"",
        rf"sh -c \"wget --header=\"X-Auth-Token: {GONE}\" h\"",
    ),
    ('["curl", "PRIVATE-TOKEN: aBcDeF"]', f'["curl", "PRIVATE-TOKEN: {GONE}"]'),
    (
        "+ npm config set //r/:_authToken 3fa85f64-5717 --global",
        f"+ npm config set //r/:_authToken {GONE} --global",
    ),
    (
        "npm config --location user set //r/:_authToken=abc",
        f"npm config --location user set //r/:_authToken={GONE}",
    ),
    (
        "aws configure set aws_secret_access_key wJalrXUtn --profile a",
        f"aws configure set aws_secret_access_key {GONE} --profile a",
    ),
    ("yarn config set 'npmToken' 'abc'", f"yarn config set 'npmToken' '{GONE}'"),
    (
        "poetry config pypi-token.pypi swordfish",
        f"poetry config pypi-token.pypi {GONE}",
    ),
    ("<password>hunter 2</password>", f"<password>{GONE}</password>"),
    (
        '<a:apiKey type="x">abc</a:apiKey><b>c</b>',
        f'<a:apiKey type="x">{GONE}</a:apiKey><b>c</b>',
    ),
    ('CMD ["app", "--api-key", "hunter"]', f'CMD ["app", "--api-key", "{GONE}"]'),
    (r"[\"--token\",\"abc\"]", rf"[\"--token\",\"{GONE}\"]"),
    (
        '{"name":"API_TOKEN","value":"hunter"}',
        f'{{"name":"API_TOKEN","value":"{GONE}"}}',
    ),
    (
        '{"Value": "hunter", "Name": "API_TOKEN"}',
        f'{{"Value": "{GONE}", "Name": "API_TOKEN"}}',
    ),
    (
        r"{\"key\":\"TOKEN\",\"value\":\"a b\"}",
        rf"{{\"key\":\"TOKEN\",\"value\":\"{GONE}\"}}",
    ),
    ('<add key="ApiToken" value="hunter"/>', f'<add key="ApiToken" value="{GONE}"/>'),
    (
        "- {name: 'DB_PASSWORD', value: 'hunter'}",
        f"- {{name: 'DB_PASSWORD', value: '{GONE}'}}",
    ),
    (f"<token>{TOKENS['npm'][1]}</token>", "<token>[struck out: npm token]</token>"),
]  # fmt: skip


@pytest.mark.parametrize("line", PLAIN)
def test_leaves_alone_what_is_no_secret(line: str) -> None:
    """Addresses, settings and errors are what a log is read for."""
    assert strike(line) == line


@pytest.mark.parametrize(("line", "expected"), FOUND)
def test_strikes_out_the_value(line: str, expected: str) -> None:
    """And nothing that stands around it."""
    assert strike(line) == expected
