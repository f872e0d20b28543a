"""Small picture files made by code, and the recorded tensors that `picture.tensor` makes of them.

`python -m tests.unit.clothes.golden_tensors` records them anew: only for a deliberate change of
the preparation, which asks for a newly trained model too.
"""

import base64
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

RECORDED = Path(__file__).with_suffix(".json")
SIZE = 6


def recorded() -> dict[str, dict[str, Any]]:
    """By name: the file's bytes in base64, and the tensor as nested lists."""
    tensors: dict[str, dict[str, Any]] = json.loads(RECORDED.read_text("utf-8"))
    return tensors


def scene(width: int = 23, height: int = 17) -> Image.Image:
    """A gradient with a bright corner: no two turns or mirror images of it are alike."""
    y, x, colour = np.ogrid[:height, :width, :3]
    levels = (x * 9 + y * 5 * colour + 40 * colour) % 256
    levels[: height // 3, : width // 4] = (250, 240, 20)
    return Image.fromarray(levels.astype(np.uint8))


def encoded(picture: Image.Image, form: str, **options: Any) -> bytes:
    """The picture as a file."""
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def turned(orientation: int) -> Image.Exif:
    """EXIF with nothing but an orientation."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def _files() -> Iterator[tuple[str, bytes]]:
    yield "jpeg", encoded(scene(), "JPEG", quality=90)
    yield "jpeg, progressive", encoded(scene(), "JPEG", quality=60, progressive=True)
    yield "jpeg, large enough to be decoded smaller", encoded(scene(97, 61), "JPEG", quality=75)
    yield "jpeg, grey", encoded(scene().convert("L"), "JPEG")
    yield "jpeg, CMYK", encoded(scene().convert("CMYK"), "JPEG")
    for orientation in range(1, 9):
        exif = turned(orientation)
        yield f"jpeg, orientation {orientation}", encoded(scene(), "JPEG", exif=exif)
    yield "webp", encoded(scene(), "WEBP", quality=80)
    yield "webp, lossless", encoded(scene(), "WEBP", lossless=True)
    yield "png", encoded(scene(), "PNG")


def _record() -> None:
    sys.path.insert(0, "lambda_src")
    from clothes.picture import tensor

    entries = {
        name: {"file": base64.b64encode(file).decode(), "tensor": tensor(file, SIZE).tolist()}
        for name, file in _files()
    }
    lines = [f"{json.dumps(name)}: {json.dumps(entry)}" for name, entry in entries.items()]
    RECORDED.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


if __name__ == "__main__":
    _record()
