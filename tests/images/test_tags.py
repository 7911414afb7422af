"""Pages of a registry's list of tags."""

from __future__ import annotations

import json

import pytest
from yarl import URL

from bot.images.tags import Page, read_page

HERE = URL("https://quay.io/v2/app/tags/list?n=2")


@pytest.mark.parametrize(
    ("link", "following"),
    [
        (
            '</v2/app/tags/list?last=b&n=2>; rel="next"',
            URL("https://quay.io/v2/app/tags/list?last=b&n=2"),
        ),
        (
            "<https://quay.io/v2/app/tags/list?last=b>;rel=next",
            URL("https://quay.io/v2/app/tags/list?last=b"),
        ),
        ('</v2/app/tags/list?n=2>; rel="next"', None),
        ('</v2/other/tags/list?last=b>; rel="next"', None),
        ('<https://evil.example/v2/app/tags/list?last=b>; rel="next"', None),
        ('<http://quay.io/v2/app/tags/list?last=b>; rel="next"', None),
        ('<https://[/>; rel="next"', None),
        ('<javascript:1>; rel="next"', None),
        ('<mailto:a@quay.io>; rel="next"', None),
        ('<file:///v2/app/tags/list>; rel="next"', None),
        ('</v2/app/tags/list?last=b>; rel="prev"', None),
    ],
)
def test_follows_only_its_own_list(link: str, following: URL | None) -> None:
    """A registry cannot send us in circles or to another host."""
    actual = read_page(b'{"name": "app", "tags": ["a", "b"]}', [link], HERE)

    assert actual == Page(("a", "b"), following)


def test_a_list_may_be_empty() -> None:
    """The reference implementation says null where there are no tags."""
    link = '</v2/app/tags/list?last=b>; rel="next"'

    assert read_page(b'{"tags": null}', [link], HERE) == Page((), None)
    assert read_page(b'{"tags": []}', [], HERE) == Page((), None)


@pytest.mark.parametrize("body", [b"garbage", b"[]", b'{"tags": "a"}', b"[" * 99_999])
def test_garbage_is_no_page(body: bytes) -> None:
    """Unknown stays unknown."""
    assert read_page(body, [], HERE) is None


def test_what_is_no_name_is_left_out() -> None:
    """One bad entry does not spoil the others."""
    long = "9" * 5000
    body = json.dumps({"tags": ["a", 1, None, "", "a b", "a/b", long]}).encode()

    assert read_page(body, [], HERE) == Page(("a",), None)
