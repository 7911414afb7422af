"""Tests of how exceptions to a domain's reach are written."""

from __future__ import annotations

import ipaddress

import pytest

from bot.builds.nested import reach
from bot.builds.nested.reach import Allowed


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("registry.corp", Allowed("registry.corp")),
        (" registry.corp:5000 ", Allowed("registry.corp", port=5000)),
        ("10.1.2.3:80", Allowed("10.1.2.3", port=80)),
        ("10.1.2.0/24", Allowed("10.1.2.0/24")),
        ("hub.corp=10.1.2.3:443", Allowed("hub.corp", "10.1.2.3", 443)),
    ],
)
def test_exceptions_are_hosts_addresses_and_networks(text: str, meant: Allowed) -> None:
    """As an operator would write them first."""
    assert reach.parse(text) == meant


WRONG = """
hub=corp
10.1.2.3/24
a b
$(reboot)
x;y
-x
host:
host:0
host:65536
host:80:90
"""


@pytest.mark.parametrize("text", ["", "a\nb", "host:" + "9" * 5000, *WRONG.split("\n")])
def test_what_is_none_is_refused(text: str) -> None:
    """It becomes lines that a shell reads as root."""
    with pytest.raises(ValueError, match="which is no host, address or network"):
        reach.parse(text)


def test_each_exception_is_a_line_of_a_place_and_a_port() -> None:
    """The address counts where there is one; port 0 stands for all."""
    known = (Allowed("a.corp", "10.0.0.1", 443), Allowed("10.1.0.0/16"))

    assert reach.lines(known) == "10.0.0.1 443\n10.1.0.0/16 0\n"


def test_no_special_address_is_left_out() -> None:
    """What Python's own table calls global is public; all else is refused."""
    refused = [ipaddress.IPv4Network(one) for one in reach.REFUSED]
    for text in ("10.9.9.9", "100.64.0.1", "169.254.169.254", "172.31.0.1", "192.0.0.1",
                 "192.168.1.1", "198.19.0.1", "240.0.0.1", "255.255.255.255",
                 "0.0.0.1", "192.0.2.1", "198.51.100.1", "203.0.113.1"):  # fmt: skip
        address = ipaddress.IPv4Address(text)
        assert not address.is_global
        assert any(address in network for network in refused)
    assert not any(ipaddress.IPv4Address("93.184.215.14") in one for one in refused)
