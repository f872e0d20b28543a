"""Reads the tensors of a torch file without torch.

The layout is that of torch before 1.6: five pickles (a magic number, the protocol, facts about
the machine, the named tensors, the keys of the storages), then each storage as a count and its
little-endian numbers. The pickles are read by an unpickler that knows three harmless globals and
refuses every other, so nothing in such a file is ever executed.
"""

import io
import pickle
import struct
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy

from model_training.command_line import DataError

MAGIC = 0x1950A86A20F9469CFC6C
PROTOCOL = 1001
LARGEST_STORAGE = 50_000_000


@dataclass(frozen=True)
class _Type:
    """A storage's kind of number: torch's name for it, as numpy's."""

    dtype: str


@dataclass(frozen=True)
class _View:
    """A tensor as the file describes it: a window on a storage."""

    key: str
    dtype: str
    offset: int
    shape: tuple[int, ...]
    stride: tuple[int, ...]


def read(data: bytes) -> dict[str, numpy.ndarray]:
    """The named tensors of the file, as arrays of their own; torch's names and axes.

    Raises `DataError` for another layout, a global that is not allowed, or a file cut off.
    """
    try:
        file = io.BytesIO(data)
        if _Unpickler(file).load() != MAGIC or _Unpickler(file).load() != PROTOCOL:
            raise DataError("The file is not torch's; expected the layout before torch 1.6")
        _Unpickler(file).load()
        views = _Unpickler(file).load()
        keys = _Unpickler(file).load()
        storages = {key: _storage(file, _dtype_of(views, key)) for key in keys}
        return {name: _array(storages[view.key], view) for name, view in views.items()}
    except DataError:
        raise
    except Exception as error:
        # A damaged pickle fails with whatever its opcodes run into.
        raise DataError(
            f"The torch file is damaged ({type(error).__name__}); download it again"
        ) from None


class _Unpickler(pickle.Unpickler):
    """Rebuilds descriptions of tensors, and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        allowed = {
            ("collections", "OrderedDict"): OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2"): _rebuild,
            ("torch", "FloatStorage"): _Type("<f4"),
            ("torch", "LongStorage"): _Type("<i8"),
        }
        try:
            return allowed[module, name]
        except KeyError:
            raise DataError(
                "The torch file asks for a global that tensors do not need; do not use the file"
            ) from None

    def persistent_load(self, pid: Any) -> tuple[str, str]:
        _, kind, key, _, _, _ = pid
        return key, kind.dtype


def _rebuild(
    storage: tuple[str, str],
    offset: int,
    shape: tuple[int, ...],
    stride: tuple[int, ...],
    _requires_grad: bool,
    _hooks: object,
) -> _View:
    return _View(storage[0], storage[1], offset, tuple(shape), tuple(stride))


def _dtype_of(views: Mapping[str, _View], key: str) -> str:
    return next(view.dtype for view in views.values() if view.key == key)


def _storage(file: io.BytesIO, dtype: str) -> numpy.ndarray:
    (count,) = struct.unpack("<q", file.read(8))
    if not 0 <= count <= LARGEST_STORAGE:
        raise DataError("The torch file names a storage of an impossible size")
    return numpy.frombuffer(file.read(count * numpy.dtype(dtype).itemsize), dtype, count)


def _array(storage: numpy.ndarray, view: _View) -> numpy.ndarray:
    item = storage.dtype.itemsize
    strides = tuple(step * item for step in view.stride)
    # This constructor, unlike as_strided, refuses a window that leaves its buffer.
    window: numpy.ndarray = numpy.ndarray(
        view.shape, storage.dtype, storage, view.offset * item, strides
    )
    return window.copy()
