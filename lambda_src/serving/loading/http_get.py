"""One HTTP/1.1 GET over one connection, under one deadline.

`http.client` would do it too, at the price of the e-mail package and 40 further modules: on a
cold start several times what this whole fetch costs.
"""

from __future__ import annotations

import socket
import time

from serving.loading import LoadError, TransientError, UntrustedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from ssl import SSLContext
    from typing import Any

_MAX_HEAD = 16_384
_LATE = "no complete answer from S3 in time"


class Address:
    """Where to connect: `tls` None for plain HTTP, which only custom endpoints use."""

    __slots__ = ("host", "port", "tls")

    def __init__(self, host: str, port: int, tls: SSLContext | None) -> None:
        self.host = host
        self.port = port
        self.tls = tls


def _remaining(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TransientError(_LATE)
    return left


def _receive(connection: socket.socket, limit: int, deadline: float) -> bytes:
    """Up to `limit` bytes; the deadline bounds the sum of all waits, not each of them."""
    connection.settimeout(_remaining(deadline))
    data = connection.recv(limit)
    if not data:
        raise TransientError("S3 closed the connection before the answer was complete")
    return data


def _read_head(connection: socket.socket, deadline: float) -> tuple[int, dict[str, str], bytes]:
    """Status, headers in lower case, and what has already been received of the body."""
    data = b""
    while (end := data.find(b"\r\n\r\n")) < 0:
        if len(data) > _MAX_HEAD:
            raise TransientError("S3's answer has no end of headers")
        data += _receive(connection, 65_536, deadline)
    lines = data[:end].decode("latin-1").split("\r\n")
    version, _, rest = lines[0].partition(" ")
    status = rest[:3]
    if not (version in ("HTTP/1.1", "HTTP/1.0") and status.isdecimal() and rest[3:4] in ("", " ")):
        raise TransientError("S3's answer is not HTTP")
    pairs = (line.partition(":") for line in lines[1:])
    headers = {name.lower().strip(): value.strip() for name, _, value in pairs}
    return int(status), headers, data[end + 4 :]


def _read_body(
    connection: socket.socket, start: bytes, headers: dict[str, str], deadline: float, size: int
) -> bytes:
    """Exactly `size` bytes, refused by the announced length before any more is read."""
    if headers.get("content-length") != str(size):
        announced = headers.get("content-length", "")
        length = f"{announced} bytes" if announced.isdecimal() else "an unknown length"
        raise LoadError(f"the object has {length} where {size} are pinned")
    body = bytearray(start[:size])
    while len(body) < size:
        body += _receive(connection, size - len(body), deadline)
    return bytes(body)


def _wrap(connection: socket.socket, tls: SSLContext, host: str, deadline: float) -> socket.socket:
    from ssl import SSLCertVerificationError  # loaded with the context that is here

    connection.settimeout(_remaining(deadline))
    try:
        return tls.wrap_socket(connection, server_hostname=host)
    except SSLCertVerificationError as error:
        raise UntrustedError(f"S3's certificate: {error.verify_message}") from error


def _connect(address: Address, deadline: float) -> socket.socket:
    # As bytes, the name is taken as it is: a str imports the tables of international names.
    target: tuple[Any, int] = (address.host.encode("ascii"), address.port)
    connection = socket.create_connection(target, _remaining(deadline))
    try:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if address.tls is None:
            return connection
        return _wrap(connection, address.tls, address.host, deadline)
    except BaseException:
        connection.close()
        raise


def get(
    address: Address, path: str, headers: Mapping[str, str], *, size: int, deadline: float
) -> tuple[int, bytes]:
    """Status and body of `GET path`: for 200 exactly `size` bytes, else the start of the error.

    `deadline` is in seconds of `time.monotonic`. Raises `TransientError` for everything a
    second attempt may cure (no connection, no answer, a truncated or trickling body) and
    `LoadError` for a body of another length than `size`.
    """
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = f"GET {path} HTTP/1.1\r\n{lines}connection: close\r\n\r\n"
    try:
        with _connect(address, deadline) as connection:
            connection.sendall(head.encode("latin-1"))
            status, response_headers, start = _read_head(connection, deadline)
            if status != 200:
                if not start and response_headers.get("content-length", "0") != "0":
                    start = _receive(connection, 4_096, deadline)
                return status, start[:4_096]
            return status, _read_body(connection, start, response_headers, deadline, size)
    except TimeoutError as error:
        raise TransientError(_LATE) from error
    except OSError as error:
        # Name resolution, refusal, reset, and TLS where it is not the certificate.
        raise TransientError(f"no connection to S3: {type(error).__name__}") from error
