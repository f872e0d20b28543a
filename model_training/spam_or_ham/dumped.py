"""Reads what was dumped elsewhere: an estimator, and the scikit-learn that wrote it.

Unpickling runs whatever a file says. What is read here its user trusts; what is no model, or has
no end, is refused with one sentence all the same.
"""

import bz2
import gzip
import lzma
import stat
import warnings
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import joblib
from sklearn.exceptions import InconsistentVersionWarning

from model_training.command_line import DataError

LARGEST = 512 * 1024 * 1024
"""Bytes a file may unpack to: ten times what a function would load."""
_EXPECTED = "expected what joblib.dump wrote"
_CHUNK = 1 << 20
# By the first bytes of what joblib.dump compresses.
_PACKED = {
    b"\x1f\x8b": gzip.GzipFile,
    b"BZ": bz2.BZ2File,
    b"\xfd7": lzma.LZMAFile,
    b"]\x00": lzma.LZMAFile,
}


def read(path: Path) -> tuple[Any, list[str]]:
    """What is in a file, and the other versions of scikit-learn that wrote it.

    Raises `DataError` for a file that cannot be unpickled.
    """
    _check_size(path)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        held = _unpickled(path)
    messages = [warning.message for warning in caught]
    inconsistent = [one for one in messages if isinstance(one, InconsistentVersionWarning)]
    return held, list(dict.fromkeys(str(one.original_sklearn_version) for one in inconsistent))


def _check_size(path: Path) -> None:
    try:
        mode, size = path.stat().st_mode, path.stat().st_size
        if stat.S_ISDIR(mode):
            raise DataError(f"{path}: it is a folder; {_EXPECTED}")
        if not stat.S_ISREG(mode):
            raise DataError(f"{path}: it is no file; {_EXPECTED}")
        for chunk in _unpacked(path):
            size += chunk
            if size > LARGEST:
                raise DataError(
                    f"{path}: it unpacks to more than {LARGEST:,} bytes, and no function loads a "
                    "tenth of that; train a smaller model"
                )
    except DataError:
        raise
    except FileNotFoundError:
        raise DataError(f"{path}: there is no such file; {_EXPECTED}") from None
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) else str(error)
        raise DataError(f"{path}: it cannot be read ({said}); {_EXPECTED}") from None


def _unpacked(path: Path) -> Iterator[int]:
    """How many bytes each piece of a compressed file unpacks to; nothing for any other file."""
    with path.open("rb") as stream:
        start = stream.read(2)
    try:
        if start[:1] == b"x":
            yield from _inflated(path)
        elif start in _PACKED:
            with _PACKED[start](path) as packed:
                while chunk := packed.read(_CHUNK):
                    yield len(chunk)
    except (EOFError, zlib.error, lzma.LZMAError):
        return  # Not what its first bytes say: unpickling tells.
    except OSError as error:
        # What gzip and bzip2 raise of such a file has no number; what the system raises has.
        if error.errno is not None:
            raise


def _inflated(path: Path) -> Iterator[int]:
    inflate = zlib.decompressobj()
    with path.open("rb") as packed:
        while chunk := inflate.unconsumed_tail or packed.read(_CHUNK):
            yield len(inflate.decompress(chunk, _CHUNK))


def _unpickled(path: Path) -> Any:
    try:
        return joblib.load(path)
    except ModuleNotFoundError as missing:
        raise DataError(
            f"{path}: it is made with {missing.name}, which this Python does not have; expected "
            "a vectorizer and a classifier of scikit-learn"
        ) from None
    # An unpickler raises anything at all on a file that is not what it seems, or leaves.
    except (Exception, SystemExit) as error:
        raise DataError(
            f"{path}: cannot be unpickled ({type(error).__name__}); {_EXPECTED}, of classes that "
            "this Python has"
        ) from None
