"""A loopback S3 that answers at once, in a small process of its own: `s3_process.py FOLDER`.

The tests' fake S3 shares the interpreter lock with whoever measures, so that a function would wait
for the benchmark's own work; Amazon's does not.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import threading
import zlib
from collections.abc import Mapping
from pathlib import Path

_HEAD = b'HTTP/1.1 %b\r\nContent-Length: %d\r\nETag: "%08x"\r\n\r\n'


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
            method, path, _ = head.split(b" ", 2)
            body = objects.get(path)
            status = b"404 Not Found" if body is None else b"200 OK"
            start = _HEAD % (status, len(body or b""), zlib.crc32(body or b""))
            connection.sendall(start if method == b"HEAD" or body is None else start + body)


def serve(folder: Path) -> None:
    """Answer GET and HEAD for the files of a folder, for ever; the port is printed first."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    objects = {f"/{file.relative_to(folder)}".encode(): file.read_bytes() for file in files}
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    print(listener.getsockname()[1], flush=True)
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=_answer, args=(connection, objects), daemon=True).start()


class S3Process:
    """Serves objects by path (`/bucket/key`) from enter to exit; `folder` is written anew."""

    def __init__(self, objects: Mapping[str, bytes], folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        for path, body in objects.items():
            file = folder / path.lstrip("/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(body)
        self._folder = folder

    def __enter__(self) -> S3Process:
        command = [sys.executable, __file__, str(self._folder)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.url = f"http://127.0.0.1:{int(self._process.stdout.readline())}"
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
