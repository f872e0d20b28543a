"""Opens files as joblib writes them: bare, or compressed by zlib, gzip, bzip2, xz or lzma."""

from __future__ import annotations

import bz2
import gzip
import lzma
import stat
import zlib
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from model_training.command_line import DataError

EXPECTED = "expected what joblib.dump wrote"
LARGEST = 512 * 1024 * 1024
"""Bytes a file may hold or unpack to: several times what a function would load."""
_CHUNK = 1 << 20
_OPENERS = {
    b"\x1f\x8b": gzip.GzipFile,
    b"BZ": bz2.BZ2File,
    b"\xfd7": lzma.LZMAFile,
    b"]\x00": lzma.LZMAFile,
}
"""By the first two bytes."""


def opened(path: Path) -> BinaryIO:
    """The file's content, unpacked, as a stream. Raises `DataError`."""
    return BytesIO(content(path))


def content(path: Path) -> bytes:
    """The bytes of a file, unpacked where it is compressed.

    Raises `DataError` for what is no file, cannot be read, or unpacks to more than `LARGEST`.
    """
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise DataError(f"{path}: it is a folder; {EXPECTED}, or one MLflow folder alone")
        if not stat.S_ISREG(found.st_mode):
            raise DataError(f"{path}: it is no file; {EXPECTED}")
        if found.st_size > LARGEST:
            raise _too_large(path)
        return _unpacked(path)
    except DataError:
        raise
    except FileNotFoundError:
        raise DataError(f"{path}: there is no such file; {EXPECTED}") from None
    except (OSError, EOFError, zlib.error, lzma.LZMAError, ValueError) as error:
        # What gzip and bzip2 raise of a damaged file has no number; what the system raises has.
        if isinstance(error, OSError) and error.errno is not None:
            raise DataError(f"{path}: it cannot be read ({error.strerror}); {EXPECTED}") from None
        raise DataError(
            f"{path}: cannot be unpickled (its compression ends or breaks: {error}); "
            f"{EXPECTED}, whole"
        ) from None


def _unpacked(path: Path) -> bytes:
    with path.open("rb") as stream:
        start = stream.read(2)
        stream.seek(0)
        if start[:1] == b"x":
            return _inflated(path, stream)
        if start not in _OPENERS:
            return stream.read()
    pieces, size = [], 0
    with _OPENERS[start](path) as packed:
        while piece := packed.read(_CHUNK):
            size += len(piece)
            if size > LARGEST:
                raise _too_large(path)
            pieces.append(piece)
    return b"".join(pieces)


def _inflated(path: Path, stream: BinaryIO) -> bytes:
    inflate = zlib.decompressobj()
    pieces, size = [], 0
    while piece := inflate.unconsumed_tail or stream.read(_CHUNK):
        pieces.append(inflate.decompress(piece, _CHUNK))
        size += len(pieces[-1])
        if size > LARGEST:
            raise _too_large(path)
    if not inflate.eof:
        raise EOFError("the stream ends early")
    return b"".join(pieces)


def _too_large(path: Path) -> DataError:
    return DataError(
        f"{path}: it unpacks to more than {LARGEST:,} bytes, several times what a "
        "function loads; fit a smaller model"
    )
