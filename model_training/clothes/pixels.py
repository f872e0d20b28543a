"""How bytes become the numbers the network was pretrained on: (level - 127) / 128."""

from pathlib import Path

import numpy
from clothes.formats.unreadable import UnreadablePicture
from clothes.picture import tensor

from model_training.command_line import DataError

SCALE = 1 / 128
OFFSET = -127 / 128


def normalised(pictures: numpy.ndarray) -> numpy.ndarray:
    """float32 of uint8 `pictures`; both constants are exact in binary."""
    return pictures.astype(numpy.float32) * numpy.float32(SCALE) + numpy.float32(OFFSET)


def of_file(path: Path, size: int) -> numpy.ndarray:
    """A picture file as uint8 (size, size, 3), as the function sees it.

    Raises `DataError` naming the file where it is no picture.
    """
    try:
        picture: numpy.ndarray = tensor(path.read_bytes(), size)
    except (UnreadablePicture, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error).rstrip(".")
        raise DataError(f"{path}: {reason}; take it out, or give another") from None
    return picture
