"""One picture file, as its container says it is."""

from __future__ import annotations

LARGEST_PIXELS = 25_000_000
LARGEST_SIDE = 20_000
"""Decoders keep something for each row: a column of 25,000,000 pixels took 1.3 GB."""


# A frame of WebP has two canvases and what it is decoded to, 12 bytes a pixel, and a table of 14 KB
# for each of the sets of codes that it names, of which programs write at most 2,600. The largest
# progressive JPEG of four colours takes as much.
_BYTES_PER_PIXEL = 12
_MORE_BYTES = 132_000_000


class PictureFile:
    """`data` is the file without what does not matter to its pixels; `form` is JPEG, PNG or WEBP;
    `orientation` is EXIF's, 1 (upright) to 8, 1 where none is told."""

    __slots__ = ("data", "form", "height", "orientation", "width")

    def __init__(
        self, form: str, data: bytes, width: int, height: int, orientation: int = 1
    ) -> None:
        self.form = form
        self.data = data
        self.width = width
        self.height = height
        self.orientation = orientation

    @property
    def pixels(self) -> int:
        return self.width * self.height

    @property
    def memory(self) -> int:
        """Bytes that decoding takes at most, whatever the file says of codes and tables."""
        return _BYTES_PER_PIXEL * self.pixels + _MORE_BYTES
