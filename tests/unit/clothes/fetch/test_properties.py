"""What must hold for every URL, address and answer, also those nobody has thought of."""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any
from urllib.parse import urlsplit

import pytest
from clothes.fetch import addresses, urls
from clothes.fetch.http_response import MAX_AROUND, Stream, read_body, read_head
from hypothesis import example, given
from hypothesis import strategies as st
from serving.http.problems import Problem

from tests.harness.picture_server import PICTURE

LIMIT = 10_000

_HOST_CHARACTERS = "aA0.19xXfF-_[]:@%/\\?#&;=+~ \t\n\x00é①。ſK"
_AUTHORITIES = st.one_of(
    st.text(_HOST_CHARACTERS, max_size=20),
    st.from_regex(r"[a-z0-9.-]{1,12}(:[0-9]{1,6})?", fullmatch=True),
    st.ip_addresses().map(lambda a: f"[{a}]" if a.version == 6 else str(a)),
    st.integers(0, 2**33).map(str),
)
_URLS = st.builds(
    "{}{}{}".format,
    st.sampled_from(["https://", "http://", "HTTPS://", "https:/", "https:", "//", "file://", ""]),
    _AUTHORITIES,
    st.one_of(st.just(""), st.text("/?#@:.%a\\é \n[]", max_size=12)),
)


@given(_URLS)
@example("https://a@b")
@example("https://a\\@b")
@example("https://a#@b/")
@example("https://a?@b/")
@example("https://a/@b")
def test_a_url_that_is_read_is_read_as_python_reads_it(text: str) -> None:
    """Two readings of one URL are how a check and a connection come apart."""
    try:
        url = urls.read(text)
    except Problem:
        return
    split = urlsplit(text)
    assert split.scheme == url.scheme
    assert (split.username, split.password) == (None, None)
    assert (split.hostname or "").removesuffix(".") == url.host
    assert (split.port or {"http": 80, "https": 443}[url.scheme]) == url.port
    assert url.target.startswith("/")
    assert url.target.isascii()
    assert url.target.isprintable()
    assert " " not in url.target
    # What is asked for, read again, is itself: a redirect to where one is is no escape.
    again = urls.read(str(url))
    assert (again.host, again.port, again.target) == (url.host, url.port, url.target)


_NUMBERS = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "[", "[::"]),
    st.lists(
        st.one_of(
            st.integers(0, 2**33).map(str),
            st.integers(0, 2**33).map(hex),
            st.integers(0, 2**33).map("0{:o}".format),
        ),
        min_size=1,
        max_size=5,
    ).map(".".join),
    st.sampled_from(["", "]", ".", ".]"]),
)


@given(_NUMBERS)
@example("[134744072]")
@example("134744072")
def test_what_a_resolver_takes_for_a_number_is_no_name(host: str) -> None:
    try:
        url = urls.read(f"https://{host}/")
    except Problem:
        return
    # What is no address, as it is written, is looked up.
    if addresses.parse(url.host) is None:
        with pytest.raises(OSError, match="illegal"):
            socket.inet_aton(url.host)


@given(st.ip_addresses())
def test_no_public_address_is_anything_special(address: IPv4Address | IPv6Address) -> None:
    if addresses.is_public(address):
        assert address.is_global
        for kind in ("private", "loopback", "link_local", "multicast", "reserved", "unspecified"):
            assert not getattr(address, f"is_{kind}")
        for carried in ("ipv4_mapped", "sixtofour", "teredo"):
            assert getattr(address, carried, None) is None


@given(st.ip_addresses(v=4))
@example(IPv4Address("8.8.8.8"))
@example(IPv4Address("169.254.169.254"))
def test_an_address_within_an_address_is_refused(inner: IPv4Address) -> None:
    high, low = divmod(int(inner), 2**16)
    for text in (f"::ffff:{inner}", f"::{inner}", f"64:ff9b::{inner}", f"2002:{high:x}:{low:x}::1",
                 f"2001:0:{high:x}:{low:x}::1", f"::ffff:0:{inner}"):  # fmt: skip
        address = ip_address(text)
        assert not addresses.is_public(address)
        # `::1` is loopback, and is ::0.0.0.1 written shorter.
        assert not addresses.is_loopback(address) or text == "::0.0.0.1"


class Connection:
    """A connection that delivers these bytes, cut as the sizes say, and ends."""

    def __init__(self, data: bytes, sizes: list[int]) -> None:
        self._data = data
        self._sizes = sizes

    def settimeout(self, seconds: float) -> None:
        assert seconds > 0

    def recv(self, limit: int) -> bytes:
        size = min(limit, self._sizes.pop() if self._sizes else limit)
        taken, self._data = self._data[:size], self._data[size:]
        return taken


def read(data: bytes, sizes: list[int], limit: int = LIMIT) -> bytes:
    connection: Any = Connection(data, sizes)
    stream = Stream(connection, time.monotonic() + 60.0, limit + MAX_AROUND)
    return read_body(stream, read_head(stream), limit)


_PIECES = st.sampled_from(
    [b"HTTP/1.1 200 OK\r\n", b"HTTP/1.0 200\r\n", b"HTTP/1.1 103 \r\n\r\n", b"\r\n", b"\r\n\r\n",
     b"Content-Length: 5\r\n", b"Content-Length: 99999999999\r\n", b"Content-Length: \xb2\r\n",
     b"Transfer-Encoding: chunked\r\n", b"5\r\nabcde\r\n", b"0\r\n\r\n", b"ffffffff\r\n", b"abcde",
     b"Content-Encoding: gzip\r\n", b"X:y\r\n", b":\r\n", b"\n", b"\xff\x00", b"1_0\r\n"]
)  # fmt: skip
_SIZES = st.lists(st.integers(1, 40), max_size=50)


@given(st.lists(st.one_of(_PIECES, st.binary(max_size=30)), max_size=12).map(b"".join), _SIZES)
@example(b"HTTP/1.1 200 OK\r\nContent-Length: \xb2\r\n\r\nab", [])
@example(b"HTTP/1.1 2\xb20 OK\r\n\r\nab", [])
def test_any_answer_is_a_body_within_the_limit_or_a_problem(data: bytes, sizes: list[int]) -> None:
    with suppress(Problem):
        assert len(read(data, sizes, 20)) <= 20


@given(st.lists(st.integers(1, 90), min_size=1, max_size=9), _SIZES)
def test_a_picture_arrives_whole_however_it_is_cut(parts: list[int], sizes: list[int]) -> None:
    chunks, position = b"", 0
    for part in [*parts, len(PICTURE)]:
        data, position = PICTURE[position : position + part], position + part
        chunks += b"%X\r\n%s\r\n" % (len(data), data) if data else b""
    head = b"HTTP/1.1 200 OK\r\n"
    for answer in (
        head + b"Transfer-Encoding: Chunked\r\n\r\n" + chunks + b"000\r\n\r\n",
        head + b"CONTENT-LENGTH:%d\r\n\r\n" % len(PICTURE) + PICTURE + b"more",
        head + b"\r\n" + PICTURE,
    ):
        assert read(answer, [*sizes]) == PICTURE
