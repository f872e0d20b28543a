"""The proxy of `make serve`, in front of a backend on a real socket that does as the test says."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import pytest

from tools.local_aws import proxy as module
from tools.local_aws.failure import LocalRunFailed
from tools.local_aws.proxy import LARGEST_BODY, Content, ServiceProxy

ROOT = "/_aws/execute-api/a1b2c3/v1"
INDEX = {"/": Content(b"<p>index</p>", "text/html", {"Cache-Control": "no-store"})}


def read_request(connection: socket.socket) -> tuple[str, list[str], bytes]:
    """The request line, the header lines and the body of one request with a Content-Length."""
    stream = connection.makefile("rb")
    first = stream.readline().decode().strip()
    headers = []
    while line := stream.readline().decode().strip():
        headers.append(line)
    lengths = [int(line[15:]) for line in headers if line.lower().startswith("content-length:")]
    return first, headers, stream.read(lengths[0]) if lengths else b""


@contextmanager
def backend(answer: Callable[[socket.socket], object]) -> Iterator[str]:
    """The address of a server that hands each connection to `answer` and closes it then."""
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                answer(connection)

    thread = Thread(target=accept, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(5)


@contextmanager
def proxied(url: str) -> Iterator[http.client.HTTPConnection]:
    """A kept connection to a proxy with the service `churn` at a stage of this backend."""
    proxy = ServiceProxy(0)
    proxy.route({"churn": f"{url}{ROOT}"}, INDEX)
    with proxy:
        connection = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=10)
        yield connection
        connection.close()


def exchange(
    connection: http.client.HTTPConnection, method: str, path: str, body: Any = None, **options: Any
) -> tuple[int, list[tuple[str, str]], bytes]:
    connection.request(method, path, body, **options)
    response = connection.getresponse()
    return response.status, response.getheaders(), response.read()


class Recorder:
    """Answers each request with the same bytes, and keeps what was asked."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.asked: list[tuple[str, list[str], bytes]] = []

    def __call__(self, connection: socket.socket) -> None:
        self.asked.append(read_request(connection))
        connection.sendall(self.answer)


OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi"


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_a_request_goes_on_as_it_is(method: str) -> None:
    recorder = Recorder(OK)
    with backend(recorder) as url, proxied(url) as connection:
        headers = {
            "Content-Type": "application/json", "Origin": "https://example.org",
            "Connection": "X-Hop", "X-Hop": "1", "TE": "trailers",
        }  # fmt: skip
        path = "/churn/churn%2Fa//b?explain=true&x=%20"
        status, _, body = exchange(connection, method, path, b'{"a": 1}', headers=headers)
    assert (status, body) == (200, b"hi")
    first, received, content = recorder.asked[0]
    assert first == f"{method} {ROOT}/churn%2Fa//b?explain=true&x=%20 HTTP/1.1"
    assert content == b'{"a": 1}'
    assert {"Content-Type: application/json", "Origin: https://example.org"} <= set(received)
    assert f"Host: {url.removeprefix('http://')}" in received
    assert not [
        line for line in received if line.lower().startswith(("x-hop", "te:", "connection"))
    ]


def test_an_answer_comes_back_as_it_is() -> None:
    headers = [
        ("Content-Type", "application/problem+json"), ("Access-Control-Allow-Origin", "*"),
        ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("Retry-After", "1"), ("Content-Length", "2"),
    ]  # fmt: skip
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    recorder = Recorder(f"HTTP/1.1 429 Slow Down\r\n{lines}Keep-Alive: 5\r\n\r\n{{}}".encode())
    with backend(recorder) as url, proxied(url) as connection:
        # Twice over one connection: nothing of an answer is left in it.
        for _ in range(2):
            status, received, body = exchange(connection, "POST", "/churn/x", b"")
            assert (status, sorted(received), body) == (429, sorted(headers), b"{}")


def test_head_has_the_headers_and_no_body() -> None:
    recorder = Recorder(b"HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n")
    with backend(recorder) as url, proxied(url) as connection:
        status, headers, body = exchange(connection, "HEAD", "/churn/")
        assert (status, dict(headers)["Content-Length"], body) == (200, "1234", b"")
        assert exchange(connection, "HEAD", "/")[2] == b""
        assert exchange(connection, "GET", "/")[2] == INDEX["/"].body
    assert recorder.asked[0][0] == f"HEAD {ROOT}/ HTTP/1.1"


def test_a_body_streams_in_both_directions() -> None:
    """The backend answers the first half before the second is asked for."""
    half, more = b"x" * 300_000, Event()

    def answer(connection: socket.socket) -> None:
        _, _, body = read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        connection.sendall(b"%x\r\n%s\r\n" % (len(body), body))
        assert more.wait(10)
        connection.sendall(b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body))

    with backend(answer) as url, proxied(url) as connection:
        connection.request("POST", "/churn/x", half)
        response = connection.getresponse()
        first = b""
        while len(first) < len(half):
            first += response.read1(len(half) - len(first))
        more.set()
        assert first + response.read() == half + half


def test_a_body_in_chunks_arrives_whole() -> None:
    recorder = Recorder(OK)
    with backend(recorder) as url, proxied(url) as connection:
        for _ in range(2):
            blocks = iter([b"ab", b"c" * 70_000])
            assert exchange(connection, "POST", "/churn/x", blocks, encode_chunked=True)[0] == 200
    assert [asked[2] for asked in recorder.asked] == [b"ab" + b"c" * 70_000] * 2


def problem(answer: tuple[int, list[tuple[str, str]], bytes]) -> dict[str, Any]:
    status, headers, body = answer
    assert dict(headers)["Content-Type"] == "application/problem+json"
    found: dict[str, Any] = json.loads(body)
    assert found["status"] == status
    assert found.keys() == {"type", "title", "status", "detail", "instance"}
    return found


def test_a_body_beyond_the_limit_is_refused_unread() -> None:
    recorder = Recorder(OK)
    with backend(recorder) as url, proxied(url) as connection:
        connection.putrequest("POST", "/churn/x")
        connection.putheader("Content-Length", str(LARGEST_BODY + 1))
        connection.endheaders()
        response = connection.getresponse()
        answer = response.status, response.getheaders(), response.read()
        assert problem(answer)["type"] == "/problems/body-too-large"
        connection.close()
        blocks = iter([b"x" * 1_000_000] * 11)
        with pytest.raises((AssertionError, ConnectionError)):
            # It hangs up while the rest is still sent, or answers in between.
            assert exchange(connection, "POST", "/churn/x", blocks, encode_chunked=True)[0] != 413
        connection.close()
        for name, value in (("Content-Length", "ten"), ("Transfer-Encoding", "chunked")):
            connection.putrequest("POST", "/churn/x")
            connection.putheader(name, value)
            connection.endheaders(b"not a chunk\r\n")
            response = connection.getresponse()
            answer = response.status, response.getheaders(), response.read()
            assert problem(answer)["status"] == 400
            connection.close()
    assert recorder.asked == []


@pytest.mark.parametrize("half", [b"", b"HTTP/1.1 2", b"nonsense\r\n\r\n"])
def test_a_backend_that_breaks_off_is_a_bad_gateway(half: bytes) -> None:
    with backend(Recorder(half)) as url, proxied(url) as connection:
        found = problem(exchange(connection, "POST", "/churn/x", b"body"))
    assert found["type"] == "/problems/bad-gateway"
    assert "make serve" in found["detail"]


def test_a_backend_that_is_gone_is_a_bad_gateway() -> None:
    with backend(Recorder(OK)) as url:
        pass
    with proxied(url) as connection:
        for _ in range(2):
            assert problem(exchange(connection, "GET", "/churn/x"))["status"] == 502
        assert exchange(connection, "HEAD", "/churn/x")[::2] == (502, b"")


def test_part_of_an_answer_does_not_look_like_all_of_it() -> None:
    half = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"
    incomplete = pytest.raises(http.client.IncompleteRead)
    with backend(Recorder(half)) as url, proxied(url) as connection, incomplete:
        exchange(connection, "GET", "/churn/x")


def test_a_backend_that_says_nothing_is_a_gateway_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BACKEND_SECONDS", 0.2)
    done = Event()
    with backend(lambda _: done.wait(10)) as url, proxied(url) as connection:
        assert problem(exchange(connection, "GET", "/churn/x"))["type"].endswith("gateway-timeout")
        done.set()


def test_other_paths_say_which_there_are() -> None:
    with proxied("http://127.0.0.1:1") as connection:
        found = problem(exchange(connection, "POST", "/chrun/x", b"body"))
        assert found["status"] == 404
        assert "/, /churn/" in found["detail"]
        status, headers, _ = exchange(connection, "POST", "/", b"body")
        assert (status, dict(headers)["Allow"]) == (405, "GET, HEAD")
        status, headers, _ = exchange(connection, "GET", "/churn?explain=true")
        assert (status, dict(headers)["Location"]) == (308, "/churn/?explain=true")


def test_a_slow_request_does_not_hold_up_others() -> None:
    go = Event()

    def answer(connection: socket.socket) -> None:
        read_request(connection)
        assert go.wait(10)
        connection.sendall(OK)

    with backend(answer) as url, proxied(url) as connection:
        connection.request("GET", "/churn/slow")
        other = http.client.HTTPConnection("127.0.0.1", connection.port, timeout=10)
        assert exchange(other, "GET", "/")[0] == 200
        other.close()
        go.set()
        assert connection.getresponse().read() == b"hi"


def test_a_taken_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(LocalRunFailed, match=f"Port {port} on 127.0.0.1 cannot be used"):
            ServiceProxy(port)
