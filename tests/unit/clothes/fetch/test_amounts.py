"""How much one picture may make the function receive, whatever its host sends around it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from clothes.fetch.fetcher import Fetcher, Limits
from clothes.fetch.http_response import MAX_AROUND

from tests.unit.clothes.fetch.conftest import PUBLIC, refusal

SIZE = 100_000
_HEAD = b"HTTP/1.1 200 OK\r\n"
_CHUNKED = _HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
_FOUND = b"HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\n"
ENDLESS: dict[str, tuple[bytes, bytes]] = {
    "body": (_HEAD + b"\r\n", b"x" * 4_096),
    "chunks": (_CHUNKED, b"1000\r\n" + b"x" * 4_096 + b"\r\n"),
    "chunks of a byte": (_CHUNKED, b"1\r\nx\r\n"),
    "chunks with notes": (_CHUNKED, b"1;" + b"n" * 240 + b"\r\nx\r\n"),
    "chunks with zeros": (_CHUNKED, b"00000001\r\nx\r\n"),
    "headers": (_HEAD, b"X: " + b"y" * 4_000 + b"\r\n"),
    "informational answers": (b"", b"HTTP/1.1 103 \r\nX: " + b"y" * 9_000 + b"\r\n\r\n"),
    "redirects": (_FOUND, b"x" * 4_096),
}


class Endless:
    """A connection that goes on sending the same, and counts what was taken."""

    def __init__(self, start: bytes, again: bytes) -> None:
        self.received = 0
        self._held = start
        self._more: Iterator[bytes] = itertools.repeat(again * (1 + 65_536 // len(again)))

    def settimeout(self, seconds: float) -> None:
        assert seconds > 0

    def sendall(self, data: bytes) -> None:
        assert data.startswith(b"GET ")

    def recv(self, limit: int) -> bytes:
        while len(self._held) < limit:
            self._held += next(self._more)
        taken, self._held = self._held[:limit], self._held[limit:]
        self.received += len(taken)
        return taken

    def __enter__(self) -> Endless:
        return self

    def __exit__(self, *_: object) -> None:
        return None


@pytest.mark.parametrize("name", ENDLESS)
def test_what_is_received_for_one_picture(name: str) -> None:
    opened: list[Endless] = []

    def connect(*_: object) -> Any:
        opened.append(Endless(*ENDLESS[name]))
        return opened[-1]

    def resolve(*_: object) -> Sequence[str]:
        return ["127.0.0.1"]

    fetcher = Fetcher(loopback=True, limits=Limits(size=SIZE), resolve=resolve, connect=connect)
    problem = refusal(fetcher, "http://a.example/", 60.0)
    assert problem.type.slug in ("picture-not-fetched", "picture-too-large")
    assert len(opened) <= fetcher.limits.redirects + 1
    *redirects, last = (connection.received for connection in opened)
    assert last <= SIZE + MAX_AROUND + 65_536
    assert all(received <= 5 * 65_536 for received in redirects)


@pytest.mark.parametrize("unit", ["a/../", "\u0300\u0323"])
def test_a_location_is_no_longer_than_an_address(unit: str) -> None:
    """Joined, one of them is short, and the other takes a fifth of a second of a processor."""
    lines = f"HTTP/1.1 302 Found\r\nLocation: //a{unit * 4_000}\r\n\r\n".encode()

    def connect(*_: object) -> Any:
        return Endless(lines, b"x")

    fetcher = Fetcher(loopback=True, resolve=lambda *_: ["127.0.0.1"], connect=connect)
    problem = refusal(fetcher, "http://a.example/", 60.0)
    assert problem.type.slug == "picture-not-fetched"
    assert problem.detail == "The host redirects to more than 2048 characters."


def test_a_name_of_many_addresses_is_tried_at_few_in_each_hop() -> None:
    tried: list[str] = []

    def refuse(address: str, *_: object) -> Any:
        tried.append(address)
        raise ConnectionRefusedError

    fetcher = Fetcher(resolve=lambda *_: [PUBLIC] * 50, connect=refuse)
    assert refusal(fetcher, "https://a.example/").type.slug == "picture-not-fetched"
    assert len(tried) == 4
