"""From the bytes of a picture file to what the network sees: the one way, for training and serving.

Pillow and numpy are imported where they are used, so that importing the service costs neither.
"""

from __future__ import annotations

import io
from importlib import import_module

from clothes import formats
from clothes.formats.unreadable import damaged

TYPE_CHECKING = False
if TYPE_CHECKING:
    import numpy
    from PIL import Image, ImageFile

    from clothes.formats.file import PictureFile

_WHITE = (255, 255, 255, 255)
_DECODERS = {
    "JPEG": ("JpegImagePlugin", "JpegImageFile"),
    "PNG": ("PngImagePlugin", "PngImageFile"),
    "WEBP": ("WebPImagePlugin", "WebPImageFile"),
}


def decoder(form: str) -> type[ImageFile.ImageFile]:
    """Pillow's class for files of a form; its module is imported with the first of them.

    `Image.open` would import those of five other forms first, to find out what is known here.
    """
    module, name = _DECODERS[form]
    files: type[ImageFile.ImageFile] = getattr(import_module(f"PIL.{module}"), name)
    return files


def tensor(data: bytes, size: int) -> numpy.ndarray:
    """The whole picture as uint8 of shape (size, size, 3): rows, columns, red-green-blue.

    Raises `UnreadablePicture`, and `TooManyPixels` from the header alone.
    """
    return decoded(formats.read(data), size)


def decoded(file: PictureFile, size: int) -> numpy.ndarray:
    """The picture of a file as uint8 of shape (size, size, 3).

    The first frame, turned as its EXIF says, on white where it is transparent, squeezed to a
    square (not cropped) with Pillow's bilinear filter. A large JPEG is decoded at a half, a
    quarter or an eighth of its size where that is still at least twice the square's: memory and
    time, for differences below a level or two. Raises `UnreadablePicture`, and `MemoryError`.
    """
    import numpy
    from PIL import Image

    try:
        picture = _squeezed(file, size)
    except MemoryError:
        raise
    except Exception:
        # Pillow's decoders fail with OSError, ValueError, SyntaxError, struct.error and others.
        picture = None
    if picture is None:
        # Not within the clause: what was raised there holds on to all that was decoded.
        raise damaged()
    if picture.mode == "RGBA":
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, _WHITE), picture)
    turn = _turn(file.orientation)
    if turn is not None:
        # After the squeeze: a square is turned at no cost in memory, and a squeeze of the whole
        # picture is the same before a turn and after.
        picture = picture.transpose(turn)
    return numpy.asarray(picture.convert("RGB"))


def _squeezed(file: PictureFile, size: int) -> Image.Image:
    """The square in RGB or RGBA, not turned yet. Raises whatever a decoder does."""
    from PIL import Image

    picture = decoder(file.form)(io.BytesIO(file.data))
    if picture.size != (file.width, file.height):
        raise damaged()
    picture.draft("RGB", (2 * size, 2 * size))
    _load(picture)
    return _colours(picture).resize((size, size), Image.Resampling.BILINEAR)


def _load(picture: ImageFile.ImageFile) -> None:
    """Decode, and let go of what has decoded: WebP's holds 12 bytes for each pixel."""
    picture.load()
    picture.fp = None
    vars(picture).pop("_decoder", None)


def _turn(orientation: int) -> Image.Transpose | None:
    """How to turn a picture upright that EXIF says is turned, mirrored or both."""
    from PIL import Image

    return {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }.get(orientation)


def _colours(picture: Image.Image) -> Image.Image:
    """RGB, or RGBA where the picture says that some of it is transparent."""
    import numpy
    from PIL import Image

    if picture.mode == "I;16":
        # 16-bit grey: the high byte. Pillow's own conversion would clip at 255.
        picture = Image.fromarray((numpy.asarray(picture) >> 8).astype(numpy.uint8))
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    # A conversion to what it is already is a copy.
    return picture if picture.mode == mode else picture.convert(mode)
