"""From the pictures of a request to pixels: everything fetched at once, decoded one by one."""

from __future__ import annotations

import time

from serving.http.problems import Problem

from clothes.fetch.problems import PICTURE_TOO_LARGE, UNREADABLE_PICTURE, at
from clothes.inputs import place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from serving.http.request import Request
    from serving.inputs import Received

    from clothes.fetch.fetcher import Fetcher
    from clothes.predictor import PictureModel, Pixels

RESERVE = 6.0
"""Seconds that a request keeps for decoding one more picture, however bad, and for its answer."""
# Fetching ends at the moment that decoding must not begin after, give or take.
_GRACE = 0.5


def read_pixels(
    received: Received, model: PictureModel, fetcher: Fetcher, request: Request
) -> list[Pixels]:
    """Each picture as the network sees it; notes their bytes and the time they took.

    One picture at a time is decoded: the largest takes 200 MB on the way. Raises `Problem`, which
    names the place of the picture where there are several: those of `Fetcher.fetch`,
    unreadable-picture and picture-too-large.
    """
    from clothes.fetch.downloads import begin

    started = time.monotonic()
    urls = [source for source in received.values if not isinstance(source, bytes)]
    arriving = iter(begin(fetcher, urls, _seconds(fetcher, request)))
    pixels, size = [], 0
    for index, source in enumerate(received.values):
        try:
            data = source if isinstance(source, bytes) else next(arriving).result()
            size += len(data)
            _check_time(started, request)
            pixels.append(_decoded(model, data))
        except Problem as problem:
            raise at(place(received, index), problem) from None
    request.log_fields["bytes"] = size
    request.log_fields["read_ms"] = round((time.monotonic() - started) * 1e3, 3)
    return pixels


def _decoded(model: PictureModel, data: bytes) -> Pixels:
    from clothes.picture import TooManyPixels, UnreadablePicture

    try:
        return model.pixels(data)
    except TooManyPixels as error:
        raise Problem(PICTURE_TOO_LARGE, f"{error}.") from None
    except UnreadablePicture as error:
        raise Problem(UNREADABLE_PICTURE, f"{error}.") from None


def _seconds(fetcher: Fetcher, request: Request) -> float:
    seconds = fetcher.limits.seconds
    left = request.remaining
    return seconds if left is None else min(seconds, left - RESERVE)


def _check_time(started: float, request: Request) -> None:
    """Raise `Problem` where another picture could outlast the request: nothing stops a decoder."""
    left = request.remaining
    if left is not None and time.monotonic() - started > max(0.0, left - RESERVE) + _GRACE:
        raise Problem(
            PICTURE_TOO_LARGE,
            "These pictures take too long to decode together. Send fewer, or smaller ones.",
        )
