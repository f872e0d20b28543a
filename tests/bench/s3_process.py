"""A loopback S3 that answers at once, in a process of its own.

The tests' fake S3 shares the interpreter lock with whoever measures, so that a function would wait
for the benchmark's own work; Amazon's does not.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Mapping


def _answer(connection: socket.socket, objects: Mapping[bytes, bytes]) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    received = b""
    with connection:
        while True:
            while b"\r\n\r\n" not in received:
                chunk = connection.recv(65_536)
                if not chunk:
                    return
                received += chunk
            head, _, received = received.partition(b"\r\n\r\n")
            body = objects.get(head.split(b" ", 2)[1])
            status = b"404 Not Found" if body is None else b"200 OK"
            length = len(body or b"")
            start = b"HTTP/1.1 %b\r\nContent-Length: %d\r\n\r\n" % (status, length)
            connection.sendall(start + (body or b""))


def _serve(listener: socket.socket, objects: Mapping[bytes, bytes]) -> None:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=_answer, args=(connection, objects), daemon=True).start()


class S3Process:
    """Serves objects by path (`/bucket/key`) to unsigned and signed GETs, from enter to exit."""

    def __init__(self, objects: Mapping[str, bytes]) -> None:
        self._objects = {path.encode(): body for path, body in objects.items()}
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._process = 0
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> S3Process:
        # A fork keeps the objects and the socket; nothing has started threads yet.
        self._process = os.fork()
        if self._process == 0:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            try:
                _serve(self._listener, self._objects)
            finally:
                os._exit(0)
        self._listener.close()
        return self

    def __exit__(self, *_: object) -> None:
        os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)
