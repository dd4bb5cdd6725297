"""Which network addresses a fetch may reach: only public ones, and what the operator opened. Plain decisions.

A host is judged twice: as it is written (every spelling that a resolver would take for a number) and, by whoever
connects, as the address that the socket is about to reach. No network and no look-up here.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from bot.errors import SettingsError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

#: Not public (IANA special-purpose registry, 2025-01), with multicast, reserved, and the address inside Microsoft's
#: cloud that answers every machine. Listed here because ``ipaddress.is_global`` differs between Python versions and is
#: true for 224.0.0.1.
_CLOSED_4 = tuple(
    IPv4Network(net)
    for net in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24"),
        *("203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32"),
    )
)
#: Only what is handed out as global unicast is public; that leaves out ::1, mapped and compatible IPv4, NAT64
#: (64:ff9b::/96 and 64:ff9b:1::/48), fc00::/7, fe80::/10, fec0::/10 and multicast.
_OPEN_6 = IPv6Network("2000::/3")
#: Inside it: protocol assignments with Teredo, documentation, 6to4 (an IPv4 address is inside).
_CLOSED_6 = tuple(IPv6Network(net) for net in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))

_ENTRY = re.compile(r"(?:\[(?P<six>[^\[\]]+)\]|(?P<host>[^\[\]:]+)):(?P<port>\d{1,5})")
_PART = re.compile(r"0x[0-9a-f]*|\d+", re.ASCII | re.IGNORECASE)


def is_public(address: Address) -> bool:
    """Whether the address is one of the public internet's: neither private, loopback, link-local, shared, multicast,
    reserved, documentation, nor one with an IPv4 address inside (mapped, NAT64, 6to4, Teredo)."""
    if isinstance(address, IPv4Address):
        return not any(address in net for net in _CLOSED_4)
    return address in _OPEN_6 and not any(address in net for net in _CLOSED_6)


def literal(host: str) -> Address | None:
    """The address that the host is a spelling of, None for a name.

    Takes what ``inet_aton`` takes (2130706433, 0177.0.0.1, 0x7f.1, 127.1), full-width and circled digits, other full
    stops, brackets, a zone (``fe80::1%eth0``) and a full stop at the end.
    """
    plain = unicodedata.normalize("NFKC", host).replace("。", ".").strip("[]").lower()
    if ":" in plain:
        return _six(plain)
    return _four(plain.removesuffix("."))


def _six(text: str) -> Address | None:
    try:
        return ip_address(text.split("%", 1)[0])
    except ValueError:
        return None


def _four(text: str) -> IPv4Address | None:
    """As ``inet_aton``: one to four numbers, decimal, octal or hexadecimal; the last fills what is left."""
    parts = text.split(".")
    if len(parts) > 4 or any(len(part) > 40 or not _PART.fullmatch(part) for part in parts):
        return None
    try:
        *heads, last = (_number(part) for part in parts)
    except ValueError:
        return None
    value = sum(head << (24 - 8 * i) for i, head in enumerate(heads)) + last
    if any(head > 255 for head in heads) or last >= 256 ** (4 - len(heads)):
        return None
    return IPv4Address(value)


def _number(part: str) -> int:
    if part[:2].lower() == "0x":
        return int(part[2:] or "0", 16)
    return int(part, 8 if len(part) > 1 and part.startswith("0") else 10)


@dataclass(frozen=True, slots=True)
class AllowList:
    """What ``PULLQUOTE_ALLOW_HOSTS`` opens although it is not public: each entry one port of a name or network."""

    names: frozenset[tuple[str, int]] = frozenset()
    networks: tuple[tuple[Network, int], ...] = ()

    def opens_name(self, host: str, port: int) -> bool:
        """Whether the host by this very name was opened, wherever it leads."""
        return (_name(host), port) in self.names

    def opens(self, address: Address, port: int) -> bool:
        if isinstance(address, IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        return any(port == opened and address in net for net, opened in self.networks)

    def permits(self, host: str, address: Address, port: int) -> bool:
        """Whether a socket for ``host`` may connect to this address and port."""
        return is_public(address) or self.opens(address, port) or self.opens_name(host, port)


def read_allow_list(text: str) -> AllowList:
    """``host:port`` or ``CIDR:port``, separated by commas, IPv6 in brackets. Raises SettingsError with the entry."""
    names: set[tuple[str, int]] = set()
    networks: list[tuple[Network, int]] = []
    for entry in filter(None, (part.strip() for part in text.split(","))):
        found = _ENTRY.fullmatch(entry)
        if not found or not 1 <= int(found["port"]) <= 65535:
            raise _bad(entry)
        port, host = int(found["port"]), found["six"] or found["host"]
        network = _network(entry, host, number=bool(found["six"]))
        if network:
            networks.append((network, port))
        else:
            names.add((_name(host), port))
    return AllowList(frozenset(names), tuple(networks))


def _network(entry: str, host: str, number: bool) -> Network | None:
    """The network, or the single address as one; None for a name, which no ``number`` (in brackets) is."""
    if not number and "/" not in host and literal(host) is None:
        return None
    try:
        return ip_network(host, strict=False)
    except ValueError as error:
        raise _bad(entry) from error


def _bad(entry: str) -> SettingsError:
    return SettingsError(
        f"PULLQUOTE_ALLOW_HOSTS takes host:port or CIDR:port, separated by commas, IPv6 in brackets; not {entry!r}."
    )


def _name(host: str) -> str:
    return host.lower().rstrip(".")
