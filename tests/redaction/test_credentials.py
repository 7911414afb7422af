"""Passwords that are known by the place in which they stand."""

from __future__ import annotations

import pytest

from bot.redaction import strike
from tests.redaction.samples import LETTERS

PLAIN = [
    "fatal: unable to access 'https://git@github.com/a/b.git/'",
    "cloning ssh://git@github.com:22/a/b",
    "GET http://127.0.0.1:8080/v2/ HTTP/1.1",
    "git clone https://$USER:$TOKEN@h/x https://x-access-token:${TOKEN}@h/y",
    "docker run --user 1000:1000 curlimages/curl -u 0:0",
    'curl -H "Authorization: Bearer $TOKEN" https://h',
    "Authorization: header was missing from the request",
    "error: authorization: denied",
    "basic authentication is off; Bearer authentication-is-required",
    "Basic vsftpd configuration",
    "Set-Cookie: is ignored here",
    "docker login --username x --password-stdin quay.io",
    "mysql_config --libs",
    "sshpass -e ssh h",
]
SECRET = LETTERS[:24]
FOUND = {
    "https://u:{}@h/x": "password",
    "fatal: https://u:{}@github.com/a/b.git not found": "password",
    "postgres://u:{}@db:5432/x?y": "password",
    "amqp://:{}@mq": "password",
    "https://{}@github.com/a/b.git": "login",
    "> Authorization: Basic {}": "Authorization header",
    "Proxy-Authorization: {}": "Authorization header",
    '"authorization": "token {}"': "Authorization header",
    'curl -H "Authorization: Bearer {}" https://h': "Authorization header",
    "< Set-Cookie: session={}; Path=/": "cookie",
    "'Cookie: a={}'": "cookie",
    "sent Bearer {} twice": "token",
    "sent basic {} twice": "password",
    "docker login -u x -p {} quay.io": "password",
    "helm registry login h -p='{}'": "password",
    "sshpass -p {} ssh h": "password",
    "mysql -uroot -p{} x": "password",
    "curl -fsSL -u bob:{} https://h": "password",
    "curl --user 'bob:{}' https://h": "password",
    "curl -su bob:{} https://h": "password",
    "machine h login bob password {}": "password",
    "openssl rsa -passin pass:{} -in x": "password",
}


@pytest.mark.parametrize("line", PLAIN)
def test_leaves_alone_what_is_no_password(line: str) -> None:
    """Names of users, hosts and settings help whoever reads the log."""
    assert strike(line) == line


@pytest.mark.parametrize(("line", "what"), FOUND.items(), ids=FOUND)
def test_strikes_out_what_stands_in_its_place(line: str, what: str) -> None:
    """What is around it stays, so that it can be found and mended."""
    actual = strike(line.format(SECRET))

    assert SECRET not in actual
    assert f"[struck out: {what}]" in actual


GONE = "[struck out: password]"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("https://u:p@ss@h/x", "https://u:[struck out: password]@h/x"),
        (
            "a https://u:pw1@h,ftp://v:pw2@h",
            "a https://u:[struck out: password]@h,ftp://v:[struck out: password]@h",
        ),
        (
            "Authorization: AWS4-HMAC-SHA256 Credential=AB/x, Signature=cd",
            "Authorization: [struck out: Authorization header]",
        ),
        (
            '-H "Authorization: Bearer abc" -v',
            '-H "Authorization: [struck out: Authorization header]" -v',
        ),
        ("curl -u bob:pw1 https://h", "curl -u bob:[struck out: password] https://h"),
        (
            "curl -U bob:pw1 --proxy-user eve:pw2 https://h",
            f"curl -U bob:{GONE} --proxy-user eve:{GONE} https://h",
        ),
        (
            "curl -u $A:$B -U eve:pw2 https://h",
            f"curl -u $A:$B -U eve:{GONE} https://h",
        ),
        ("curl --proxy-user b:pw https://h", f"curl --proxy-user b:{GONE} https://h"),
        ("docker login -u bob -ppw1 h", f"docker login -u bob -p{GONE} h"),
        ("openssl rsa -passout pass:pw1", f"openssl rsa -passout pass:{GONE}"),
        ("authorization=abcd1234", "authorization=[struck out: Authorization header]"),
        *(
            (
                f"Authorization: {scheme} to ken",
                "Authorization: [struck out: Authorization header]",
            )
            for scheme in ("ApiKey", "Digest", "Negotiate", "NTLM", "Token", "basic")
        ),
    ],
)
def test_keeps_what_is_around(line: str, expected: str) -> None:
    """To the letter."""
    assert strike(line) == expected
