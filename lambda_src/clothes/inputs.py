"""Pictures: an address, base64 in JSON, or the picture itself as the body."""

from __future__ import annotations

from binascii import a2b_base64

from serving.http.media_types import FORM, JSON, TEXT, content_type
from serving.http.problems import UNEXPECTED_JSON, Problem
from serving.http.strict_json import decode
from serving.inputs import Received, not_blank, received_json

from clothes.fetch.problems import UNREADABLE_PICTURE, place, with_place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from serving.http.request import Request

    from clothes.fetch.fetcher import Fetcher
    from clothes.fetch.urls import Url
    from clothes.predictor import PictureModel, Pixels

MAX_BYTES = 4 * 1024 * 1024
"""Of a body: in base64, and with the rest of the event, it must fit the 6 MB of an invocation."""
MAX_PICTURES = 8
IMAGES = ("image/jpeg", "image/png", "image/webp")
READS = (JSON, *IMAGES, TEXT, FORM)
"""`curl -d` declares a form and sends JSON: it is read as JSON, and so is text."""

_FORMS = (
    'Send {"url": "https://..."}, a list, or {"instances": [...]} with a list, of '
    '{"url": "https://..."} and {"b64": "..."}, or the picture itself as image/jpeg, image/png or '
    "image/webp."
)


class Inputs:
    """Reads pictures, fetches those that are addresses, and decodes them."""

    reads = READS
    json_types = (JSON, TEXT, FORM)
    answers = (JSON,)
    noun = "pictures"
    max_bytes = MAX_BYTES

    def __init__(self, environ: Mapping[str, str], fetcher: Fetcher | None = None) -> None:
        self._fetcher = fetcher
        self._loopback = environ.get("FETCH_ALLOW", "public") == "loopback"
        self.model: PictureModel

    @property
    def fetcher(self) -> Fetcher:
        """What fetches pictures; what it imports is imported when it is first asked for."""
        if self._fetcher is None:
            from clothes.fetch.fetcher import Fetcher

            self._fetcher = Fetcher(loopback=self._loopback)
        return self._fetcher

    def configure(self, manifest: Mapping[str, Any]) -> None:
        """Takes nothing: the handler sets `model`, which knows the size of its input."""

    def limits(self) -> dict[str, int | float]:
        """What a request may hold, what a picture may be and what is fetched."""
        from clothes.formats.file import LARGEST_PIXELS, LARGEST_SIDE
        from clothes.reading import REQUEST_PIXELS

        limits = self.fetcher.limits
        return {
            "body_bytes": MAX_BYTES,
            "pictures": MAX_PICTURES,
            "picture_bytes": limits.size,
            "picture_pixels": LARGEST_PIXELS,
            "picture_side": LARGEST_SIDE,
            "request_pixels": REQUEST_PIXELS,
            "fetch_seconds": limits.seconds,
            "redirects": limits.redirects,
        }

    def read(self, request: Request) -> Received:
        """The addresses (`Url`) and pictures (bytes) of a request; nothing is fetched yet.

        Raises `Problem`: those of `content_type`, `Request.content`, `decode`, `received_json`
        and `Fetcher.check`, empty-body, unexpected-json, unreadable-picture (base64 that is none).
        """
        content = content_type(request, READS)
        body = request.content(MAX_BYTES)
        if content.media_type in IMAGES:
            # A body that is no base64 is text; what it is instead of a picture is said by content.
            data = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
            return Received([data], "raw")
        return self.received(decode(not_blank(content.decode(body), _FORMS)))

    def received(self, value: object) -> Received:
        """The addresses and pictures of a JSON value; raises `Problem` as `read` does."""
        received = received_json(value, noun=self.noun, most=MAX_PICTURES, forms=_FORMS)
        received.values = [
            self._source(item, received, index) for index, item in enumerate(received.values)
        ]
        if received.form == "one" and isinstance(received.values[0], bytes):
            # The article's clients, who get bare scores, name addresses.
            received.form = "raw"
        return received

    def inputs(self, received: Received, request: Request) -> list[Pixels]:
        """Each picture as the network sees it; raises `Problem` as `read_pixels` does."""
        from clothes.reading import read_pixels

        return read_pixels(received, self.model, lambda: self.fetcher, request)

    def golden(self, recorded: Mapping[str, int]) -> Pixels:
        """The picture that code makes of the recorded number of a pattern."""
        from clothes.predictor import pattern

        return pattern(recorded["pattern"], self.model.size)

    def notes(self, inputs: Sequence[Pixels]) -> dict[str, object]:  # noqa: ARG002 - see InputKind
        """None."""
        return {}

    def _source(self, item: object, received: Received, index: int) -> Url | bytes:
        try:
            if isinstance(item, dict) and len(item) == 1:
                ((form, value),) = item.items()
                if form == "url" and isinstance(value, str):
                    return self.fetcher.check(value)
                if form == "b64" and isinstance(value, str):
                    return _decoded(value)
            raise Problem(UNEXPECTED_JSON, "This is no picture in a known form. " + _FORMS)
        except Problem as problem:
            raise with_place(place(received, index), problem) from None


def _decoded(text: str) -> bytes:
    try:
        return a2b_base64(text, strict_mode=True)
    except ValueError:
        raise Problem(
            UNREADABLE_PICTURE,
            "The picture is not valid base64. Send RFC 4648 base64 with padding, without line "
            "breaks and without a data: prefix.",
        ) from None
