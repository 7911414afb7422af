"""Values of settings that are named like secrets."""

from __future__ import annotations

import time

import pytest

from bot.redaction import strike
from tests.redaction.samples import TOKENS

PLAIN = [
    "failed to fetch oauth token: unexpected status: 401 Unauthorized",
    "failed to authorize: failed to fetch anonymous token: EOF",
    "SyntaxError: Unexpected token: name",
    "parse error near token: 0x1f",
    "token: abc",
    "error parsing token: https://auth.docker.io/token?service=x",
    "Collecting tokenizers==0.15.1 google-auth>=2.3 passlib~=1.7",
    "E: Version '0.20.5-2' for 'libsecret-1-0' was not found: libsecret-1-0=0.20.5-2",
    "PASS: tests/test_password_1.sh",
    '"js-tokens": "^4.0.0", "google-auth-library": "9.0.0"',
    "RUN --mount=type=secret,id=npm_token,target=/root/.npmrc npm ci",
    "docker build --secret id=npm_token,src=.npmrc --password-stdin .",
    "AUTHOR=me TOKEN_FILE=/run/secrets/token SSH_AUTH_SOCK=/tmp/x PWD=/work",
    "export NPM_TOKEN=$NPM_TOKEN PASSWORD=${PASSWORD} TOKEN= GONE=true",
    "if [ $token == abc ]; then",
    "--token --verbose",
    "ENV NODE_VERSION 18.0.0",
    "etc/passwd: root:x:0:0",
    "the secret of the token is the password",
    "secret npmrc: not found",
    "ENV API_TOKEN",
]
GONE = "[struck out: secret]"
FOUND = [
    ("NPM_TOKEN=abc make", f"NPM_TOKEN={GONE}"),
    ("#5 0.123 DB_PASSWORD=correct horse battery", f"#5 0.123 DB_PASSWORD={GONE}"),
    ("AccountName=a;AccountKey=abc==", f"AccountName=a;AccountKey={GONE}"),
    ("+ NPM_TOKEN=abc make", f"+ NPM_TOKEN={GONE} make"),
    ("--build-arg NPM_TOKEN=abc --tag x", f"--build-arg NPM_TOKEN={GONE} --tag x"),
    ("--build-arg=NPM_TOKEN=abc", f"--build-arg=NPM_TOKEN={GONE}"),
    ("export A=b API_KEY='a b' C=d", f"export A=b API_KEY='{GONE}' C=d"),
    ('password="a\\"b" x=1', f'password="{GONE}" x=1'),
    ('(token=abc, x="y")', f'(token={GONE}, x="y")'),
    ("password = hunter2", f"password = {GONE}"),
    ("https://h/?token=abc", f"https://h/?token={GONE}"),
    ("//r.npmjs.org/:_authToken=abc", f"//r.npmjs.org/:_authToken={GONE}"),
    ('{"token": "abc", "x": "y"}', f'{{"token": "{GONE}", "x": "y"}}'),
    ('{"auths":{"h":{"auth":"dTpw"}}}', f'{{"auths":{{"h":{{"auth":"{GONE}"}}}}}}'),
    (r'"{\"password\":\"abc\"}"', rf'"{{\"password\":\"{GONE}\"}}"'),
    ("'password' => 'abc',", f"'password' => '{GONE}',"),
    ("  password: swordfish", f"  password: {GONE}"),
    ("- apiKey: abcd", f"- apiKey: {GONE}"),
    ("> X-Vault-Token: s.abc123", f"> X-Vault-Token: {GONE}"),
    ("Generated root password: x7Kd!9", f"Generated root password: {GONE}"),
    ("tool --password abc -v", f"tool --password {GONE} -v"),
    ("tool --api-key='a b' -v", f"tool --api-key='{GONE}' -v"),
    ('tool --token "abc"', f'tool --token "{GONE}"'),
    ("java -DapiToken=abc X", f"java -DapiToken={GONE} X"),
    ("#7 [2/3] ENV API_TOKEN a b", f"#7 [2/3] ENV API_TOKEN {GONE}"),
    ("Step 3/4 : ENV API_TOKEN=abc", f"Step 3/4 : ENV API_TOKEN={GONE}"),
    ('process "sh -c TOKEN=abc" did not', f'process "sh -c TOKEN={GONE}" did not'),
    (f"TOKEN={TOKENS['ghp'][1]}", "TOKEN=[struck out: GitHub token]"),
]  # fmt: skip


@pytest.mark.parametrize("line", PLAIN)
def test_leaves_alone_what_is_no_value(line: str) -> None:
    """Words about tokens are what causes are recognised by."""
    assert strike(line) == line


@pytest.mark.parametrize(("line", "expected"), FOUND)
def test_strikes_out_the_value(line: str, expected: str) -> None:
    """The name stays: it says which setting to look after."""
    assert strike(line) == expected


@pytest.mark.parametrize("pump", ["pw:\\", "pw=<", "pw: ", "token: a "])
def test_names_cost_what_the_line_is_long(pump: str) -> None:
    """The end of the word was looked for at each of 4,000 names anew."""
    line = pump * (16_000 // len(pump))
    took = []
    for _ in range(3):
        began = time.process_time()
        strike(line)
        took.append(time.process_time() - began)

    assert min(took) < 0.1
