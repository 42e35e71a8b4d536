"""Which network addresses are public: nothing of this machine, its network or its cloud."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_CLOSED = tuple(
    IPv4Network(one)
    for one in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
    )
)
"""All registered for something else than the public net; Python's own list has gaps, other ones
with each version."""
_HOST_OF_AZURE = IPv4Address("168.63.129.16")
"""Its number is public, but in that cloud it is the door to the machine's host."""
_OPEN_6 = IPv6Network("2000::/3")
_CLOSED_6 = tuple(
    IPv6Network(one)
    for one in ("2001::/23", "2001:db8::/32", "2620:4f:8000::/48", "3ffe::/16", "3fff::/20")
)
_WRAPPED_AT_THE_END = tuple(
    IPv6Network(one) for one in ("::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96")
)
"""Compatible, mapped, translated, NAT64."""
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})


def is_public(text: str) -> bool:
    """Say whether everybody may connect there; what cannot be read is not public."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv4Address):
        return _is_public_4(address)
    if address.scope_id is not None:
        return False
    inner = _inside(address)
    return (bool(inner) or _is_public_6(address)) and all(map(_is_public_4, inner))


def _is_public_4(address: IPv4Address) -> bool:
    closed = address == _HOST_OF_AZURE or any(address in one for one in _CLOSED)
    return address.is_global and not address.is_multicast and not closed


def _is_public_6(address: IPv6Address) -> bool:
    closed = any(address in one for one in _CLOSED_6)
    return address in _OPEN_6 and address.is_global and not closed


def _inside(address: IPv6Address) -> tuple[IPv4Address, ...]:
    """Give the addresses of version 4 that a router would take out of it."""
    if any(address in one for one in _WRAPPED_AT_THE_END):
        return (_last(address),)
    if address.teredo:
        return address.teredo
    if address.sixtofour:
        return (address.sixtofour,)
    is_isatap = (int(address) >> 32) & 0xFFFFFFFF in _ISATAP
    return (_last(address),) if is_isatap and _is_public_6(address) else ()


def _last(address: IPv6Address) -> IPv4Address:
    return IPv4Address(int(address) & 0xFFFFFFFF)
