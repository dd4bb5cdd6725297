"""Which addresses a fetch may reach: every spelling of a private one is one, and what is opened is one port."""

from __future__ import annotations

from ipaddress import IPv4Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SettingsError
from bot.rules.addresses import AllowList, is_public, literal, read_allow_list

PRIVATE = [
    *("0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254"),
    *("169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.1.1"),
    *("198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
    *("168.63.129.16", "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1"),
    *("64:ff9b::8.8.8.8", "64:ff9b:1::a00:1", "100::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2"),
    *("2001:db8::1", "2002:7f00:1::", "2002:c0a8:101::1", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254"),
    *("fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "4000::1"),
]
PUBLIC = ["8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "192.0.1.1", "2606:4700::1111", "2a00:1450:4001::1"]


@pytest.mark.parametrize("text", PRIVATE)
def test_an_address_that_is_not_the_public_internets_is_closed(text: str) -> None:
    assert not is_public(ip_address(text))


@pytest.mark.parametrize("text", PUBLIC)
def test_a_public_address_is_open(text: str) -> None:
    assert is_public(ip_address(text))


@given(st.ip_addresses())
def test_nothing_is_public_that_the_registry_calls_private(address: object) -> None:
    assert isinstance(address, type(ip_address("::1")) | IPv4Address)
    if is_public(address):
        kinds = (address.is_private, address.is_loopback, address.is_link_local, address.is_multicast)
        assert not any(kinds)


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.0.0.1.", "2130706433", "017700000001", "0x7f000001", "0177.0.0.1", "0x7f.0.0.1", "127.1"),
        *(
            "0x7f.1",
            "127.0.1",
            "0177.1",
            "00000177.0.0.01",
            "１２７.0.0.1",
            "①②⑦.0.0.1",
            "127。0。0。1",
            "127．0．0．1",
        ),
        *("0X7F.0.0.1", "0x7f.0x0.0x0.0x1"),
    ],
)
def test_every_spelling_of_loopback_is_loopback(host: str) -> None:
    assert literal(host) == IPv4Address("127.0.0.1")


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("[::1]", "::1"),
        ("::ffff:127.0.0.1", "::ffff:127.0.0.1"),
        ("[fe80::1%25eth0]", "fe80::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("0", "0.0.0.0"),
        ("0.0.0.0", "0.0.0.0"),
        ("3232235777", "192.168.1.1"),
        ("0xa9fea9fe", "169.254.169.254"),
        ("1.2.3.4", "1.2.3.4"),
    ],
)
def test_other_spellings_are_read(host: str, address: str) -> None:
    assert literal(host) == ip_address(address)


@pytest.mark.parametrize(
    "host",
    ["example.org", "localhost", "1.2.3.4.5", "256.1.1.1", "1.2.3.256", "08.1.1.1", "4294967296", "a.b", "", "."],
)
def test_a_name_is_no_number(host: str) -> None:
    assert literal(host) is None


@given(st.ip_addresses(v=4))
def test_a_number_in_one_piece_is_the_same_address(address: object) -> None:
    assert isinstance(address, IPv4Address)
    for spelled in (str(int(address)), hex(int(address)), f"0{int(address):o}", str(address)):
        assert literal(spelled) == address


@given(st.text(max_size=60))
def test_any_host_is_judged_without_an_error(host: str) -> None:
    literal(host)


def test_an_entry_opens_its_port_and_no_other() -> None:
    allowed = read_allow_list("127.0.0.0/8:8099, nas.local:8080,[fd00::/8]:443,10.0.0.7:80")
    assert allowed.permits("x", ip_address("127.3.2.1"), 8099)
    assert not allowed.permits("x", ip_address("127.3.2.1"), 8100)
    assert allowed.permits("x", ip_address("fd12::1"), 443)
    assert allowed.permits("x", ip_address("10.0.0.7"), 80)
    assert not allowed.permits("x", ip_address("10.0.0.8"), 80)
    assert allowed.permits("NAS.local.", ip_address("192.168.1.4"), 8080)
    assert not allowed.permits("nas.local", ip_address("192.168.1.4"), 80)
    assert not allowed.permits("other.local", ip_address("192.168.1.4"), 8080)


def test_a_mapped_address_is_opened_with_the_one_inside() -> None:
    assert read_allow_list("127.0.0.1:80").permits("x", ip_address("::ffff:127.0.0.1"), 80)


def test_nothing_given_opens_nothing() -> None:
    assert read_allow_list(" , ") == AllowList()
    assert not AllowList().permits("localhost", ip_address("127.0.0.1"), 80)
    assert AllowList().permits("example.org", ip_address("8.8.8.8"), 443)


@pytest.mark.parametrize(
    "text",
    ["localhost", "10.0.0.0/8", "::1:80", "a:0", "a:65536", "10.0.0.0/99:80", "[nonsense]:80", "1.2.3/8:80", ":80"],
)
def test_an_entry_that_cannot_be_read_is_named(text: str) -> None:
    with pytest.raises(SettingsError, match="PULLQUOTE_ALLOW_HOSTS") as caught:
        read_allow_list(text)
    assert repr(text) in str(caught.value)
