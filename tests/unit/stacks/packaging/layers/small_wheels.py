"""Wheels of a few bytes, and the lock that pins them."""

from __future__ import annotations

import hashlib
import struct
import zipfile
from pathlib import Path

MACHINES = {"aarch64": 183, "x86_64": 62}
TAGS = {
    "numpy": "cp314-cp314-manylinux_2_27_aarch64.manylinux_2_28_aarch64",
    "scipy": "cp314-cp314-manylinux_2_28_aarch64",
    "scikit_learn": "cp314-cp314-manylinux2014_aarch64",
    "joblib": "py3-none-any",
}


def shared_object(machine: str = "aarch64", size: int = 64) -> bytes:
    """The beginning of an ELF file, and nothing more of one."""
    header = b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HH", 3, MACHINES[machine])
    return header + bytes(size - len(header))


def wheel(folder: Path, name: str, files: dict[str, bytes], tag: str | None = None) -> Path:
    """Write version 1.0 of a package with these files and its facts."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-1.0-{tag or TAGS[name]}.whl"
    information = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        for file, content in files.items():
            archive.writestr(file, content)
        archive.writestr(f"{information}/METADATA", f"Name: {name}\nVersion: 1.0\n")
        archive.writestr(f"{information}/licenses/LICENSE", "Do as you like.")
        archive.writestr(f"{information}/RECORD", "a list")
    return path


def wheels(folder: Path) -> list[Path]:
    """One wheel for each layer, and one more for the last."""
    contents = {
        "numpy": {
            "numpy/__init__.py": b"import numpy.core\n",
            "numpy/core.cpython-314-aarch64-linux-gnu.so": shared_object(),
            "numpy/tests/test_core.py": b"a test",
            "numpy.libs/libblas-1.so.0": shared_object(size=4096),
            "numpy.libs/tests/kept.so": shared_object(),
            "numpy-1.0.data/platlib/numpy/extra.py": b"extra = 1\n",
            "numpy-1.0.data/scripts/tool": b"left out",
        },
        "scipy": {"scipy/__init__.py": b"names = {'a', 'b', 'c'}\n", "scipy/source.pyx": b"x"},
        "scikit_learn": {"sklearn/__init__.py": b"", "sklearn/__pycache__/a.pyc": b"x"},
        "joblib": {"joblib/__init__.py": b"", "joblib/testing.py": b"kept = True\n"},
    }
    return [wheel(folder, name, files) for name, files in contents.items()]


def lock(path: Path, made: list[Path]) -> Path:
    """A requirements file that pins wheels."""
    lines = ["# a comment"]
    for file in made:
        name = file.name.split("-")[0].replace("_", "-")
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        lines += [f"{name}==1.0 \\", f"    --hash=sha256:{'0' * 64} \\"]
        lines += [f"    --hash=sha256:{digest}", "    # via something"]
    path.write_text("\n".join(lines) + "\n")
    return path
