"""A door in front of the local AWS's S3 that can be out of order for a while."""

from __future__ import annotations

import http.client
import time

from tools.local_aws.raw_http import Call, Server

_NOT_HANDED_ON = frozenset(("transfer-encoding", "connection", "content-length"))


class FaultyS3:
    """Hands requests on; `refused` counts those that it did not."""

    def __init__(self) -> None:
        self.refused = 0
        self._port = 0
        self._out_until = 0.0
        self._server = Server(self._respond)
        self.url = f"http://127.0.0.1:{self._server.port}"

    def __enter__(self) -> FaultyS3:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.close()

    def forward_to(self, port: int) -> None:
        """Says where requests are handed on to, on loopback."""
        self._port = port

    def fail_for(self, seconds: float) -> None:
        """From now on, answers 503 or nothing at all."""
        self._out_until = time.monotonic() + seconds

    def _respond(self, call: Call) -> bool | None:
        if time.monotonic() < self._out_until:
            self.refused += 1
            if self.refused % 2:
                return False
            call.answer(503, b"<Error><Code>SlowDown</Code></Error>")
            return None
        there = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        try:
            headers = {k: v for k, v in call.headers.items() if k not in _NOT_HANDED_ON}
            there.request(call.method, call.path, call.body or None, headers)
            answer = there.getresponse()
            body = answer.read()
        finally:
            there.close()
        lines = "".join(
            f"{name}: {value}\r\n"
            for name, value in answer.getheaders()
            if name.lower() not in _NOT_HANDED_ON
        )
        length = answer.headers.get("content-length", str(len(body)))
        head = f"HTTP/1.1 {answer.status} Answer\r\n{lines}content-length: {length}\r\n\r\n"
        call.send(head.encode())
        if call.method != "HEAD":
            call.send(body)
        return None
