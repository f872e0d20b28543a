"""Pages and documents that are part of the deployment, read when first asked for."""

from __future__ import annotations

import os
import re

from serving.http.media_types import JSON, negotiate
from serving.http.problems import NOT_FOUND, Problem
from serving.http.router import Response

TYPE_CHECKING = False
if TYPE_CHECKING:
    from serving.http.request import Request
    from serving.http.router import Action

_PACKAGE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HTML = "text/html"
PAGE = f"{_PACKAGE}/page.html"
"""Where packaging lays the page, put together for the service."""
_CACHE = "public, max-age=300"
_INLINE = r"(?s)<(script|style)(?:\s[^>]*)?>(.*?)</\1>"


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        raise Problem(NOT_FOUND, "This deployment does not include that document.") from None


def _policy(page: str, images: str) -> str:
    """A Content-Security-Policy that admits the page's own inline blocks by digest, only them, and
    pictures from `images` (its `img-src`)."""
    from base64 import b64encode
    from hashlib import sha256

    allowed: dict[str, list[str]] = {"script": [], "style": []}
    for block in re.finditer(_INLINE, page):
        digest = b64encode(sha256(block[2].encode()).digest()).decode()
        allowed[block[1]].append(f"'sha256-{digest}'")
    sources = {element: " ".join(digests) or "'none'" for element, digests in allowed.items()}
    return (
        f"default-src 'none'; script-src {sources['script']}; style-src {sources['style']}; "
        f"img-src {images}; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )


class Document:
    """The OpenAPI document, which lies at the root of the function's package.

    Raises `Problem` not-found while it is absent.
    """

    def __init__(self, path: str = f"{_PACKAGE}/openapi.json") -> None:
        self._path = path
        self._body: str | None = None

    def __call__(self, request: Request) -> Response:
        negotiate(request, (JSON,))
        if self._body is None:
            self._body = _read(self._path)
        return Response(self._body, JSON, {"Cache-Control": _CACHE})


class Page:
    """An HTML page under a strict policy: no request but to its own origin, and for pictures to
    `images`, sources as a Content-Security-Policy names them; no framing."""

    def __init__(self, path: str = PAGE, images: str = "data:") -> None:
        self._path = path
        self._images = images
        self._response: Response | None = None

    @property
    def is_deployed(self) -> bool:
        """Whether the package holds it."""
        return self._response is not None or os.path.exists(self._path)

    def __call__(self, request: Request) -> Response:
        negotiate(request, (HTML,))
        if self._response is None:
            body = _read(self._path)
            headers = {
                "Cache-Control": _CACHE,
                "Content-Security-Policy": _policy(body, self._images),
                "Cross-Origin-Opener-Policy": "same-origin",
                "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
                "Referrer-Policy": "no-referrer",
                "X-Frame-Options": "DENY",
            }
            self._response = Response(body, "text/html; charset=utf-8", headers)
        return self._response


class PageOrJson:
    """What a path answers that has a page and a description: JSON to whom JSON suits as well."""

    def __init__(self, page: Page, other: Action) -> None:
        self._page = page
        self._other = other

    def __call__(self, request: Request) -> Response:
        offers = (JSON, HTML) if self._page.is_deployed else (JSON,)
        return (self._page if negotiate(request, offers) == HTML else self._other)(request)
