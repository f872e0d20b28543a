"""What is refused before anything is decoded: at the limit and one beyond."""

from __future__ import annotations

import pytest
from clothes import formats
from clothes.formats import TooManyPixels, UnreadablePicture
from clothes.formats.file import LARGEST_PIXELS, LARGEST_SIDE
from clothes.formats.jpeg import MAX_SCANS, MAX_SEGMENTS
from clothes.formats.png import MAX_CHUNKS
from clothes.formats.webp import MAX_CHUNKS as MAX_WEBP_CHUNKS

from tests.harness.worst_pictures import jpeg, png, webp
from tests.harness.worst_pictures.png import Shape

TINY = Shape(10, 10)
PICTURE = png.compressed(TINY)
TEXT = png.chunk(b"tEXt", b"k\0v")


def sized(form: str, width: int, height: int) -> bytes:
    """A file that says it has this size, whatever it holds."""
    if form == "PNG":
        return png.png(Shape(width, height), PICTURE)
    if form == "JPEG":
        return jpeg.baseline(width, height, data=b"\0")
    if form == "WebP":
        return webp.riff([(b"VP8L", webp.lossless(width, height)[:30])])
    return webp.riff([webp.canvas(width, height), (b"VP8L", webp.lossless(10, 10))])


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WebP with a canvas"])
def test_sides(form: str) -> None:
    for size in ((LARGEST_SIDE, 1_250), (1, LARGEST_SIDE)):
        file = formats.read(sized(form, *size))
        assert (file.width, file.height) == size
    for size in ((LARGEST_SIDE + 1, 1), (1, LARGEST_SIDE + 1)):
        with pytest.raises(TooManyPixels, match=f"{LARGEST_SIDE:,}"):
            formats.read(sized(form, *size))


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WebP", "WebP with a canvas"])
def test_pixels(form: str) -> None:
    assert formats.read(sized(form, 5_000, 5_000)).pixels == LARGEST_PIXELS
    with pytest.raises(TooManyPixels, match=f"{LARGEST_PIXELS:,}"):
        formats.read(sized(form, 5_000, 5_001))


@pytest.mark.parametrize("size", [(0, 10), (10, 0)])
def test_nothing_on_a_side(size: tuple[int, int]) -> None:
    for form in ("PNG", "JPEG"):
        with pytest.raises(UnreadablePicture, match="damaged"):
            formats.read(sized(form, *size))


def test_chunks_of_a_png() -> None:
    others = 3  # header, picture and end
    assert formats.read(png.png(TINY, PICTURE, before=TEXT * (MAX_CHUNKS - others)))
    for count in (MAX_CHUNKS - others + 1, 10 * MAX_CHUNKS):
        for where in ("before", "after"):
            with pytest.raises(UnreadablePicture, match=f"{MAX_CHUNKS:,} chunks"):
                formats.read(png.png(TINY, PICTURE, **{where: TEXT * count}))


@pytest.mark.parametrize(
    ("kind", "content"),
    [(b"iCCP", b"p\0\0"), (b"eXIf", b"II*\0"), (b"PLTE", bytes(3)), (b"tRNS", bytes(6))],
)
def test_what_a_png_has_once(kind: bytes, content: bytes) -> None:
    once = png.chunk(kind, content)
    assert formats.read(png.png(TINY, PICTURE, before=once))
    for options in ({"before": once * 2}, {"before": once, "after": once}):
        with pytest.raises(UnreadablePicture, match=f"two {kind.decode()} chunks"):
            formats.read(png.png(TINY, PICTURE, **options))


def test_two_headers_of_a_png() -> None:
    with pytest.raises(UnreadablePicture, match="two IHDR chunks"):
        formats.read(png.png(TINY, PICTURE, before=TINY.header()))


def test_segments_of_a_jpeg() -> None:
    others = 6  # frame, three tables, scan and end
    comment = jpeg.segment(0xFE, b"")
    assert formats.read(jpeg.baseline(16, 16, before=comment * (MAX_SEGMENTS - others)))
    for count in (MAX_SEGMENTS - others + 1, 10 * MAX_SEGMENTS):
        for each in (comment, jpeg.segment(0xE1, b"Exif\0\0"), jpeg.quantization(), b"\xff\xd0"):
            with pytest.raises(UnreadablePicture, match=f"{MAX_SEGMENTS} segments"):
                formats.read(jpeg.baseline(16, 16, before=each * count))


def test_scans_of_a_jpeg() -> None:
    assert formats.read(jpeg.progressive(16, 16, 3, MAX_SCANS))
    with pytest.raises(UnreadablePicture, match=f"{MAX_SCANS} scans"):
        formats.read(jpeg.progressive(16, 16, 3, MAX_SCANS + 1))


@pytest.mark.parametrize("marker", [0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF])
def test_kinds_of_jpeg_that_no_browser_shows(marker: int) -> None:
    with pytest.raises(UnreadablePicture, match="rare kind"):
        formats.read(jpeg.SOI + jpeg.frame(marker, 16, 16, 3) + jpeg.scan([0]) + jpeg.EOI)


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [jpeg.frame(jpeg.BASELINE, 16, 16, 3)],
        [jpeg.scan([0]), jpeg.frame(jpeg.BASELINE, 16, 16, 3)],
        [jpeg.frame(jpeg.BASELINE, 16, 16, 3)] * 2 + [jpeg.scan([0])],
        [jpeg.segment(jpeg.BASELINE, b"\x08\0\x10\0"), jpeg.scan([0])],
        [b"\xff\x02\0\x04ab", jpeg.frame(jpeg.BASELINE, 16, 16, 3), jpeg.scan([0])],
        [b"\xff\xe0\0\x01"],
        [b"\xff\xe0\xff\xff"],
    ],
)
def test_jpegs_without_one_frame_before_their_scans(parts: list[bytes]) -> None:
    with pytest.raises(UnreadablePicture, match="damaged"):
        formats.read(jpeg.SOI + b"".join(parts) + jpeg.EOI)


def test_chunks_of_a_webp() -> None:
    still, other = (b"VP8L", webp.lossless(10, 10)), (b"ABCD", b"x")
    most = MAX_WEBP_CHUNKS - 3
    assert formats.read(webp.riff([webp.canvas(10, 10), still, *[other] * most]))
    with pytest.raises(UnreadablePicture, match="chunks"):
        formats.read(webp.riff([webp.canvas(10, 10), still, *[other] * (most + 100)]))
    kind, content = webp.frame(10, 10, webp.lossless(10, 10))
    crowded = (kind, content + webp.chunk(*other) * 2 * MAX_WEBP_CHUNKS)
    with pytest.raises(UnreadablePicture, match="chunks"):
        formats.read(webp.riff([webp.canvas(10, 10, 2), crowded]))


@pytest.mark.parametrize(
    "data",
    [
        webp.riff([]), webp.riff([(b"ALPH", b"x")]), webp.riff([(b"VP8 ", bytes(9))]),
        webp.riff([(b"VP8L", b"x" * 9)]), webp.riff([(b"VP8X", bytes(9))]),
        webp.riff([webp.canvas(10, 10)]), webp.riff([webp.canvas(10, 10), (b"EXIF", b"II*\0")]),
        webp.riff([(b"VP8L", webp.lossless(10, 10))])[:-3], b"RIFF\xff\xff\xff\xffWEBPVP8L",
        b"RIFF\x04\0\0\0WEBP",
    ],
)  # fmt: skip
def test_webps_without_a_picture(data: bytes) -> None:
    with pytest.raises(UnreadablePicture, match="damaged"):
        formats.read(data)


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"\x89PNG", b"RIFF", b"RIFF\x24\0\0\0WAVEfmt ", b"GIF89a", b"BM"]
)
def test_other_files(data: bytes) -> None:
    with pytest.raises(UnreadablePicture, match="expected JPEG, PNG or WebP"):
        formats.read(data)


def test_a_palette_of_more_than_there_are_numbers() -> None:
    for kind, most in ((b"PLTE", 768), (b"tRNS", 256)):
        shape = Shape(10, 10, png.PALETTE)
        assert formats.read(png.png(shape, PICTURE, before=png.chunk(kind, bytes(most))))
        with pytest.raises(UnreadablePicture, match="damaged"):
            formats.read(png.png(shape, PICTURE, before=png.chunk(kind, bytes(most + 3))))
