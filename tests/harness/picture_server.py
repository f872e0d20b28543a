"""A web server of pictures on loopback, and of all that can be wrong with one.

It answers `/pictures/<kind>.<png|jpeg|webp>` with a drawing, the paths of `FAULTS` as they say, and
those of `files` with whatever a test has put there.
"""

from __future__ import annotations

import contextlib
import gzip
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tools.bench.drawings import OUTLINES, draw, encoded
from tools.local_aws.raw_http import Call, Server

PICTURE = encoded(draw())
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n"
_LENGTH = b"Content-Length: %d\r\n\r\n" % len(PICTURE)
_CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
LARGE = 5_000_001
HTML = b"<!doctype html><title>No picture</title>"

Fault = Callable[[Call, Server], None]


def _sent(*parts: bytes) -> Fault:
    """These bytes, and the end of the connection."""
    return lambda call, _: call.send(b"".join(parts))


def _answered(status: int, body: bytes = PICTURE, **headers: str) -> Fault:
    return lambda call, _: call.answer(status, body, **headers)


def _redirected(target: str, status: int = 302) -> Fault:
    return lambda call, _: call.answer(status, Location=target)


def _stalled(*parts: bytes) -> Fault:
    """These bytes, and then nothing while the server runs."""

    def stall(call: Call, server: Server) -> None:
        call.send(b"".join(parts))
        server.stopped.wait()

    return stall


def _trickled(start: bytes, drop: bytes, pause: float = 0.02) -> Fault:
    """`drop` again and again, sooner than any wait for a single read would end."""

    def trickle(call: Call, server: Server) -> None:
        call.send(start)
        while not server.stopped.wait(pause):
            call.send(drop)

    return trickle


def _chunks(data: bytes, size: int = 100) -> bytes:
    parts = [data[start : start + size] for start in range(0, len(data), size)]
    return b"".join(b"%x;note=1\r\n%s\r\n" % (len(part), part) for part in parts)


GOOD: dict[str, Fault] = {
    "/chunked": _sent(_HEAD, _CHUNKED, _chunks(PICTURE), b"0\r\nTrailer: x\r\n\r\n"),
    "/until-close": _sent(_HEAD, b"\r\n", PICTURE),
    "/http-1.0": _sent(_HEAD.replace(b"1.1", b"1.0"), b"\r\n", PICTURE),
    "/early-hints": _sent(
        b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n", _HEAD, _LENGTH, PICTURE
    ),
    "/wrong-type": _answered(200, Content_Type="text/html"),
    "/no-type": _answered(200),
    "/identity": _answered(200, Content_Encoding="identity"),
    "/redirect": _redirected("/pictures/t-shirt.png"),
    "/redirect-relative": _redirected("pictures/./t-shirt.png?size=1#top"),
    **{f"/redirect-{n}": _redirected(f"/redirect-{n - 1}", 300 + n) for n in (2, 3)},
    "/redirect-1": _redirected("/pictures/t-shirt.png", 301),
    "/redirect-308": _redirected("/redirect-307", 308),
    "/redirect-307": _redirected("/pictures/t-shirt.png", 307),
}
"""Paths that end in `PICTURE`, some by detours that must be understood."""

FAULTS: dict[str, Fault] = {
    "/404": _answered(404, HTML),
    "/500": _answered(500, HTML),
    "/401": _answered(401, HTML),
    "/204": _answered(204, b""),
    "/206": _answered(206),
    "/304": _answered(304, b""),
    "/too-large-announced": _sent(_HEAD, b"Content-Length: %d\r\n\r\n" % LARGE, PICTURE),
    "/too-large-absurd": _sent(_HEAD, b"Content-Length: 9999999999999999999\r\n\r\n"),
    "/too-large-unannounced": _sent(_HEAD, b"\r\n", b"x" * LARGE),
    "/too-large-chunk": _sent(_HEAD, _CHUNKED, b"4c4b41\r\n"),
    "/too-large-chunks": _sent(_HEAD, _CHUNKED, b"1000\r\n%s\r\n" % (b"x" * 4_096) * 1_221),
    "/truncated": _sent(_HEAD, _LENGTH, PICTURE[:-40]),
    "/truncated-chunk": _sent(_HEAD, _CHUNKED, b"%x\r\n" % len(PICTURE), PICTURE[:50]),
    "/no-last-chunk": _sent(_HEAD, _CHUNKED, _chunks(PICTURE)),
    "/gzip": _answered(200, gzip.compress(PICTURE), Content_Encoding="gzip"),
    "/encoded-twice": _answered(200, Content_Encoding="br, gzip"),
    "/lengths-differ": _sent(_HEAD, b"Content-Length: 1\r\n", _LENGTH, PICTURE),
    "/length-and-chunks": _sent(_HEAD, b"Content-Length: 5\r\n", _CHUNKED, _chunks(PICTURE)),
    "/length-negative": _sent(_HEAD, b"Content-Length: -1\r\n\r\n", PICTURE),
    "/length-hexadecimal": _sent(_HEAD, b"Content-Length: 0x10\r\n\r\n", PICTURE),
    "/chunk-negative": _sent(_HEAD, _CHUNKED, b"-5\r\n"),
    "/chunk-underscored": _sent(_HEAD, _CHUNKED, b"1_0\r\n"),
    "/chunk-unended": _sent(_HEAD, _CHUNKED, b"2\r\nabcd0\r\n\r\n"),
    "/other-transfer": _sent(_HEAD, b"Transfer-Encoding: gzip, chunked\r\n\r\n", b"0\r\n\r\n"),
    "/not-http": _sent(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"),
    "/http-2": _sent(b"HTTP/2 200\r\n\r\n"),
    "/status-odd": _sent(b"HTTP/1.1 2x0 OK\r\n\r\n"),
    "/status-long": _sent(b"HTTP/1.1 2000 OK\r\n\r\n"),
    "/header-folded": _sent(_HEAD, b" folded: x\r\n", _LENGTH, PICTURE),
    "/header-no-colon": _sent(_HEAD, b"nothing\r\n", _LENGTH, PICTURE),
    "/headers-huge": _sent(_HEAD, b"X: " + b"y" * 40_000 + b"\r\n", _LENGTH, PICTURE),
    "/headers-endless": _trickled(_HEAD, b"X-More: " + b"y" * 8_000 + b"\r\n", 0.0),
    "/hints-endless": _trickled(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.0),
    "/closed": _sent(),
    "/hangs": _stalled(),
    "/hangs-in-headers": _stalled(_HEAD),
    "/hangs-in-body": _stalled(_HEAD, _LENGTH, PICTURE[:10]),
    "/trickles-headers": _trickled(_HEAD, b"X"),
    "/trickles-body": _trickled(_HEAD + _LENGTH, PICTURE[:1]),
    "/trickles-chunks": _trickled(_HEAD + _CHUNKED, b"1\r\nx\r\n"),
    "/html": _answered(200, HTML, Content_Type="image/png"),
    "/empty": _answered(200, b""),
    "/redirect-nowhere": _answered(302, b""),
    "/redirect-loop": _redirected("/redirect-loop"),
    "/redirect-4": _redirected("/redirect-3"),
    "/redirect-to-metadata": _redirected("http://169.254.169.254/latest/meta-data/"),
    "/redirect-to-private": _redirected("https://10.0.0.1/"),
    "/redirect-to-file": _redirected("file:///etc/passwd"),
    "/redirect-to-ftp": _redirected("ftp://127.0.0.1/x"),
    "/redirect-to-data": _redirected("data:image/png;base64,aGk="),
    "/redirect-with-user": _redirected("https://user@127.0.0.1/"),
    "/redirect-not-utf-8": lambda call, _: call.send(
        b"HTTP/1.1 302 Found\r\nLocation: /\xff\xfe\r\nContent-Length: 0\r\n\r\n"
    ),
}


class ImageServer:
    """A running server; `url` is its origin, `asked` the targets of its requests in order.

    `files` are bytes by path, each sent after `pause` seconds.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.asked: list[Call] = []
        self.files: dict[str, bytes] = {}
        self.pause = 0.0
        self.server = Server(self._respond, tls)
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.server.port}"

    @property
    def port(self) -> int:
        return self.server.port

    def _respond(self, call: Call) -> bool:
        self.asked.append(call)
        path = call.path.partition("?")[0]
        kind, _, form = path.removeprefix("/pictures/").partition(".")
        answer = GOOD.get(path) or FAULTS.get(path)
        # Whoever asked has often heard enough before the end.
        with contextlib.suppress(OSError):
            if answer is not None:
                answer(call, self.server)
            elif path in self.files:
                self.server.stopped.wait(self.pause)
                call.answer(200, self.files[path])
            elif kind in OUTLINES:
                call.answer(200, encoded(draw(kind), form.upper()), Content_Type=f"image/{form}")
            else:
                call.answer(404)
        return False


@contextmanager
def image_server(tls: ssl.SSLContext | None = None) -> Iterator[ImageServer]:
    """Runs an `ImageServer` for the length of the `with`."""
    serving = ImageServer(tls)
    serving.server.start()
    try:
        yield serving
    finally:
        serving.server.close()
