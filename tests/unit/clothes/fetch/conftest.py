"""A web server of pictures and faults, and fetchers that reach it."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from clothes.fetch.fetcher import Fetcher, Limits
from clothes.fetch.sockets import connect
from serving.http.problems import Problem

from tests.harness.picture_server import ImageServer, image_server

PUBLIC = "93.184.215.14"
"""An address of the public internet, to which no test connects."""


@pytest.fixture(scope="session")
def images() -> Iterator[ImageServer]:
    with image_server() as server:
        yield server


def get(fetcher: Fetcher, text: str, seconds: float = 5.0) -> bytes:
    """The bytes at a URL, by the one fetcher, within these seconds."""
    return fetcher.fetch(fetcher.check(text), time.monotonic() + seconds)


def refusal(fetcher: Fetcher, text: str, seconds: float = 5.0) -> Problem:
    """The problem that fetching this URL is."""
    with pytest.raises(Problem) as raised:
        get(fetcher, text, seconds)
    return raised.value


@pytest.fixture
def local() -> Fetcher:
    """May ask this machine's loopback addresses, over http too."""
    return Fetcher(loopback=True)


class Network:
    """A network that exists in this test alone: names with their addresses, and one server that
    stands at every address. `looked_up` and `connected` tell what was asked of it."""

    def __init__(self, names: dict[str, list[str]], port: int = 1) -> None:
        self.names = names
        self.looked_up: list[str] = []
        self.connected: list[tuple[str, int]] = []
        self._port = port

    def resolve(self, host: str, _: int) -> Sequence[str]:
        self.looked_up.append(host)
        if host not in self.names:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return self.names[host]

    def connect(self, address: str, port: int, seconds: float) -> socket.socket:
        self.connected.append((address, port))
        return connect("127.0.0.1", self._port, seconds)

    def fetcher(self, **options: Any) -> Fetcher:
        return Fetcher(resolve=self.resolve, connect=self.connect, **options)


Quick = Callable[[float], Fetcher]


def limited(**limits: Any) -> Fetcher:
    """A fetcher of loopback addresses with these limits in place of the usual."""
    return Fetcher(loopback=True, limits=Limits(**limits))
