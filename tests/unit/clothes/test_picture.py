"""From picture files to tensors: recorded examples, every kind of file, and what is refused."""

import base64
import struct
import zlib

import numpy as np
import pytest
from clothes.formats.file import LARGEST_PIXELS
from clothes.formats.unreadable import TooManyPixels, UnreadablePicture
from clothes.picture import tensor
from PIL import Image

from tests.unit.clothes.golden_tensors import SIZE, encoded, recorded, scene, turned

GOLDEN = recorded()
WHITE = [255, 255, 255]


@pytest.mark.parametrize("name", GOLDEN)
def test_a_recorded_file_gives_the_recorded_tensor(name: str) -> None:
    actual = tensor(base64.b64decode(GOLDEN[name]["file"]), SIZE)
    assert actual.tolist() == GOLDEN[name]["tensor"]


def test_the_tensor_is_bytes_of_rows_columns_and_colours() -> None:
    actual = tensor(encoded(Image.new("RGB", (30, 20), (10, 20, 30)), "PNG"), 7)
    assert actual.shape == (7, 7, 3)
    assert actual.dtype == np.uint8
    assert (actual == (10, 20, 30)).all()


def test_the_whole_picture_is_squeezed_and_nothing_is_cropped() -> None:
    wide = Image.new("RGB", (80, 8), "black")
    wide.paste("red", (0, 0, 40, 8))
    actual = tensor(encoded(wide, "PNG"), 8)
    assert (actual[:, :3] == (255, 0, 0)).all()
    assert (actual[:, 5:] == 0).all()


@pytest.mark.parametrize(
    ("orientation", "upright"),
    [
        (1, lambda a: a),
        (2, lambda a: a[:, ::-1]),
        (3, lambda a: a[::-1, ::-1]),
        (4, lambda a: a[::-1]),
        (5, lambda a: a.transpose(1, 0, 2)),
        (6, lambda a: a.transpose(1, 0, 2)[:, ::-1]),
        (7, lambda a: a.transpose(1, 0, 2)[::-1, ::-1]),
        (8, lambda a: a.transpose(1, 0, 2)[::-1]),
    ],
)
def test_every_orientation_is_turned_upright(orientation: int, upright) -> None:  # type: ignore[no-untyped-def]
    plain = tensor(encoded(scene(), "PNG"), 16)
    actual = tensor(encoded(scene(), "PNG", exif=turned(orientation)), 16)
    assert (actual == upright(plain)).all()


def test_an_orientation_that_does_not_exist_turns_nothing() -> None:
    plain = tensor(encoded(scene(), "PNG"), 16)
    assert (tensor(encoded(scene(), "PNG", exif=turned(77)), 16) == plain).all()


def test_damaged_exif_turns_nothing() -> None:
    damaged = b"Exif\0\0MM\0*\xff\xff\xff\xff"
    plain = tensor(encoded(scene(), "JPEG"), 16)
    assert (tensor(encoded(scene(), "JPEG", exif=damaged), 16) == plain).all()


def test_what_is_transparent_is_white() -> None:
    clear = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    clear.paste((0, 0, 255, 255), (10, 0, 20, 20))
    for file in (encoded(clear, "PNG"), encoded(clear, "WEBP", lossless=True)):
        actual = tensor(file, 20)
        assert actual[3, 3].tolist() == WHITE
        assert actual[3, 16].tolist() == [0, 0, 255]


def test_what_is_half_transparent_is_half_white() -> None:
    half = encoded(Image.new("RGBA", (9, 9), (255, 0, 0, 128)), "PNG")
    assert np.abs(tensor(half, 4).astype(int) - (255, 127, 127)).max() <= 1


def test_grey_with_transparency() -> None:
    assert tensor(encoded(Image.new("LA", (9, 9), (60, 0)), "PNG"), 4)[0, 0].tolist() == WHITE
    assert tensor(encoded(Image.new("LA", (9, 9), (60, 255)), "PNG"), 4)[0, 0].tolist() == [60] * 3


def test_a_palette_gives_its_colours_and_its_transparent_entry_white() -> None:
    picture = Image.new("P", (20, 20), 0)
    picture.putpalette([200, 10, 10, 10, 200, 10])
    picture.paste(1, (10, 0, 20, 20))
    opaque = tensor(encoded(picture, "PNG"), 20)
    assert opaque[2, 2].tolist() == [200, 10, 10]
    assert opaque[2, 17].tolist() == [10, 200, 10]
    keyed = tensor(encoded(picture, "PNG", transparency=0), 20)
    assert keyed[2, 2].tolist() == WHITE
    assert keyed[2, 17].tolist() == [10, 200, 10]


def test_sixteen_bits_of_grey_keep_their_high_byte() -> None:
    levels = np.full((12, 12), 0x80FF, np.uint16)
    actual = tensor(encoded(Image.fromarray(levels), "PNG"), 5)
    assert (actual == 0x80).all()


def test_one_bit_is_black_and_white() -> None:
    picture = Image.new("1", (16, 16), 0)
    picture.paste(1, (8, 0, 16, 16))
    actual = tensor(encoded(picture, "PNG"), 16)
    assert actual[4, 2].tolist() == [0, 0, 0]
    assert actual[4, 13].tolist() == WHITE


def test_an_animation_is_its_first_frame() -> None:
    frames = [Image.new("RGB", (12, 12), colour) for colour in ("red", "blue")]
    for form, options in (("PNG", {}), ("WEBP", {"lossless": True})):
        file = encoded(frames[0], form, save_all=True, append_images=frames[1:], **options)
        assert tensor(file, 4)[1, 1].tolist() == [255, 0, 0]


def test_a_large_jpeg_decoded_smaller_is_the_same_picture() -> None:
    large = scene().resize((640, 480), Image.Resampling.BICUBIC)
    exact = tensor(encoded(large, "PNG"), 32).astype(int)
    quick = tensor(encoded(large, "JPEG", quality=95, subsampling=0), 32).astype(int)
    assert np.abs(exact - quick).mean() < 2


def test_a_picture_of_one_pixel_and_one_of_one_row() -> None:
    assert (tensor(encoded(Image.new("RGB", (1, 1), (5, 6, 7)), "PNG"), 8) == (5, 6, 7)).all()
    assert tensor(encoded(Image.new("RGB", (3000, 1), (5, 6, 7)), "PNG"), 8).shape == (8, 8, 3)


def _png_header(width: int, height: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("side", [5_001, 60_000, 2_000_000])
def test_too_many_pixels_are_refused_from_the_header(side: int) -> None:
    with pytest.raises(TooManyPixels, match=f"{LARGEST_PIXELS:,}"):
        tensor(_png_header(side, side), 8)


def test_other_formats_and_no_picture_at_all_are_refused() -> None:
    others = [encoded(scene(), form) for form in ("GIF", "BMP", "TIFF", "PPM", "ICO")]
    for data in (*others, b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\xff\xd8\xff", b"x"):
        with pytest.raises(UnreadablePicture, match="JPEG, PNG or WebP"):
            tensor(data, 8)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_file_cut_off_is_refused(form: str) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (64, 64, 3), np.uint8)
    whole = encoded(Image.fromarray(noise), form)
    with pytest.raises(UnreadablePicture) as raised:
        tensor(whole[: len(whole) // 2], 8)
    # What the decoder has raised holds on to all that it was given.
    assert (raised.value.__cause__, raised.value.__context__) == (None, None)


def test_no_damaged_file_escapes_as_another_error() -> None:
    generator = np.random.default_rng(2)
    for form in ("JPEG", "PNG", "WEBP"):
        whole = np.frombuffer(encoded(scene(), form), np.uint8)
        for _ in range(150):
            damaged = whole.copy()
            where = generator.integers(0, len(whole), 4)
            damaged[where] = generator.integers(0, 256, 4)
            try:
                actual = tensor(damaged.tobytes(), 8)
            except UnreadablePicture:
                continue
            assert actual.shape == (8, 8, 3)
