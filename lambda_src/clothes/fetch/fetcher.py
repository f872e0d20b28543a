"""Fetches a picture from an address that a stranger has sent, under limits of size and time."""

from __future__ import annotations

import threading
from contextlib import suppress

from clothes.fetch import sockets, urls
from clothes.fetch.connector import Connector
from clothes.fetch.http_response import MAX_AROUND, Stream, read_body, read_head
from clothes.fetch.problems import not_fetched, timed_out

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from ssl import SSLContext

    from clothes.fetch.sockets import Connect, Resolve
    from clothes.fetch.urls import Url

MAX_BYTES = 5_000_000
MAX_REDIRECTS = 3
SECONDS = 5.0
_REDIRECTS = (301, 302, 303, 307, 308)
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
    """Fetches pictures from where a `Connector` of the same options goes."""

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
        self._connector = Connector(loopback, tls, resolve, connect)
        self._warmed = False

    def warm(self) -> None:
        """Begin, once, to read the certificates to trust: two hundred, a tenth of what a start
        takes, while the name is looked up. Where that fails, the request that needs them says so.
        """
        if self._warmed:
            return
        self._warmed = True

        def read() -> None:
            with suppress(Exception):
                self._connector.context()

        threading.Thread(target=read, daemon=True).start()

    def check(self, text: str) -> Url:
        """The URL that `text` is, before anything is asked of anybody. Raises `Problem`
        refused-url."""
        url = urls.read(text)
        self._connector.check(url)
        if url.scheme == "https":
            self.warm()
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
        with self._connector.open(url, deadline) as connection:
            connection.sendall(
                f"GET {url.target} HTTP/1.1\r\nHost: {url.authority}\r\nAccept: {_ACCEPT}\r\n"
                "Accept-Encoding: identity\r\nUser-Agent: clothes/1.0 (picture classifier)\r\n"
                "Connection: close\r\n\r\n".encode("ascii")
            )
            stream = Stream(connection, deadline, self.limits.size + MAX_AROUND)
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


def _joined(url: Url, location: str) -> str:
    """The absolute URL of a Location header, which may be UTF-8 in bytes."""
    from urllib.parse import urljoin  # most pictures are where they are said to be

    try:
        written = location.encode("latin-1").decode()
        # Normalising what is not ASCII takes time quadratic in its length.
        if len(written) <= urls.MAX_LENGTH:
            return urljoin(str(url), written)
    except ValueError:
        raise not_fetched("The host redirects to something that is no URL.") from None
    raise not_fetched(f"The host redirects to more than {urls.MAX_LENGTH} characters.")
