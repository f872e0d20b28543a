"""Connections to hosts that strangers name: to addresses that were checked, never to names.

A name is resolved once for each hop, every address it has is checked, and the connection goes to
a checked address: a second lookup, whatever it would say, does not happen.
"""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress

from serving.http.problems import Problem

from clothes.fetch import addresses, sockets
from clothes.fetch.problems import REFUSED_HOST, REFUSED_URL, not_fetched, timed_out

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from ssl import SSLContext

    from clothes.fetch.addresses import Address
    from clothes.fetch.sockets import Connect, Resolve
    from clothes.fetch.urls import Url

_MAX_TRIED = 4


class Connector:
    """Reaches public addresses over https; with `loopback` also this machine's own loopback
    addresses, over http or https and on any port, and nothing else.

    `tls` gives the context that certificates and host names are verified with; it is asked for
    once.
    """

    def __init__(
        self,
        loopback: bool,
        tls: Callable[[], SSLContext] | None = None,
        resolve: Resolve = sockets.resolve,
        connect: Connect = sockets.connect,
    ) -> None:
        self._loopback = loopback
        self._make_tls = tls
        self._tls: SSLContext | None = None
        self._making = threading.Lock()
        self._resolve = resolve
        self._connect = connect

    def context(self) -> SSLContext:
        """The context, made at the first call: whoever calls meanwhile waits for it."""
        with self._making:
            if self._tls is None:
                from ssl import create_default_context

                self._tls = (self._make_tls or create_default_context)()
            return self._tls

    def check(self, url: Url) -> None:
        """Raise `Problem` refused-url where nobody may be asked over this scheme and port."""
        if not self._loopback and not url.is_ordinary:
            raise Problem(
                REFUSED_URL,
                "Only https:// addresses on port 443 are fetched. Send one, or the picture itself.",
            )

    def open(self, url: Url, deadline: float) -> socket.socket:
        """A connection to a checked address of the host, over TLS for https.

        Raises `Problem` refused-host, picture-not-fetched and fetch-timeout, and `OSError`.
        """
        connection = self._first(self._addresses(url), url.port, deadline)
        if url.scheme == "http":
            return connection
        try:
            tls = self.context()
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
        resolved = [addresses.parse(name) for name in names]
        usable = [
            address for address in resolved if address is not None and self._may(url, address)
        ]
        # One bad address among good ones is somebody's attempt; and the same answer for a name
        # that does not exist tells nobody which private names do.
        if not usable or len(usable) != len(resolved):
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

    def _first(self, candidates: Sequence[Address], port: int, deadline: float) -> socket.socket:
        """The first of a few addresses that accepts, each given its share of the time left."""
        *others, last = candidates[:_MAX_TRIED]
        for tried, address in enumerate(others):
            share = _left(deadline) / (len(others) + 1 - tried)
            with suppress(OSError):
                return self._connect(str(address), port, share)
        return self._connect(str(last), port, _left(deadline))


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise timed_out()
    return left
