"""Other pictures of the same piece: turned a little, nearer, mirrored, in another light."""

import math

import numpy
from PIL import Image

TURN = math.radians(12)
NEAREST, FARTHEST = 0.68, 1.06
STRETCH = 1.15
LIGHT = 0.25
COLOUR = 0.3
TINT = 0.06


def varied(picture: numpy.ndarray, generator: numpy.random.Generator) -> numpy.ndarray:
    """A random variation of `picture` (uint8, square, RGB), of the same shape."""
    return _lit(_moved(picture, generator), generator)


def _moved(picture: numpy.ndarray, generator: numpy.random.Generator) -> numpy.ndarray:
    """Turned, scaled, shifted and, every second time, mirrored; edges continue by reflection."""
    size = len(picture)
    margin = size // 4
    wide = numpy.pad(picture, ((margin, margin), (margin, margin), (0, 0)), "reflect")
    turn = generator.uniform(-TURN, TURN)
    scale = generator.uniform(NEAREST, FARTHEST)
    stretch = math.exp(generator.uniform(-1, 1) * math.log(STRETCH))
    mirror = -1.0 if generator.random() < 0.5 else 1.0
    across, down = scale * stretch, scale / stretch
    slack = max(0.0, 1 - scale) * size / 2
    middle = size / 2 + margin
    x, y = middle + generator.uniform(-slack, slack), middle + generator.uniform(-slack, slack)
    a, b = across * math.cos(turn) * mirror, -down * math.sin(turn)
    d, e = across * math.sin(turn) * mirror, down * math.cos(turn)
    half = size / 2
    matrix = (a, b, x - a * half - b * half, d, e, y - d * half - e * half)
    moved = Image.fromarray(wide).transform(
        (size, size), Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC
    )
    return numpy.asarray(moved)


def _lit(picture: numpy.ndarray, generator: numpy.random.Generator) -> numpy.ndarray:
    """Brighter or darker, with more or less contrast and colour, under a tinted light."""
    levels = picture.astype(numpy.float32)
    grey = levels @ numpy.array([0.299, 0.587, 0.114], numpy.float32)
    levels = grey[..., None] + (levels - grey[..., None]) * (1 + generator.uniform(-COLOUR, COLOUR))
    mean = grey.mean()
    levels = mean + (levels - mean) * (1 + generator.uniform(-LIGHT, LIGHT))
    levels *= 1 + generator.uniform(-LIGHT, LIGHT)
    levels *= 1 + generator.uniform(-TINT, TINT, 3).astype(numpy.float32)
    rounded: numpy.ndarray = levels.clip(0, 255).round().astype(numpy.uint8)
    return rounded
