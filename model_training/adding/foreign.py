"""Model files of other frameworks, told by their first bytes or what an archive of theirs holds."""

from __future__ import annotations

import zipfile
from pathlib import Path

_BY_START = {
    b"\x89HDF\r\n\x1a\n": "Keras (HDF5)",
    b"TFL3": "TensorFlow Lite",
}
_BY_MEMBER = {
    "model.weights.h5": "Keras",
    "data.pkl": "PyTorch",
    "constants.pkl": "PyTorch",
}
_BY_ENDING = {
    ".keras": "Keras",
    ".h5": "Keras (HDF5)",
    ".pt": "PyTorch",
    ".pth": "PyTorch",
    ".onnx": "ONNX",
    ".pb": "TensorFlow",
    ".safetensors": "Hugging Face",
    ".pmml": "PMML",
    ".cbm": "CatBoost",
}


def framework(path: Path, start: bytes) -> str | None:
    """The framework that wrote a file which this project does not read, by its `start` of 16
    bytes, its members or its ending; None for any other."""
    for magic, name in _BY_START.items():
        if start.startswith(magic) or start[4:].startswith(magic):
            return name
    if start[:2] == b"PK" and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            members = {one.rpartition("/")[2] for one in archive.namelist()}
        if "schema.json" not in members:
            return next((name for member, name in _BY_MEMBER.items() if member in members), None)
        return None
    return _BY_ENDING.get(path.suffix.lower())
