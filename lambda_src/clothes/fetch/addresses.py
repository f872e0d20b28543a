"""Which IP addresses a stranger may have this function connect to: those of the public internet.

The tables are IANA's special-purpose registries, written out: what `ipaddress` calls global has
changed between patch releases of Python.
https://www.iana.org/assignments/iana-ipv4-special-registry
https://www.iana.org/assignments/iana-ipv6-special-registry
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

TYPE_CHECKING = False
if TYPE_CHECKING:
    Address = IPv4Address | IPv6Address

_REFUSED_4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this network: Linux connects 0.0.0.0 to itself
            "10.0.0.0/8",  # private
            "100.64.0.0/10",  # carriers' own; also cloud providers' metadata
            "127.0.0.0/8",  # loopback: Lambda's own runtime API among others
            "169.254.0.0/16",  # link-local: credentials and metadata of every cloud
            "172.16.0.0/12",  # private
            "192.0.0.0/24",  # protocol assignments
            "192.0.2.0/24",  # documentation
            "192.88.99.0/24",  # 6to4 relays
            "192.168.0.0/16",  # private
            "198.18.0.0/15",  # measuring of networks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, and broadcast
        ),
    )
)
_GLOBAL_6 = IPv6Network("2000::/3")
"""All that is given out. Outside it lie loopback, link-local, unique-local (AWS's metadata at
fd00:ec2::254), multicast, IPv4-mapped and IPv4-compatible addresses and NAT64 (64:ff9b::/96)."""
_REFUSED_6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # protocol assignments: Teredo, which holds an IPv4 address, and ORCHID
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4, which holds an IPv4 address
            "3fff::/20",  # documentation
        ),
    )
)


def parse(text: str) -> Address | None:
    """The address that a resolver or a URL has written; None where it is none, or has a zone."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return None if isinstance(address, IPv6Address) and address.scope_id else address


def is_public(address: Address) -> bool:
    """Whether it is a unicast address that anybody on the internet can reach, and no other.

    Addresses that carry an IPv4 address within are refused whatever it is: where a gateway
    translates them, it does so inside somebody's network.
    """
    if isinstance(address, IPv4Address):
        return address.is_global and not any(address in network for network in _REFUSED_4)
    if address not in _GLOBAL_6 or any(address in network for network in _REFUSED_6):
        return False
    return address.is_global


def is_loopback(address: Address) -> bool:
    """Whether it is this machine's own 127.0.0.0/8 or ::1, written as such."""
    return address.is_loopback and getattr(address, "ipv4_mapped", None) is None
