"""From the pictures of a request to pixels: everything fetched at once, decoded one by one."""

from __future__ import annotations

import time

from serving.http.problems import Problem

from clothes import formats
from clothes.fetch.problems import PICTURE_TOO_LARGE, UNREADABLE_PICTURE, place, with_place
from clothes.formats.unreadable import TooManyPixels, UnreadablePicture

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from serving.http.request import Request
    from serving.inputs import Received

    from clothes.fetch.downloads import Download
    from clothes.fetch.fetcher import Fetcher
    from clothes.predictor import PictureModel, Pixels

REQUEST_PIXELS = 100_000_000
"""Of all pictures of a request together: eight photographs of a telephone, four of the largest."""
LAST_DECODE = 9.0
"""Seconds into a request after which no picture is begun, however long the function may run."""
RESERVE = 6.0
"""Seconds that a request keeps for decoding one more picture, however bad, and for its answer."""
# Fetching ends at the moment that decoding must not begin after, give or take.
_GRACE = 0.5


def read_pixels(
    received: Received, model: PictureModel, fetcher: Callable[[], Fetcher], request: Request
) -> list[Pixels]:
    """Each picture as the network sees it; notes their bytes and the time they took.

    One picture at a time is decoded: the largest takes 450 MB on the way. Raises `Problem`, which
    names the place of the picture where there are several: those of `Fetcher.fetch`,
    unreadable-picture and picture-too-large. `fetcher` is called where there is an address.
    """
    started = time.monotonic()
    pixels: list[Pixels] = []
    size = total = 0
    arriving = _arriving(received, fetcher, request)
    for index in range(len(received.values)):
        try:
            data = next(arriving)
            size += len(data)
            file = formats.read(data)
            total += file.pixels
            _check_total(total)
            _check_time(started, request)
            pixels.append(model.pixels(file))
        except UnreadablePicture as error:
            raise with_place(place(received, index), _refusal(error)) from None
        except Problem as problem:
            raise with_place(place(received, index), problem) from None
    request.log_fields["bytes"] = size
    request.log_fields["read_ms"] = round((time.monotonic() - started) * 1e3, 3)
    return pixels


def _arriving(
    received: Received, fetcher: Callable[[], Fetcher], request: Request
) -> Iterator[bytes]:
    """The bytes of each source, in order; raises `Problem` in place of what was not fetched."""
    urls = [source for source in received.values if not isinstance(source, bytes)]
    downloads: Iterator[Download] = iter(())
    if urls:
        from clothes.fetch.downloads import begin

        downloads = iter(begin(fetcher(), urls, _seconds(fetcher(), request)))
    for source in received.values:
        yield source if isinstance(source, bytes) else next(downloads).result()


def _refusal(error: UnreadablePicture) -> Problem:
    kind = PICTURE_TOO_LARGE if isinstance(error, TooManyPixels) else UNREADABLE_PICTURE
    return Problem(kind, f"{error}.")


def _seconds(fetcher: Fetcher, request: Request) -> float:
    seconds = fetcher.limits.seconds
    left = request.remaining
    return seconds if left is None else min(seconds, left - RESERVE)


def _check_total(pixels: int) -> None:
    """Raise `Problem` where the pictures so far are more than a request may hold."""
    if pixels > REQUEST_PIXELS:
        raise Problem(
            PICTURE_TOO_LARGE,
            f"The pictures up to this one have {pixels:,} pixels together; expected at most "
            f"{REQUEST_PIXELS:,}. Send fewer, or smaller ones.",
        )


def _check_time(started: float, request: Request) -> None:
    """Raise `Problem` where another picture could outlast the request: nothing stops a decoder."""
    left = request.remaining
    last = LAST_DECODE if left is None else min(LAST_DECODE, max(0.0, left - RESERVE) + _GRACE)
    if time.monotonic() - started > last:
        raise Problem(
            PICTURE_TOO_LARGE,
            "These pictures take too long to decode together. Send fewer, or smaller ones.",
        )
