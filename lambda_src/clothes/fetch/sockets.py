"""Names to addresses, addresses to connections, and what went wrong with either."""

from __future__ import annotations

import socket

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Resolve = Callable[[str, int], Sequence[str]]
    """(host, port) -> its addresses; raises `socket.gaierror`."""
    Connect = Callable[[str, int, float], socket.socket]
    """(address, port, seconds) -> a connection; raises `OSError`."""


def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a name, by the system's resolver, each once."""
    # As bytes, the name is taken as it is: a str imports the tables of international names.
    entries = socket.getaddrinfo(host.encode("ascii"), port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in entries))


def connect(address: str, port: int, seconds: float) -> socket.socket:
    """A connection to an address, which is never looked up."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    connection = socket.socket(family, socket.SOCK_STREAM)
    try:
        connection.settimeout(seconds)
        connection.connect((address, port))
    except BaseException:
        connection.close()
        raise
    return connection


def reason(error: OSError) -> str:
    """Which part failed, without the words of the exception."""
    from ssl import SSLCertVerificationError, SSLError

    if isinstance(error, SSLCertVerificationError):
        return "The host's certificate is not valid for its name. Nothing was asked of it."
    if isinstance(error, SSLError):
        return "No secure connection to the host could be made."
    return "The host refused the connection, or closed it. Try again later."
