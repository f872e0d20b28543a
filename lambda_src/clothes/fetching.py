"""Fetches a picture from an address that a stranger has sent.

A name is resolved once for each hop, every address it has is checked, and the connection goes to
a checked address, not to the name: a second lookup, whatever it would say, does not happen.
"""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress

from serving.problem import Problem

from clothes import addresses, sockets, urls
from clothes.answers import Stream, read_body, read_head
from clothes.problems import REFUSED_HOST, REFUSED_URL, not_fetched, timed_out

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from ssl import SSLContext

    from clothes.addresses import Address
    from clothes.sockets import Connect, Resolve
    from clothes.urls import Url

MAX_BYTES = 5_000_000
MAX_REDIRECTS = 3
SECONDS = 5.0
_REDIRECTS = (301, 302, 303, 307, 308)
_MAX_TRIED = 4
_ACCEPT = "image/webp, image/png, image/jpeg"


class Limits:
    """`seconds` for everything from the first lookup to the last byte, `size` in bytes."""

    __slots__ = ("redirects", "seconds", "size")

    def __init__(
        self, seconds: float = SECONDS, size: int = MAX_BYTES, redirects: int = MAX_REDIRECTS
    ) -> None:
        self.seconds = seconds
        self.size = size
        self.redirects = redirects


class Fetcher:
    """Fetches pictures over https from public addresses; with `loopback` also over http or https,
    on any port, from this machine's own loopback addresses, and from nowhere else.

    `tls` gives the context that certificates and host names are verified with; it is asked for
    once, at the first https address.
    """

    def __init__(
        self,
        *,
        loopback: bool = False,
        limits: Limits | None = None,
        tls: Callable[[], SSLContext] | None = None,
        resolve: Resolve = sockets.resolve,
        connect: Connect = sockets.connect,
    ) -> None:
        self.limits = limits or Limits()
        self._loopback = loopback
        self._make_tls = tls
        self._tls: SSLContext | None = None
        self._making = threading.Lock()
        self._resolve = resolve
        self._connect = connect

    def prepare(self) -> SSLContext:
        """The context, made at the first call: whoever calls meanwhile waits for it."""
        with self._making:
            if self._tls is None:
                from ssl import create_default_context

                self._tls = (self._make_tls or create_default_context)()
            return self._tls

    def warm(self) -> None:
        """Begin to read the certificates to trust: two hundred, and a start has other things to
        do meanwhile. Where that fails, the first request that needs them says so."""

        def read() -> None:
            with suppress(Exception):
                self.prepare()

        threading.Thread(target=read, daemon=True).start()

    def check(self, text: str) -> Url:
        """The URL that `text` is, before anything is asked of anybody. Raises `Problem`
        refused-url."""
        url = urls.read(text)
        if not self._loopback and not url.is_ordinary:
            raise _not_ordinary()
        return url

    def fetch(self, url: Url, deadline: float) -> bytes:
        """The bytes at `url`, which `check` has given.

        Raises `Problem`: refused-url and refused-host (also for where a redirect leads),
        picture-too-large, picture-not-fetched and fetch-timeout.
        """
        try:
            for _ in range(self.limits.redirects + 1):
                data, location = self._hop(url, deadline)
                if location is None:
                    return data
                url = self.check(_joined(url, location))
        except TimeoutError:
            raise timed_out() from None
        except OSError as error:
            raise not_fetched(sockets.reason(error)) from None
        raise not_fetched(
            f"The host redirects more than {self.limits.redirects} times. Send the address of the "
            "picture itself."
        )

    def _hop(self, url: Url, deadline: float) -> tuple[bytes, str | None]:
        """The body, or where the host redirects to."""
        with self._open(url, deadline) as connection:
            connection.sendall(
                f"GET {url.target} HTTP/1.1\r\nHost: {url.authority}\r\nAccept: {_ACCEPT}\r\n"
                "Accept-Encoding: identity\r\nUser-Agent: clothes/1.0 (picture classifier)\r\n"
                "Connection: close\r\n\r\n".encode("ascii")
            )
            stream = Stream(connection, deadline)
            answer = read_head(stream)
            if answer.status in _REDIRECTS:
                location = answer.headers.get("location")
                if location is None or answer.ambiguous:
                    raise not_fetched("The host redirects without saying where to.")
                return b"", location
            if answer.status != 200:
                raise not_fetched(
                    f"The host answered with status {answer.status} where 200 was expected. Send "
                    "the address of a picture that is there for everybody."
                )
            return read_body(stream, answer, self.limits.size), None

    def _open(self, url: Url, deadline: float) -> socket.socket:
        """A connection to a checked address of the host, over TLS for https."""
        connection = self._reach(self._addresses(url), url.port, deadline)
        if url.scheme == "http":
            return connection
        try:
            tls = self.prepare()
            connection.settimeout(_left(deadline))
            return tls.wrap_socket(connection, server_hostname=url.host)
        except BaseException:
            connection.close()
            raise

    def _addresses(self, url: Url) -> list[Address]:
        literal = addresses.parse(url.host)
        try:
            names = [url.host] if literal else list(self._resolve(url.host, url.port))
        except socket.gaierror as error:
            if error.errno == socket.EAI_AGAIN:
                raise not_fetched("The host's name could not be looked up. Try later.") from None
            names = []
        found = [addresses.parse(name) for name in names]
        usable = [address for address in found if address is not None and self._may(url, address)]
        # One bad address among good ones is somebody's attempt; and the same answer for a name
        # that does not exist tells nobody which private names do.
        if not usable or len(usable) != len(found):
            raise Problem(
                REFUSED_HOST,
                "The host does not exist, or has an address that is not on the public internet. "
                "Send the address of a picture on the web.",
            )
        return usable

    def _may(self, url: Url, address: Address) -> bool:
        if self._loopback and addresses.is_loopback(address):
            return True
        return url.is_ordinary and addresses.is_public(address)

    def _reach(self, found: Sequence[Address], port: int, deadline: float) -> socket.socket:
        """The first of a few addresses that accepts, each given its share of the time left."""
        *others, last = found[:_MAX_TRIED]
        for at, address in enumerate(others):
            share = _left(deadline) / (len(others) + 1 - at)
            with suppress(OSError):
                return self._connect(str(address), port, share)
        return self._connect(str(last), port, _left(deadline))


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise timed_out()
    return left


def _joined(url: Url, location: str) -> str:
    """The absolute URL of a Location header, which may be UTF-8 in bytes."""
    from urllib.parse import urljoin  # most pictures are where they are said to be

    try:
        return urljoin(str(url), location.encode("latin-1").decode())
    except ValueError:
        raise not_fetched("The host redirects to something that is no URL.") from None


def _not_ordinary() -> Problem:
    return Problem(
        REFUSED_URL,
        "Only https:// addresses on port 443 are fetched. Send one, or the picture itself.",
    )
