"""JPEG: segments, of which six kinds decide about pixels, and scans of compressed data."""

from __future__ import annotations

import re

from clothes.formats.exif import orientation
from clothes.formats.file import PictureFile
from clothes.formats.unreadable import UnreadablePicture, crowded, damaged

START = b"\xff\xd8"
MAX_SEGMENTS = 500
"""A camera's file has twenty. The longest metadata, in full segments of 64 KB, are 80 in 5 MB."""
MAX_SCANS = 32
"""Of a progressive picture, which has about ten. Each costs time for every pixel and may be 42
bytes long."""
_SOS, _EOI = 0xDA, 0xD9
_FRAMES = (0xC0, 0xC1, 0xC2)  # baseline, extended and progressive, all of Huffman codes
_OTHER_FRAMES = (0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF)
_TABLES = (0xC4, 0xDB, 0xDD)  # Huffman codes, quantization, restart interval
# Which colours the numbers are is said by two of the segments that programs may add.
_COLOURS = {0xE0: b"JFIF", 0xEE: b"Adobe"}
# The last 0xFF of a run, and the marker: a pattern for whole runs would begin anew at each byte of
# one that leads to no marker.
_MARKER = re.compile(rb"\xff([\x01-\xfe])")
_END_OF_SCAN = re.compile(rb"\xff([\x01-\xcf\xd8-\xfe])")


def read(data: bytes) -> PictureFile:
    """The file with its frame, tables, scans and what says which colours they are.

    Comments, profiles, previews, other metadata and the pictures after the first are left out
    unread. Raises `UnreadablePicture` for more than `MAX_SEGMENTS` segments or `MAX_SCANS` scans,
    for a frame that is not coded as browsers read it, for two frames and for none.
    """
    reader = _Reader(data)
    reader.read()
    if reader.frame is None or not reader.scans:
        raise damaged()
    height, width = (int.from_bytes(reader.frame[offset : offset + 2], "big") for offset in (1, 3))
    if not width or not height:
        raise damaged()
    return PictureFile(
        "JPEG", b"".join((START, *reader.kept)), width, height, orientation(reader.exif or b"")
    )


class _Reader:
    """One pass over a file: the parts that are `kept`, the content of the `frame` segment and of
    the first `exif` segment, and the number of `scans`."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._position = len(START)
        self.kept: list[bytes] = []
        self.frame: bytes | None = None
        self.exif: bytes | None = None
        self.scans = 0

    def read(self) -> None:
        for _ in range(MAX_SEGMENTS):
            match = _MARKER.search(self._data, self._position)
            if match is None:
                return
            marker, self._position = match[1][0], match.end()
            if marker == _EOI:
                self.kept.append(b"\xff\xd9")
                return
            if 0xD0 <= marker <= 0xD8 or marker == 0x01:
                continue  # stands by itself and says nothing here
            content = self._content(marker)
            if content is None:
                return
            self._segment(marker, content)
        raise crowded(MAX_SEGMENTS, "segments")

    def _content(self, marker: int) -> bytes | None:
        """What the segment holds, which is then behind; None where the file ends before, or is
        none any more: of a picture that has scans, what is there is shown."""
        size = int.from_bytes(self._data[self._position : self._position + 2], "big")
        end = self._position + size
        if marker < 0xC0 or size < 2 or end > len(self._data):
            if self.scans:
                return None
            raise damaged()
        content = self._data[self._position + 2 : end]
        self._position = end
        return content

    def _segment(self, marker: int, content: bytes) -> None:
        if marker == _SOS:
            self._scan(content)
        elif marker in _FRAMES:
            if self.frame is not None or len(content) < 6:
                raise damaged()
            self.frame = content
            self._keep(marker, content)
        elif marker in _OTHER_FRAMES:
            raise UnreadablePicture(
                "The picture is a JPEG of a rare kind; expected a baseline or progressive one"
            )
        elif marker in _TABLES or _says_colours(marker, content):
            self._keep(marker, content)
        elif marker == 0xE1 and self.exif is None and content.startswith(b"Exif\0\0"):
            self.exif = content

    def _scan(self, content: bytes) -> None:
        if self.frame is None:
            raise damaged()
        self.scans += 1
        if self.scans > MAX_SCANS:
            raise crowded(MAX_SCANS, "scans")
        self._keep(_SOS, content)
        match = _END_OF_SCAN.search(self._data, self._position)
        end = len(self._data) if match is None else match.start()
        self.kept.append(self._data[self._position : end])
        self._position = end

    def _keep(self, marker: int, content: bytes) -> None:
        self.kept.append(bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2, "big") + content)


def _says_colours(marker: int, content: bytes) -> bool:
    return marker in _COLOURS and content.startswith(_COLOURS[marker])
