"""A loopback S3 in a small process of its own: `s3_process.py FOLDER [--tls FILE] [--delay-ms N]`.

The tests' fake S3 shares the interpreter lock with whoever measures, so that a function would wait
for the benchmark's own work; Amazon's does not.
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Mapping
from pathlib import Path

_HEAD = b'HTTP/1.1 %b\r\nContent-Length: %d\r\nETag: "%08x"\r\n\r\n'


def _answer(connection: socket.socket, objects: Mapping[bytes, bytes], delay: float) -> None:
    received = b""
    while True:
        while b"\r\n\r\n" not in received:
            chunk = connection.recv(65_536)
            if not chunk:
                return
            received += chunk
        head, _, received = received.partition(b"\r\n\r\n")
        method, path, _ = head.split(b" ", 2)
        body = objects.get(path)
        status = b"404 Not Found" if body is None else b"200 OK"
        start = _HEAD % (status, len(body or b""), zlib.crc32(body or b""))
        time.sleep(delay)
        connection.sendall(start if method == b"HEAD" or body is None else start + body)


def _connected(
    connection: socket.socket,
    objects: Mapping[bytes, bytes],
    tls: ssl.SSLContext | None,
    delay: float,
) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    # A function that has what it wanted is killed in the middle of whatever it does.
    with connection, contextlib.suppress(OSError):
        if tls is None:
            _answer(connection, objects, delay)
        else:
            with tls.wrap_socket(connection, server_side=True) as secured:
                _answer(secured, objects, delay)


def serve(folder: Path, certificate: Path | None, delay: float) -> None:
    """Answer GET and HEAD for the files of a folder, for ever; the port is printed first.

    `certificate` is a file with a key and a chain, None for plain HTTP; `delay` the seconds before
    the first byte of an answer.
    """
    files = [file for file in folder.rglob("*") if file.is_file()]
    objects = {f"/{file.relative_to(folder)}".encode(): file.read_bytes() for file in files}
    tls = None
    if certificate is not None:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate)
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    print(listener.getsockname()[1], flush=True)
    while True:
        connection, _ = listener.accept()
        arguments = (connection, objects, tls, delay)
        threading.Thread(target=_connected, args=arguments, daemon=True).start()


class S3Process:
    """Serves objects by path (`/bucket/key`) from enter to exit; `folder` is written anew.

    `certificate` is a file with a key and a chain of 127.0.0.1, None for plain HTTP; `delay_ms` is
    what passes before the first byte of an answer.
    """

    def __init__(
        self,
        objects: Mapping[str, bytes],
        folder: Path,
        certificate: Path | None = None,
        delay_ms: float = 0.0,
    ) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        for path, body in objects.items():
            file = folder / path.lstrip("/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(body)
        self._command = [sys.executable, __file__, str(folder), "--delay-ms", str(delay_ms)]
        if certificate is not None:
            self._command += ["--tls", str(certificate)]
        self._scheme = "http" if certificate is None else "https"

    def __enter__(self) -> S3Process:
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.url = f"{self._scheme}://127.0.0.1:{int(self._process.stdout.readline())}"
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tls", type=Path)
    parser.add_argument("--delay-ms", type=float, default=0.0)
    chosen = parser.parse_args()
    serve(chosen.folder, chosen.tls, chosen.delay_ms / 1000)
