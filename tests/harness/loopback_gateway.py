"""A loopback gateway in front of the real handler, for a browser or a client to meet."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from urllib.parse import parse_qsl, urlsplit

from tools.local_aws.events import Event, rest

STAGE = "/_aws/execute-api/a1b2c3/prod"


@dataclass(frozen=True)
class Asked:
    """One request as the gateway saw it; `path` is below the stage, without the query."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def event(self) -> Event:
        """What a REST API makes of it that takes every body for binary."""
        return rest(
            base64.b64encode(self.body).decode() or None,
            isBase64Encoded=bool(self.body),
            resource=self.path,
            path=self.path,
            httpMethod=self.method,
            headers=self.headers,
            multiValueHeaders={name: [value] for name, value in self.headers.items()},
            queryStringParameters=self.query or None,
        )


@dataclass(frozen=True)
class Answer:
    """What goes back; status 0 hangs up without an answer."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


Service = Callable[[Asked], Answer]
Handler = Callable[[object, object], dict[str, object]]


def problem(status: int, title: str, detail: str, **headers: str) -> Answer:
    """An RFC 9457 answer; header names are given with underscores for hyphens."""
    body = {"type": "/problems/x", "title": title, "status": status, "detail": detail}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    content = {"Content-Type": "application/problem+json"}
    return Answer(status, json.dumps(body).encode(), content | named)


def through(handler: Handler) -> Service:
    """The service that a Lambda handler is behind a REST API: one execution environment, which has
    one request at a time."""
    free = Lock()

    def ask(request: Asked) -> Answer:
        with free:
            reply = handler(request.event(), None)
        status, body, headers = reply["statusCode"], reply["body"], reply["headers"]
        assert isinstance(status, int)
        assert isinstance(body, str)
        assert isinstance(headers, dict)
        return Answer(status, body.encode(), headers)

    return ask


@dataclass
class Gateway:
    """A running server: its origin, the service behind it, and every POST it was asked.

    `instead` answers POST requests in place of the service while it is set.
    """

    origin: str
    service: Service
    instead: Service | None = None
    posts: list[Asked] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The stage's address, where the page is."""
        return f"{self.origin}{STAGE}/"

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        split = urlsplit(target)
        if not f"{split.path}/".startswith(f"{STAGE}/"):
            return problem(404, "Nothing is served here", "The path has no stage.")
        path = split.path.removeprefix(STAGE) or "/"
        request = Asked(method, path, dict(parse_qsl(split.query)), headers, body)
        if method == "POST":
            self.posts.append(request)
            if self.instead is not None:
                return self.instead(request)
        return self.service(request)


@contextmanager
def serve(service: Service) -> Iterator[Gateway]:
    """Runs a `Gateway` on a free port of loopback for the length of the `with`."""

    class Connection(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answer = gateway.answer(self.command, self.path, dict(self.headers), body)
            if answer.status == 0:
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)

        def __getattr__(self, name: str) -> Callable[[], None]:
            if name.startswith("do_"):  # every method: which are allowed is the service's word
                return self._serve
            raise AttributeError(name)

        def log_message(self, *_: object) -> None:
            """Says nothing: `posts` keeps what was asked."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Connection)
    server.daemon_threads = True
    gateway = Gateway(f"http://127.0.0.1:{server.server_port}", service)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield gateway
    finally:
        server.shutdown()
        server.server_close()
