"""Picture files read as containers: what is in them is judged and sorted before a library sees it.

A library reads every chunk and segment there may be, and some cost far more than the picture. What
is handed to it here holds what decides about pixels, once, and nothing else.
"""

from __future__ import annotations

from clothes.formats import jpeg, png, webp
from clothes.formats.file import LARGEST_PIXELS, LARGEST_SIDE, PictureFile
from clothes.formats.unreadable import TooManyPixels, UnreadablePicture

__all__ = ["TooManyPixels", "UnreadablePicture", "read"]


def read(data: bytes) -> PictureFile:
    """The JPEG, PNG or WebP file that `data` is by its first bytes, in one pass over its parts.

    Raises `UnreadablePicture` for anything else, for a file that is damaged before its pixels or
    has more parts than such files have, and `TooManyPixels`. Nothing is decoded.
    """
    file = _read(data)
    if max(file.width, file.height) > LARGEST_SIDE or file.pixels > LARGEST_PIXELS:
        raise TooManyPixels(
            f"The picture has {file.width:,} x {file.height:,} pixels; expected at most "
            f"{LARGEST_PIXELS:,}, and {LARGEST_SIDE:,} on a side; send a smaller one"
        )
    return file


def _read(data: bytes) -> PictureFile:
    if data.startswith(jpeg.START):
        return jpeg.read(data)
    if data.startswith(png.START):
        return png.read(data)
    if webp.is_one(data):
        return webp.read(data)
    raise UnreadablePicture(
        "The file is not a picture this service reads; expected JPEG, PNG or WebP"
    )
