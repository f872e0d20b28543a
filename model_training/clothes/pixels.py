"""How bytes become the numbers the network was pretrained on: (level - 127) / 128."""

import numpy

SCALE = 1 / 128
OFFSET = -127 / 128


def normalised(pictures: numpy.ndarray) -> numpy.ndarray:
    """float32 of uint8 `pictures`; both constants are exact in binary."""
    return pictures.astype(numpy.float32) * numpy.float32(SCALE) + numpy.float32(OFFSET)
