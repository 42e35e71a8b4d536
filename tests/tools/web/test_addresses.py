"""Which addresses are public: no wrapping opens a private one."""

from __future__ import annotations

import asyncio
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket_plugins.tools.web import link, resolver
from hocket_plugins.tools.web.addresses import is_public
from hocket_plugins.tools.web.refusal import Refusal

HOSTILE = [
    "0.0.0.0",  # noqa: S104  as an address to reach, Linux takes it for this machine
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "169.254.170.2",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "198.18.0.1",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::808:808",
    "100::1",
    "2001:0:808:808::",
    "2001::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "2606:4700::1111%eth0",
    "fec0::1",
    "ff02::1",
    "2606:4700::5efe:127.0.0.1",
    "2606:4700::200:5efe:10.0.0.1",
    "",
    "localhost",
    "127.1",
    "0x7f000001",
    "2130706433",
    "1.1.1.1 ",
    "01.1.1.1",
]
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "93.184.216.34",
    "100.63.255.255",
    "172.32.0.1",
    "192.0.1.1",
    "223.255.255.255",
    "2606:4700:4700::1111",
    "2a00:1450:4001:830::200e",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2002:808:808::1",
    "2606:4700::5efe:8.8.8.8",
]
PRIVATE_4 = [
    IPv4Network(text)
    for text in [
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    ]
]
PRIVATE_6 = [
    IPv6Network(text)
    for text in [
        "::/127",
        "100::/64",
        "64:ff9b:1::/48",
        "2001:2::/48",
        "2001:10::/28",
        "2001:db8::/32",
        "3fff::/20",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    ]
]


def within(networks):
    return st.sampled_from(networks).flatmap(
        lambda network: st.integers(0, network.num_addresses - 1).map(network.__getitem__)
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_addresses(text):
    assert not is_public(text)


@pytest.mark.parametrize("text", PUBLIC)
def test_public_addresses(text):
    assert is_public(text)


WRAPPINGS = {
    "plain": lambda inner, _: inner,
    "compatible": lambda inner, _: IPv6Address(int(inner)),
    "mapped": lambda inner, _: IPv6Address(0xFFFF << 32 | int(inner)),
    "translated": lambda inner, _: IPv6Address(0xFFFF << 48 | int(inner)),
    "nat64": lambda inner, _: IPv6Address(int(IPv6Address("64:ff9b::")) | int(inner)),
    "nat64 of a network": lambda inner, rest: IPv6Address(
        int(IPv6Address("64:ff9b:1::")) | rest % 2**48 << 32 | int(inner)
    ),
    "6to4": lambda inner, rest: IPv6Address(0x2002 << 112 | int(inner) << 80 | rest % 2**80),
    "teredo client": lambda inner, rest: IPv6Address(
        0x20010000 << 96
        | int(IPv4Address("8.8.8.8")) << 64
        | rest % 2**32 << 32
        | int(inner) ^ 0xFFFFFFFF
    ),
    "teredo server": lambda inner, rest: IPv6Address(
        0x20010000 << 96
        | int(inner) << 64
        | rest % 2**32 << 32
        | int(IPv4Address("8.8.8.8")) ^ 0xFFFFFFFF
    ),
    "isatap": lambda inner, rest: IPv6Address(
        0x2606 << 112 | rest % 2**48 << 64 | 0x5EFE << 32 | int(inner)
    ),
    "isatap of a global one": lambda inner, rest: IPv6Address(
        0x2606 << 112 | rest % 2**48 << 64 | 0x02005EFE << 32 | int(inner)
    ),
}


@given(inner=within(PRIVATE_4), how=st.sampled_from(sorted(WRAPPINGS)), rest=st.integers(0, 2**80))
def test_no_wrapping_opens_a_private_address(inner, how, rest):
    assert not is_public(str(WRAPPINGS[how](inner, rest)))


@given(within(PRIVATE_6))
def test_no_private_address_of_version_6_is_open(address):
    assert not is_public(str(address))


@given(st.integers(0, 2**128 - 1).map(IPv6Address))
def test_what_is_open_lies_in_what_is_routed(address):
    if is_public(str(address)):
        routed = ("2000::/3", "64:ff9b::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "::/96")
        assert any(address in IPv6Network(one) for one in routed)
        assert address.is_global or address.teredo or int(address) < 2**64
        assert not address.is_multicast


@given(st.integers(0, 2**32 - 1).map(IPv4Address))
def test_what_python_finds_private_is_never_open(address):
    if not address.is_global or address.is_multicast or address.is_reserved:
        assert not is_public(str(address))


@given(st.text(max_size=50))
def test_what_is_no_address_is_not_open(text):
    assert not is_public(f"{text}!")


def checked(*addresses: str) -> tuple[str, ...]:
    async def resolve(_host: str, _port: int) -> tuple[str, ...]:
        return addresses

    return asyncio.run(resolver.checked(link.read("http://example.org/"), resolve))


@given(
    st.lists(st.sampled_from(PUBLIC), max_size=5),
    within(PRIVATE_4).map(str) | within(PRIVATE_6).map(str),
    st.integers(0, 5),
)
def test_one_private_address_among_public_ones_is_enough(public, private, place):
    public.insert(place, private)
    with pytest.raises(Refusal, match=r"example\.org is not on the public web"):
        checked(*public)


def test_all_public_addresses_may_be_tried():
    assert checked(*PUBLIC) == tuple(PUBLIC)


def test_no_address_at_all():
    with pytest.raises(Refusal, match=r"no address of example\.org is known"):
        checked()


@pytest.mark.parametrize("cause", [OSError("no such name"), UnicodeError("label too long")])
def test_a_name_that_nobody_knows(cause):
    async def resolve(_host: str, _port: int) -> list[str]:
        raise cause

    with pytest.raises(Refusal, match=r"no address of example\.org is known"):
        asyncio.run(resolver.checked(link.read("http://example.org/"), resolve))


@pytest.mark.parametrize(
    ("host", "addresses"),
    [
        ("127.0.0.1", ["127.0.0.1"]),
        ("127.1", ["127.0.0.1"]),
        ("0x7f.1", ["127.0.0.1"]),
        ("017700000001", ["127.0.0.1"]),
        ("2130706433", ["127.0.0.1"]),
        ("::1", ["::1"]),
        ("::ffff:127.0.0.1", ["::ffff:127.0.0.1"]),
    ],
)
def test_the_systems_own_way_to_read_numbers_is_what_is_checked(host, addresses):
    assert asyncio.run(resolver.system(host, 80)) == addresses
