"""One HTTP/1.1 GET over one connection, under one deadline.

`http.client` would do it too, at the price of the e-mail package and 40 further modules: on a
cold start several times what this whole fetch costs. `_socket` and `_ssl` are what CPython's own
`socket` and `ssl` are made of, without the enumerations that are most of their import; OpenSSL
verifies chain and name either way. docs/decisions/0019-start-over-tls.md
"""

from __future__ import annotations

import time
from _socket import IPPROTO_TCP, SOCK_STREAM, TCP_NODELAY, getaddrinfo, socket

from serving.loading import LoadError, TransientError, UntrustedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    # Of CPython, and unknown to type checkers: a context and a connection that is encrypted.
    Context = Any
    Secured = Any

_MAX_HEAD = 16_384
_LATE = "no complete answer from S3 in time"
_CLOSED = "S3 closed the connection before the answer was complete"


class Address:
    """Where to connect: `trust` gives what verifies chain and name; None for plain HTTP, which only
    custom endpoints use."""

    __slots__ = ("host", "port", "trust")

    def __init__(self, host: str, port: int, trust: Callable[[], Context] | None) -> None:
        self.host = host
        self.port = port
        self.trust = trust


def _remaining(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TransientError(_LATE)
    return left


class _Socket(socket):
    """A socket that what encrypts may refer to weakly."""

    __slots__ = ("__weakref__",)


class _Connection:
    """A socket, and what encrypts what goes over it; closed at the end of a `with`."""

    __slots__ = ("_secured", "_socket")

    def __init__(self, address: Address, deadline: float) -> None:
        """Raises `OSError`, and `UntrustedError` for a certificate that does not verify."""
        self._secured: Secured | None = None
        self._socket = _connected(address, deadline)
        try:
            self._socket.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
            if address.trust is not None:
                self._secured = self._handshake(address.trust(), address.host, deadline)
        except BaseException:
            self._socket.close()
            raise

    def _handshake(self, tls: Context, host: str, deadline: float) -> Secured:
        from _ssl import SSLCertVerificationError  # loaded with the context that is here

        self._socket.settimeout(_remaining(deadline))
        secured = tls._wrap_socket(self._socket, False, host)
        try:
            secured.do_handshake()
        except SSLCertVerificationError as error:
            raise UntrustedError(f"S3's certificate: {error.verify_message}") from error
        return secured

    def __enter__(self) -> _Connection:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def send(self, data: bytes, deadline: float) -> None:
        self._socket.settimeout(_remaining(deadline))
        if self._secured is None:
            self._socket.sendall(data)
            return
        while data:
            data = data[self._secured.write(data) :]

    def receive(self, limit: int, deadline: float) -> bytes:
        """Up to `limit` bytes; the deadline bounds the sum of all waits, not each of them."""
        self._socket.settimeout(_remaining(deadline))
        data: bytes = (
            self._socket.recv(limit) if self._secured is None else self._secured.read(limit)
        )
        if not data:
            raise TransientError(_CLOSED)
        return data

    def receive_into(self, buffer: memoryview, deadline: float) -> int:
        """As `receive`, into the beginning of `buffer`; how many bytes."""
        self._socket.settimeout(_remaining(deadline))
        count: int = (
            self._socket.recv_into(buffer)
            if self._secured is None
            else self._secured.read(len(buffer), buffer)
        )
        if not count:
            raise TransientError(_CLOSED)
        return count


def _connected(address: Address, deadline: float) -> _Socket:
    """A connection to the first of the host's addresses that accepts one. Raises `OSError`."""
    # As bytes, the name is taken as it is: a str imports the tables of international names.
    found = getaddrinfo(address.host.encode("ascii"), address.port, 0, SOCK_STREAM)
    for place, (family, kind, protocol, _, target) in enumerate(found, 1):
        connection = _Socket(family, kind, protocol)
        try:
            connection.settimeout(_remaining(deadline))
            connection.connect(target)
        except OSError:
            connection.close()
            if place == len(found):
                raise
        except BaseException:
            connection.close()
            raise
        else:
            return connection
    raise OSError("the host has no address")


def _read_head(connection: _Connection, deadline: float) -> tuple[int, dict[str, str], bytes]:
    """Status, headers in lower case, and what has already been received of the body."""
    data = b""
    while (end := data.find(b"\r\n\r\n")) < 0:
        if len(data) > _MAX_HEAD:
            raise TransientError("S3's answer has no end of headers")
        data += connection.receive(65_536, deadline)
    lines = data[:end].decode("latin-1").split("\r\n")
    version, _, rest = lines[0].partition(" ")
    status = rest[:3]
    if not (version in ("HTTP/1.1", "HTTP/1.0") and status.isdecimal() and rest[3:4] in ("", " ")):
        raise TransientError("S3's answer is not HTTP")
    pairs = (line.partition(":") for line in lines[1:])
    headers = {name.lower().strip(): value.strip() for name, _, value in pairs}
    return int(status), headers, data[end + 4 :]


def _read_body(
    connection: _Connection, start: bytes, headers: dict[str, str], deadline: float, size: int
) -> bytearray:
    """Exactly `size` bytes, refused by the announced length before any more is read."""
    if headers.get("content-length") != str(size):
        announced = headers.get("content-length", "")
        length = f"{announced} bytes" if announced.isdecimal() else "an unknown length"
        raise LoadError(f"the object has {length} where {size} are pinned")
    # Where it is to lie: 16 KiB come at a time, and each would be room for all that is missing.
    body = bytearray(size)
    view, filled = memoryview(body), min(len(start), size)
    view[:filled] = start[:size]
    while filled < size:
        filled += connection.receive_into(view[filled:], deadline)
    return body


def get(
    address: Address,
    path: str,
    headers: Callable[[], Mapping[str, str]],
    *,
    size: int,
    deadline: float,
) -> tuple[int, bytes | bytearray]:
    """Status and body of `GET path`: for 200 exactly `size` bytes, else the start of the error.

    `address.trust` and `headers` are called when there is a connection: to find a host takes no
    processor, and they do. `deadline` is in seconds of `time.monotonic`. Raises `TransientError`
    for everything a second attempt may cure (no connection, no answer, a truncated or trickling
    body) and `LoadError` for a body of another length than `size`.
    """
    try:
        with _Connection(address, deadline) as connection:
            lines = "".join(f"{name}: {value}\r\n" for name, value in headers().items())
            head = f"GET {path} HTTP/1.1\r\n{lines}connection: close\r\n\r\n"
            connection.send(head.encode("latin-1"), deadline)
            status, response_headers, start = _read_head(connection, deadline)
            if status != 200:
                if not start and response_headers.get("content-length", "0") != "0":
                    start = connection.receive(4_096, deadline)
                return status, start[:4_096]
            return status, _read_body(connection, start, response_headers, deadline, size)
    except TimeoutError as error:
        raise TransientError(_LATE) from error
    except OSError as error:
        # Name resolution, refusal, reset, and TLS where it is not the certificate.
        raise TransientError(f"no connection to S3: {type(error).__name__}") from error
