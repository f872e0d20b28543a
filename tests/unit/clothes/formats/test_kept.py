"""What is handed to the decoder: the same pixels, and nothing that does not decide about them."""

from __future__ import annotations

import io
import struct
from typing import Any

import pytest
from clothes import formats
from PIL import Image, PngImagePlugin

from tests.harness.worst_pictures import jpeg, png, webp
from tools.bench.drawings import draw, encoded

CANARY = b"zebraquartz7731"
SAVED: list[tuple[str, str, dict[str, Any]]] = [
    ("JPEG", "RGB", {}), ("JPEG", "L", {}), ("JPEG", "CMYK", {}),
    ("JPEG", "RGB", {"progressive": True}), ("JPEG", "RGB", {"subsampling": 0, "quality": 95}),
    ("JPEG", "RGB", {"restart_marker_rows": 1}), ("JPEG", "RGB", {"keep_rgb": True}),
    ("PNG", "RGB", {}), ("PNG", "RGBA", {}), ("PNG", "L", {}), ("PNG", "LA", {}),
    ("PNG", "P", {}), ("PNG", "P", {"transparency": 3}), ("PNG", "1", {}), ("PNG", "I;16", {}),
    ("PNG", "RGB", {"transparency": (1, 2, 3)}),
    ("WEBP", "RGB", {}), ("WEBP", "RGB", {"lossless": True}), ("WEBP", "RGBA", {}),
    ("WEBP", "RGBA", {"lossless": True}),
]  # fmt: skip


def picture(mode: str) -> Image.Image:
    drawn = draw("hat", side=90)
    if mode == "I;16":
        return drawn.convert("L").convert("I;16")
    if mode in ("RGBA", "LA"):
        drawn.putalpha(Image.linear_gradient("L").resize(drawn.size))
    return drawn.convert(mode)


def metadata(form: str) -> dict[str, Any]:
    """All that Pillow writes beside the pixels, with the canary in each."""
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = CANARY.decode(), 6
    options: dict[str, Any] = {"exif": exif, "icc_profile": CANARY * 9_000, "xmp": CANARY}
    if form == "JPEG":
        options["comment"] = CANARY
    if form == "PNG":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_text("Title", CANARY.decode())
        options["pnginfo"].add_itxt("Text", CANARY.decode(), zip=True)
        options["pnginfo"].add(b"prVt", CANARY, after_idat=True)
    return options


def opened(data: bytes) -> Image.Image:
    picture: Image.Image = Image.open(io.BytesIO(data))
    picture.load()
    return picture


@pytest.mark.parametrize("with_metadata", [False, True])
@pytest.mark.parametrize(("form", "mode", "options"), SAVED)
def test_pixels_stay_and_metadata_goes(
    form: str, mode: str, options: dict[str, Any], with_metadata: bool
) -> None:
    more = metadata(form) if with_metadata else {}
    data = encoded(picture(mode), form, **options, **more)
    file = formats.read(data)
    whole, kept = opened(data), opened(file.data)
    assert (file.form, file.width, file.height) == (form, *whole.size)
    assert file.orientation == (6 if with_metadata else 1)
    assert kept.mode == whole.mode
    assert kept.info.get("transparency") == whole.info.get("transparency")
    assert kept.convert("RGBA").tobytes() == whole.convert("RGBA").tobytes()
    assert CANARY not in file.data
    assert {"exif", "icc_profile", "xmp", "comment"} & kept.info.keys() == set()
    assert len(file.data) <= len(data)


@pytest.mark.parametrize(("form", "mode", "options"), SAVED)
def test_what_was_kept_is_kept_again(form: str, mode: str, options: dict[str, Any]) -> None:
    once = formats.read(encoded(picture(mode), form, **options)).data
    assert formats.read(once).data == once


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_of_an_animation_the_first_frame_alone(form: str) -> None:
    frames = [picture("RGB"), *(Image.new("RGB", (90, 90), c) for c in ("red", "lime", "blue"))]
    options = {"save_all": True, "append_images": frames[1:], "lossless": True}
    data = encoded(frames[0], form, **(options if form == "WEBP" else {**options, "lossless": 0}))
    file = formats.read(data)
    assert getattr(opened(data), "n_frames", 1) == 4
    kept = opened(file.data)
    assert getattr(kept, "n_frames", 1) == 1
    assert kept.convert("RGB").tobytes() == frames[0].tobytes()


def test_of_several_pictures_in_a_jpeg_the_first() -> None:
    first = draw("pants", side=64)
    data = encoded(first, "MPO", save_all=True, append_images=[draw("hat", side=64)] * 3)
    file = formats.read(data)
    assert opened(data).format == "MPO"
    kept = opened(file.data)
    assert kept.format == "JPEG"
    assert kept.tobytes() == opened(data).convert("RGB").tobytes()
    assert len(file.data) < len(data) / 2


def test_a_preview_within_the_metadata_is_not_the_picture() -> None:
    preview = encoded(draw("hat", side=32), "JPEG")
    data = encoded(draw("dress", side=96), "JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\0\0" + preview)
    file = formats.read(data)
    assert (file.width, file.height) == (96, 96)
    assert file.data.count(b"\xff\xd8") == 1


def test_bytes_between_segments_are_passed_over() -> None:
    data = encoded(draw(side=16), "JPEG")
    odd = data[:2] + b"\0junk\xff\0\xff\xff" + data[2:] + b"\xff\xd8 and more"
    assert formats.read(odd).data == formats.read(data).data


def test_a_jpeg_that_ends_early_is_handed_on_as_far_as_it_goes() -> None:
    data = jpeg.baseline(64, 64)
    cut = formats.read(data[:-2]).data
    assert cut == data[:-2]
    assert formats.read(data[:-2] + b"\xff\xe1\xff").data == cut


@pytest.mark.parametrize("order", [b"II", b"MM"])
def test_chunks_of_profiles_are_not_needed_to_find_what_follows(order: bytes) -> None:
    exif = order + (b"*\0\x08\0\0\0" if order == b"II" else b"\0*\0\0\0\x08")
    endian = "<" if order == b"II" else ">"
    exif += struct.pack(f"{endian}HHHIHHI", 1, 0x0112, 3, 1, 8, 0, 0)
    head = webp.canvas(10, 10, 0x20 | 0x10 | 0x08 | 0x04)
    still = (b"VP8L", webp.lossless(10, 10))
    data = webp.riff([head, (b"ICCP", CANARY), still, (b"EXIF", exif), (b"XMP ", CANARY)])
    file = formats.read(data)
    assert file.orientation == 8
    assert file.data == webp.riff([webp.canvas(10, 10, 0x10), still])
    shape = png.Shape(10, 10)
    data = png.png(shape, png.compressed(shape), after=png.chunk(b"eXIf", exif))
    assert formats.read(data).orientation == 8
