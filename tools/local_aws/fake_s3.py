"""An S3 on loopback that holds objects, takes new ones, counts requests and fails on demand."""

from __future__ import annotations

import hashlib
import re
import socket
import ssl
import struct
from collections.abc import Callable

from tools.local_aws.raw_http import Call, Server

Fault = Callable[["FakeS3", Call, bytes], bool | None]
"""Answers one call for an object's bytes in its own way; False closes the connection."""


class FakeS3:
    """Objects by path (`/bucket/key`); `faults` by path are used up one a request, in order,
    and `always` applies to every request that has none left."""

    def __init__(
        self, objects: dict[str, bytes] | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self.objects = objects or {}
        self.faults: dict[str, list[Fault]] = {}
        self.always: dict[str, Fault] = {}
        self.calls: list[Call] = []
        self._server = Server(self._respond, tls)
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self._server.port}"

    def __enter__(self) -> FakeS3:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.close()

    def count(self, path: str) -> int:
        """How many requests named this path."""
        return sum(call.path == path for call in self.calls)

    def wait(self, seconds: float) -> None:
        """Passes time, but not beyond the end of the test."""
        self._server.stopped.wait(seconds)

    def environ(self) -> dict[str, str]:
        """The variables with which a function, or an SDK, reads from here."""
        return {
            "AWS_ENDPOINT_URL_S3": self.url,
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "AWS_SESSION_TOKEN": "session-token",
        }

    def _respond(self, call: Call) -> bool | None:
        self.calls.append(call)
        body = self.objects.get(call.path)
        queue = self.faults.get(call.path)
        fault = queue.pop(0) if queue else self.always.get(call.path)
        if fault is not None:
            return fault(self, call, body or b"")
        if call.method == "PUT":
            return self._put(call, is_new=body is None)
        if body is None:
            return error(404, "NoSuchKey")(self, call, b"")
        if call.headers.get("if-match", etag(body)) != etag(body):
            return error(412, "PreconditionFailed")(self, call, b"")
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", call.headers.get("range", ""))
        if asked is None:
            call.answer(200, body)
        else:
            call.answer(206, body[int(asked[1]) : int(asked[2]) + 1])
        return None

    def _put(self, call: Call, *, is_new: bool) -> bool | None:
        if call.headers.get("if-none-match") == "*" and not is_new:
            return error(412, "PreconditionFailed")(self, call, b"")
        self.objects[call.path] = call.body
        call.answer(200)
        return None


def etag(content: bytes) -> str:
    """The ETag of an object that was put in one piece."""
    return f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"'


def error(status: int, code: str) -> Fault:
    """S3's own error document."""

    def fault(_s3: FakeS3, call: Call, _body: bytes) -> None:
        call.answer(status, f"<Error><Code>{code}</Code></Error>".encode())

    return fault


def replaced(body: bytes) -> Fault:
    """A well-formed answer with other content."""
    return lambda _s3, call, _body: call.answer(200, body)


def flipped(index: int) -> Fault:
    """The object with one bit turned."""

    def fault(_s3: FakeS3, call: Call, body: bytes) -> None:
        call.answer(200, body[:index] + bytes([body[index] ^ 1]) + body[index + 1 :])

    return fault


def _announce(call: Call, length: int) -> None:
    call.send(f"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n".encode())


def truncated(count: int) -> Fault:
    """The full length announced, `count` bytes sent, the connection closed."""

    def fault(_s3: FakeS3, call: Call, body: bytes) -> bool:
        _announce(call, len(body))
        call.send(body[:count])
        return False

    return fault


def stalled(count: int | None = None) -> Fault:
    """No answer at all, or one that stops after `count` bytes of the body."""

    def fault(s3: FakeS3, call: Call, body: bytes) -> bool:
        if count is not None:
            _announce(call, len(body))
            call.send(body[:count])
        s3.wait(60)
        return False

    return fault


def trickling(pause: float) -> Fault:
    """The body byte by byte: every wait is short, their sum is not."""

    def fault(s3: FakeS3, call: Call, body: bytes) -> bool:
        _announce(call, len(body))
        for index in range(len(body)):
            call.send(body[index : index + 1])
            s3.wait(pause)
        return False

    return fault


def delayed(seconds: float) -> Fault:
    """The right answer, later."""

    def fault(s3: FakeS3, call: Call, body: bytes) -> None:
        s3.wait(seconds)
        call.answer(200, body)

    return fault


def reset(_s3: FakeS3, call: Call, _body: bytes) -> bool:
    """The connection reset instead of an answer."""
    call.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    call.connection.close()
    return False


def raw(data: bytes) -> Fault:
    """Any bytes as the answer, then the end of the connection."""

    def fault(_s3: FakeS3, call: Call, _body: bytes) -> bool:
        call.send(data)
        return False

    return fault


def flooding(_s3: FakeS3, call: Call, _body: bytes) -> bool:
    """Headers that never end."""
    call.send(b"HTTP/1.1 200 OK\r\n")
    for _ in range(10_000):
        call.send(b"x-filler: " + b"a" * 1_000 + b"\r\n")
    return False


def closed_port() -> int:
    """A port of loopback on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
