"""From the bytes of a picture file to what the network sees: the one way, for training and serving.

Pillow and numpy are imported where they are used, so that importing the service costs neither.
"""

from __future__ import annotations

import io

TYPE_CHECKING = False
if TYPE_CHECKING:
    import numpy
    from PIL import Image

FORMATS = ("JPEG", "PNG", "WEBP")
# A decoded picture of this size takes 100 MB with transparency; 1 GB of memory bears it.
LARGEST_PIXELS = 25_000_000
_ORIENTATION = 0x0112
_WHITE = (255, 255, 255, 255)


class UnreadablePicture(ValueError):
    """The bytes are no picture this service reads; the message is one sentence for a person."""


class TooManyPixels(UnreadablePicture):
    """The picture is larger than `LARGEST_PIXELS`; it was not decoded."""


def tensor(data: bytes, size: int) -> numpy.ndarray:
    """The whole picture as uint8 of shape (size, size, 3): rows, columns, red-green-blue.

    JPEG, PNG or WebP, told by content. The first frame, turned as its EXIF says, on white where
    it is transparent, squeezed to a square (not cropped) with Pillow's bilinear filter. A large
    JPEG is decoded at a half, a quarter or an eighth of its size where that is still at least
    twice the square's: memory and time, for differences below a level or two.

    Raises `UnreadablePicture`, and `TooManyPixels` from the header alone.
    """
    import numpy
    from PIL import Image

    picture = _open(data)
    width, height = picture.size
    if width * height > LARGEST_PIXELS:
        raise TooManyPixels(
            f"The picture has {width * height:,} pixels; expected at most {LARGEST_PIXELS:,}; "
            "send a smaller one"
        )
    turn = _turn(picture)
    try:
        picture.draft("RGB", (2 * size, 2 * size))
        picture = _colours(picture).resize((size, size), Image.Resampling.BILINEAR)
    except Exception as error:
        # Pillow's decoders fail with OSError, ValueError, SyntaxError, struct.error and others.
        raise UnreadablePicture(
            "The picture is damaged or cut off; expected a whole JPEG, PNG or WebP file"
        ) from error
    if picture.mode == "RGBA":
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, _WHITE), picture)
    if turn is not None:
        # After the squeeze: a square is turned at no cost in memory, and a squeeze of the whole
        # picture is the same before a turn and after.
        picture = picture.transpose(turn)
    return numpy.asarray(picture.convert("RGB"))


def _open(data: bytes) -> Image.Image:
    from PIL import Image

    try:
        return Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError:
        raise TooManyPixels(
            f"The picture has more pixels than this service decodes; expected at most "
            f"{LARGEST_PIXELS:,}; send a smaller one"
        ) from None
    except Exception as error:
        raise UnreadablePicture(
            "The file is not a picture this service reads; expected JPEG, PNG or WebP"
        ) from error


def _turn(picture: Image.Image) -> Image.Transpose | None:
    """How to turn the picture upright; damaged EXIF turns nothing, as in browsers."""
    from PIL import Image

    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
    try:
        orientation = picture.getexif().get(_ORIENTATION)
    except Exception:
        return None
    return turns.get(orientation) if isinstance(orientation, int) else None


def _colours(picture: Image.Image) -> Image.Image:
    """RGB, or RGBA where the picture says that some of it is transparent."""
    import numpy
    from PIL import Image

    if picture.mode in ("I", "I;16", "I;16B", "I;16L"):
        # 16-bit grey: the high byte. Pillow's own conversion would clip at 255.
        levels = numpy.asarray(picture).astype(numpy.int64) >> 8
        picture = Image.fromarray(levels.clip(0, 255).astype(numpy.uint8))
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")
