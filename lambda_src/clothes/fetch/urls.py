"""The one reading of a URL: strict, so that no two parts of a fetch can read it differently."""

from __future__ import annotations

import re
from ipaddress import IPv6Address

from serving.http.problems import Problem

from clothes.fetch import addresses
from clothes.fetch.problems import REFUSED_URL

MAX_LENGTH = 2_048

# Host names as they are looked up: ASCII letters, digits, hyphens and underscores. So no percent
# encoding, no user, no zone of an IPv6 address, and international names as xn--.
# Of ASCII only: Unicode has letters, like the long s, whose upper case is one of ASCII's.
_CASE = re.IGNORECASE | re.ASCII
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"(?:{_LABEL}\.)*{_LABEL}\.?", _CASE)
_URL = re.compile(
    r"(https?)://"
    r"(\[[0-9a-f:.]{2,45}\]|[a-z0-9_.-]{1,254})"
    r"(?::([0-9]{1,5}))?"
    r"((?:[/?][^#]*)?)"
    r"(?:#.*)?",
    _CASE,
)
# What `inet_aton` and browsers take for an IPv4 address: the last part is a number.
_NUMERIC = re.compile(r"(?:.*\.)?(?:0x[0-9a-f]*|[0-9]+)\.?", _CASE)
_BYTE = r"(?:0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])"
_PLAIN_IPV4 = re.compile(rf"{_BYTE}(?:\.{_BYTE}){{3}}")
# What a request line holds as it is. The rest is percent-encoded, UTF-8 first.
_KEPT = re.compile(r"[!$%&'()*+,./0-9:;=?@A-Z_a-z~\[\]|^-]")
_PORTS = {"http": 80, "https": 443}


class Url:
    """`host` in lower case, without the brackets of IPv6; `target` is what a request line asks
    for; `authority` what its Host header says."""

    __slots__ = ("authority", "host", "port", "scheme", "target")

    def __init__(self, scheme: str, host: str, port: int, target: str) -> None:
        self.scheme = scheme
        self.host = host
        self.port = port
        self.target = target
        name = f"[{host}]" if ":" in host else host
        self.authority = name if port == _PORTS[scheme] else f"{name}:{port}"

    @property
    def is_ordinary(self) -> bool:
        """Whether it is https on its own port: all that the public internet is asked."""
        return self.scheme == "https" and self.port == _PORTS["https"]

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"


def read(text: str) -> Url:
    """The URL that `text` is, its fragment left off.

    Raises `Problem` refused-url for anything but http and https with a plain host: users and
    passwords, backslashes, spaces and control characters, hosts in decimal, octal, hexadecimal or
    with fewer than four parts, brackets around anything but IPv6, ports out of range, more than
    `MAX_LENGTH` characters.
    """
    if len(text) > MAX_LENGTH:
        raise _refused(f"The URL is longer than {MAX_LENGTH} characters. Send a shorter one.")
    if re.search(r"[\x00-\x20\x7f-\x9f\\\s]|[\ud800-\udfff]", text):
        raise _refused(
            "The URL holds a space, a backslash, a control character or half of a surrogate pair. "
            "Percent-encode what belongs to it."
        )
    match = _URL.fullmatch(text)
    if match is None:
        raise _refused(
            "The URL is not https:// with a host name, without user name or password, and a path. "
            "Send the address of a picture on the web."
        )
    scheme, host = match[1].lower(), match[2].lower()
    port = int(match[3]) if match[3] else _PORTS[scheme]
    if not 0 < port < 65_536:
        raise _refused("The URL's port is not 1 to 65535. Leave it out.")
    target = match[4] if match[4].startswith("/") else f"/{match[4]}"
    return Url(scheme, _host(host), port, _encoded(target))


def _host(host: str) -> str:
    if host.startswith("["):
        # Anything else in brackets would be looked up, and resolvers take numbers for addresses.
        if not isinstance(addresses.parse(host[1:-1]), IPv6Address):
            raise _refused("The URL's host in brackets is no IPv6 address. Send a host name.")
        return host[1:-1]
    if _NUMERIC.fullmatch(host):
        if not _PLAIN_IPV4.fullmatch(host):
            raise _refused(
                "The URL's host is a number that is not four decimal ones with dots between. "
                "Send a host name."
            )
    elif not _NAME.fullmatch(host):
        raise _refused("The URL's host is no host name. Send the address of a picture on the web.")
    return host.removesuffix(".")


def _encoded(target: str) -> str:
    if _KEPT.sub("", target) == "":
        return target
    return "".join(
        character
        if _KEPT.fullmatch(character)
        else "".join(f"%{byte:02X}" for byte in character.encode())
        for character in target
    )


def _refused(detail: str) -> Problem:
    return Problem(REFUSED_URL, detail)
