"""Pictures of clothes that code draws: no photographs, nobody's rights."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageDraw

# Outlines on a square of 100 by 100.
OUTLINES: dict[str, list[tuple[int, int]]] = {
    "t-shirt": [(36, 14), (44, 20), (56, 20), (64, 14), (90, 30), (80, 48), (70, 42), (70, 88),
                (30, 88), (30, 42), (20, 48), (10, 30)],
    "pants": [(30, 10), (70, 10), (76, 92), (58, 92), (50, 36), (42, 92), (24, 92)],
    "dress": [(38, 8), (44, 16), (56, 16), (62, 8), (66, 40), (84, 92), (16, 92), (34, 40)],
    "skirt": [(34, 16), (66, 16), (86, 84), (14, 84)],
    "hat": [(32, 30), (68, 30), (72, 62), (94, 70), (94, 78), (6, 78), (6, 70), (28, 62)],
}  # fmt: skip


def draw(
    kind: str = "t-shirt", side: int = 160, ink: str = "#2b6cb0", paper: str = "#f4f1ea"
) -> Image.Image:
    """A garment in one colour on plain paper."""
    picture = Image.new("RGB", (side, side), paper)
    outline = [(x * side // 100, y * side // 100) for x, y in OUTLINES[kind]]
    ImageDraw.Draw(picture).polygon(outline, fill=ink)
    return picture


def encoded(picture: Image.Image, form: str = "PNG", **options: Any) -> bytes:
    """The file of a picture: PNG, JPEG, WEBP or whatever else Pillow writes."""
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()
