"""A threaded HTTP/1.1 server on loopback that leaves every byte of the answer to its owner."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable
from io import BufferedIOBase
from typing import Any


class Call:
    """One request as it arrived, and the connection to answer it on."""

    def __init__(self, method: str, path: str, headers: dict[str, str], body: bytes) -> None:
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body
        self.connection: socket.socket

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        """A complete answer in one write; header names are given with underscores."""
        lines = "".join(f"{k.replace('_', '-')}: {v}\r\n" for k, v in headers.items())
        head = f"HTTP/1.1 {status} Answer\r\nContent-Length: {len(body)}\r\n{lines}\r\n"
        self.send(head.encode() + body)


def _read(stream: BufferedIOBase) -> Call | None:
    """One request; None where the sender is gone, also when it was killed half-way through."""
    line = stream.readline(65_536).decode("latin-1").split()
    if len(line) != 3:
        return None
    headers: dict[str, str] = {}
    while (header := stream.readline(65_536)) != b"\r\n":
        if not header:
            return None
        name, _, value = header.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip()
    if headers.get("transfer-encoding") == "chunked":
        body = b""
        while size := int(stream.readline(), 16):
            body += stream.read(size)
            if not stream.readline():
                return None
        stream.readline()
    else:
        announced = int(headers.get("content-length", "0"))
        body = stream.read(announced)
        if len(body) < announced:
            return None
    return Call(line[0], line[1], headers, body)


class Server(socketserver.ThreadingTCPServer):
    """Serves from `start` to `close`; `stopped` lets an answer wait without outliving the test."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(
        self, respond: Callable[[Call], bool | None], tls: ssl.SSLContext | None = None
    ) -> None:
        """`respond` answers a call and returns False to have the connection closed."""
        self._respond = respond
        self._tls = tls
        self.stopped = threading.Event()
        super().__init__(("127.0.0.1", 0), _Connection)

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Speaks TLS in the connection's own thread, where there is a context for it."""
        with contextlib.suppress(OSError):
            if self._tls is None:
                super().finish_request(request, client_address)
                return
            # The one that was accepted is empty from here on: closing it would close nothing.
            with self._tls.wrap_socket(request, server_side=True) as secured:
                super().finish_request(secured, client_address)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def start(self) -> None:
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self.stopped.set()
        self.shutdown()
        self.server_close()


class _Connection(socketserver.StreamRequestHandler):
    # Without it, delayed acknowledgements put 40 ms on every request.
    disable_nagle_algorithm = True
    server: Server

    def handle(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            while (call := _read(self.rfile)) is not None:
                call.connection = self.connection
                if self.server._respond(call) is False:
                    return
