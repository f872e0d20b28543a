"""One address on this machine for all services: an index, and each behind a path of its own."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase
from threading import Thread
from types import TracebackType
from urllib.parse import urlsplit

from tools.local_aws.failure import LocalRunFailed

LARGEST_BODY = 10 * 1024 * 1024
"""Bytes of a request, as API Gateway has it; services refuse less."""
SAMPLES = "/_examples"
"""Where the recorded bodies are; no service's name begins with an underscore."""

_BLOCK = 64 * 1024
# Longer than a gateway waits for a function.
_BACKEND_SECONDS = 35
_IDLE_SECONDS = 60
_HOP_BY_HOP = frozenset((
    "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection",
    "te", "trailer", "transfer-encoding", "upgrade",
))  # fmt: skip
_TITLES = {
    400: "The request cannot be read",
    404: "Nothing is served here",
    405: "The method is not allowed here",
    413: "The body is too large",
    502: "The local AWS does not answer",
    504: "The local AWS takes too long",
}


@dataclass(frozen=True)
class Content:
    """What is answered to a GET: a body, its type and further headers."""

    body: bytes
    content_type: str
    headers: Mapping[str, str]


class ServiceProxy:
    """A server on loopback, as a context manager; it listens from when it is made.

    `route` is to be called before it is entered. Of `/NAME/…`, everything behind the name goes to
    the service's root, wherever that is in this run; the answer comes back as it is.

    Raises:
        LocalRunFailed: when made, where the port is taken.
    """

    def __init__(self, port: int) -> None:
        try:
            self._server = _Server(("127.0.0.1", port), _Handler)
        except OSError as error:
            raise LocalRunFailed(
                f"Port {port} on 127.0.0.1 cannot be used ({error.strerror}). "
                "Stop what listens there, or choose another: make serve PORT=8081"
            ) from None
        self.port = int(self._server.server_address[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = Thread(target=self._server.serve_forever, daemon=True)

    def route(self, roots: Mapping[str, str], contents: Mapping[str, Content]) -> None:
        """Says where each service's root is, by its name, and what else is answered, by path."""
        self._server.roots = roots
        self._server.contents = contents

    def __enter__(self) -> ServiceProxy:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self.close()

    def close(self) -> None:
        """Frees the port of a proxy that was not entered, or is left."""
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # Whoever asks while the services are still deployed is answered when they are.
    request_queue_size = 64
    roots: Mapping[str, str] = {}
    contents: Mapping[str, Content] = {}


class _Refused(Exception):
    """Answers a request with a problem of this status."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _IDLE_SECONDS
    server: _Server

    def _answer(self) -> None:
        try:
            self._route()
        except _Refused as refused:
            self._refuse(refused)
        except (ConnectionError, TimeoutError):
            # The caller has gone, or the local AWS in the middle of an answer.
            self.close_connection = True

    # http.server finds methods by these names.
    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _answer  # noqa: N815

    def _route(self) -> None:
        path, mark, query = self.path.partition("?")
        content = self.server.contents.get(path)
        if content is not None:
            self._content(content)
            return
        name, slash, rest = path.removeprefix("/").partition("/")
        root = self.server.roots.get(name)
        if root is None:
            paths = ", ".join(["/", *(f"/{name}/" for name in self.server.roots)])
            raise _Refused(404, f"There is nothing at this path. The paths are: {paths}.")
        if not slash:
            # A page's own addresses are relative to its folder. 308 keeps method and body.
            self._drain()
            self._send(308, {"Location": f"/{name}/{mark}{query}", "Content-Length": "0"})
            return
        self._forward(f"{root}/{rest}{mark}{query}")

    def _content(self, content: Content) -> None:
        if self.command not in ("GET", "HEAD"):
            raise _Refused(405, "This path answers GET, HEAD only.", {"Allow": "GET, HEAD"})
        self._drain()
        length = {"Content-Type": content.content_type, "Content-Length": str(len(content.body))}
        self._send(200, {**length, "X-Content-Type-Options": "nosniff", **content.headers})
        if self.command == "GET":
            self.wfile.write(content.body)

    def _forward(self, url: str) -> None:
        """Sends the request on and passes the answer back, both in blocks.

        Raises `_Refused` while nothing of an answer is sent.
        """
        length, body = self._body()
        backend = urlsplit(url)
        connection = http.client.HTTPConnection(backend.netloc, timeout=_BACKEND_SECONDS)
        try:
            try:
                connection.putrequest(
                    self.command, self._target(url), skip_host=True, skip_accept_encoding=True
                )
                connection.putheader("Host", backend.netloc)
                for name, value in self._passed_on():
                    connection.putheader(name, value)
                if length is not None:
                    connection.putheader("Content-Length", str(length))
                connection.endheaders()
                for block in body:
                    connection.send(block)
                response = connection.getresponse()
            except TimeoutError:
                raise _Refused(
                    504, f"The local AWS has not answered within {_BACKEND_SECONDS} s. Try again."
                ) from None
            except (OSError, http.client.HTTPException):
                raise _Refused(
                    502, "The local AWS has gone or breaks off. Start it again: make serve"
                ) from None
            self._pass_back(response)
        finally:
            connection.close()

    @staticmethod
    def _target(url: str) -> str:
        """The path and query of an address, exactly as they were written."""
        return "/" + url.split("/", 3)[3]

    def _passed_on(self) -> Iterator[tuple[str, str]]:
        dropped = _HOP_BY_HOP | {"host", "content-length", "expect"}
        named = (self.headers.get("Connection") or "").lower().split(",")
        dropped |= {name.strip() for name in named}
        for name, value in self.headers.items():
            if name.lower() not in dropped:
                yield name, value

    def _pass_back(self, response: http.client.HTTPResponse) -> None:
        headers = [
            (name, value)
            for name, value in response.getheaders()
            if name.lower() not in _HOP_BY_HOP and name.lower() != "content-length"
        ]
        has_body = self.command != "HEAD" and response.status not in (204, 304)
        declared = response.getheader("Content-Length")
        if declared is not None:
            headers.append(("Content-Length", declared))
        elif has_body:
            # Its end is known when it is there.
            self.close_connection = True
            headers.append(("Connection", "close"))
        self.send_response_only(response.status, response.reason)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        if not has_body:
            return
        passed = 0
        try:
            while block := response.read1(_BLOCK):
                self.wfile.write(block)
                passed += len(block)
        except (OSError, http.client.HTTPException):
            self.close_connection = True
        # Part of an answer must not look like all of it, nor swallow the next one.
        if declared is not None and passed != int(declared):
            self.close_connection = True

    def _body(self) -> tuple[int | None, Iterator[bytes]]:
        """The length of the request's body, None where there is none, and its blocks."""
        if "chunked" in (self.headers.get("Transfer-Encoding") or "").lower():
            whole = b"".join(self._chunks())
            return len(whole), iter([whole])
        declared = self.headers.get("Content-Length")
        if declared is None:
            return None, iter(())
        if not (declared.isascii() and declared.isdigit()):
            self.close_connection = True
            raise _Refused(400, "The Content-Length is no number. Send the body's bytes.")
        if int(declared) > LARGEST_BODY:
            self._too_large()
        return int(declared), self._blocks(int(declared))

    def _too_large(self) -> None:
        # What is not read would be taken for the next request.
        self.close_connection = True
        raise _Refused(413, f"The body is larger than {LARGEST_BODY} bytes. Send less at once.")

    def _blocks(self, length: int) -> Iterator[bytes]:
        source: BufferedIOBase = self.rfile
        while length > 0:
            block = source.read(min(_BLOCK, length))
            if not block:
                self.close_connection = True
                raise ConnectionAbortedError
            length -= len(block)
            yield block

    def _chunks(self) -> Iterator[bytes]:
        total = 0
        while True:
            try:
                size = int(self.rfile.readline(128).split(b";")[0].strip(), 16)
            except ValueError:
                size = -1
            if size < 0:
                self.close_connection = True
                raise _Refused(400, "The body's chunks cannot be read. Send a Content-Length.")
            total += size
            if total > LARGEST_BODY:
                self._too_large()
            if size == 0:
                # Trailers say nothing that a service reads.
                while self.rfile.readline(_BLOCK).strip():
                    pass
                return
            yield from self._blocks(size)
            self.rfile.readline(128)

    def _drain(self) -> None:
        """Reads a body that nobody looks at, so that the next request begins where it does."""
        for _ in self._body()[1]:
            pass

    def _refuse(self, refused: _Refused) -> None:
        if refused.status in (404, 405, 502, 504):
            with suppress(_Refused, ConnectionError):
                if refused.status in (404, 405):
                    self._drain()
            # What of the body was sent on before the local AWS went away, nobody knows.
            self.close_connection = self.close_connection or refused.status >= 500
        slug = {400: "bad-request", 404: "not-found", 405: "method-not-allowed",
                413: "body-too-large", 502: "bad-gateway", 504: "gateway-timeout"}  # fmt: skip
        problem = {
            "type": f"/problems/{slug[refused.status]}",
            "title": _TITLES[refused.status],
            "status": refused.status,
            "detail": refused.detail,
            "instance": "urn:request:local",
        }
        body = json.dumps(problem).encode()
        headers = {
            "Content-Type": "application/problem+json",
            "Content-Length": str(len(body)),
            "Cache-Control": "no-store",
            **refused.headers,
            **({"Connection": "close"} if self.close_connection else {}),
        }
        with suppress(ConnectionError):
            self._send(refused.status, headers)
            if self.command != "HEAD":
                self.wfile.write(body)

    def _send(self, status: int, headers: Mapping[str, str]) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing: the services' own logs say what was asked."""
