"""What a web server answers to one GET, read under one deadline and in bounded memory.

`http.client` waits for each read anew, so a server that sends a byte now and then holds it for
hours; and it brings the e-mail package with it.
"""

from __future__ import annotations

import time

from clothes.fetch.problems import not_fetched, timed_out, too_large

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket

MAX_HEAD = 32_768
MAX_AROUND = 1_000_000
"""Bytes that come with a picture without being of it: heads, and the frames of chunks."""
_CHUNK_LINE = 256
_MALFORMED = "The host's answer is not HTTP/1.1. Send the address of a picture on the web."
_CUT_OFF = "The host closed the connection before the picture was complete. Try again later."


class Answer:
    """Status and headers (in lower case; of repeated ones the first), and where they differ in
    what decides about the body: `ambiguous`."""

    __slots__ = ("ambiguous", "headers", "status")

    def __init__(self, status: int, lines: list[str]) -> None:
        self.status = status
        self.headers: dict[str, str] = {}
        self.ambiguous = False
        for line in lines:
            name, colon, value = line.partition(":")
            if not colon or not name or name != name.strip():
                raise not_fetched(_MALFORMED)
            name, value = name.lower(), value.strip()
            if self.headers.setdefault(name, value) != value:
                self.ambiguous |= name in ("content-length", "transfer-encoding", "location")


class Stream:
    """Bytes of a connection, until `deadline` (seconds of `time.monotonic`) and no longer, and of
    at most `most` bytes."""

    def __init__(self, connection: socket.socket, deadline: float, most: int) -> None:
        self._connection = connection
        self._deadline = deadline
        self._left = most
        self._held = bytearray()

    def _more(self) -> bool:
        """Receive some more; False at the end of the stream. Raises `Problem` fetch-timeout, and
        picture-not-fetched beyond what there may be."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise timed_out()
        if self._left <= 0:
            raise not_fetched("The host sends far more around the picture than such files need.")
        self._connection.settimeout(left)
        data = self._connection.recv(65_536)
        self._held += data
        self._left -= len(data)
        return bool(data)

    def until(self, end: bytes, limit: int) -> bytes:
        """What comes before `end`, which is taken too. Raises `Problem` beyond `limit` bytes."""
        searched = 0
        while (position := self._held.find(end, searched)) < 0:
            searched = max(0, len(self._held) - len(end) + 1)
            if len(self._held) > limit or not self._more():
                raise not_fetched(_MALFORMED)
        taken = bytes(self._held[:position])
        del self._held[: position + len(end)]
        if len(taken) > limit:
            raise not_fetched(_MALFORMED)
        return taken

    def exactly(self, size: int) -> bytes:
        """`size` bytes. Raises `Problem` where the stream ends before."""
        while len(self._held) < size:
            if not self._more():
                raise not_fetched(_CUT_OFF)
        taken = bytes(self._held[:size])
        del self._held[:size]
        return taken

    def rest(self, limit: int) -> bytes:
        """Everything to the end. Raises `Problem` picture-too-large beyond `limit` bytes."""
        while len(self._held) <= limit:
            if not self._more():
                return bytes(self._held)
        raise too_large(limit)


def read_head(stream: Stream) -> Answer:
    """Status and headers; informational answers (1xx) before them are passed over."""
    for _ in range(4):
        lines = stream.until(b"\r\n\r\n", MAX_HEAD).decode("latin-1").split("\r\n")
        version, _space, rest = lines[0].partition(" ")
        status = rest[:3]
        if (
            version not in ("HTTP/1.1", "HTTP/1.0")
            or not (len(status) == 3 and status.isascii() and status.isdecimal())
            or rest[3:4] not in ("", " ")
        ):
            break
        if status[0] != "1":
            return Answer(int(status), lines[1:])
    raise not_fetched(_MALFORMED)


def read_body(stream: Stream, answer: Answer, limit: int) -> bytes:
    """The whole body, of at most `limit` bytes, refused by its announced length if it has one."""
    coding = answer.headers.get("transfer-encoding", "").lower()
    announced = answer.headers.get("content-length")
    if answer.ambiguous or (coding and announced is not None) or coding not in ("", "chunked"):
        raise not_fetched(_MALFORMED)
    if answer.headers.get("content-encoding", "identity").lower() not in ("", "identity"):
        raise not_fetched(
            "The host sends the picture in a content coding that was not asked for. Nothing is "
            "inflated here; send the picture itself."
        )
    if coding:
        return _read_chunks(stream, limit)
    if announced is None:
        return stream.rest(limit)
    if not (announced.isascii() and announced.isdecimal() and len(announced) < 20):
        raise not_fetched(_MALFORMED)
    if int(announced) > limit:
        raise too_large(limit)
    return stream.exactly(int(announced))


def _read_chunks(stream: Stream, limit: int) -> bytes:
    body = bytearray()
    while True:
        digits = stream.until(b"\r\n", _CHUNK_LINE).partition(b";")[0].strip()
        if not digits or len(digits) > 8 or digits.strip(b"0123456789abcdefABCDEF"):
            raise not_fetched(_MALFORMED)
        size = int(digits, 16)
        if size == 0:
            return bytes(body)  # trailers say nothing that matters here
        if len(body) + size > limit:
            raise too_large(limit)
        body += stream.exactly(size)
        if stream.exactly(2) != b"\r\n":
            raise not_fetched(_MALFORMED)
