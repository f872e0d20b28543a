"""Which names a pickle would import, found by walking it without importing or calling anything.

joblib's files interleave raw arrays with pickle opcodes; they are walked as well. The walk runs in
a process of its own, because a small pickle may ask for any amount of memory or time.
"""

from __future__ import annotations

import json
import pickle
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

from model_training.adding.packed import EXPECTED, opened
from model_training.command_line import DataError

_SECONDS = 120
_MEMORY = 4 * 1024**3
_PURE: Any = pickle._Unpickler
_PYTHON_2 = {"copy_reg": "copyreg", "__builtin__": "builtins"}


def full_name(module: str, name: str) -> str:
    """A name as Python 3 has it: protocols 0 to 2 call some modules as Python 2 did."""
    return f"{_PYTHON_2.get(module, module)}.{name}"


class _Inert:
    """Stands for whatever a pickle makes: it can be called and filled, and nothing happens."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        pass

    def __call__(self, *_arguments: Any, **_options: Any) -> _Inert:
        return _Inert()

    def __setstate__(self, state: Any) -> None:
        pass

    def __setitem__(self, key: Any, value: Any) -> None:
        pass

    def append(self, item: Any) -> None:
        pass

    def extend(self, items: Any) -> None:
        pass

    def add(self, item: Any) -> None:
        pass

    def update(self, items: Any) -> None:
        pass


class _DType(_Inert):
    """A numpy dtype: only how many bytes an element has."""

    size = 0
    of_objects = False

    def __init__(self, code: Any = "", *_: Any) -> None:
        text = code if isinstance(code, str) else ""
        self.of_objects = text.startswith("O")
        digits = "".join(filter(str.isdigit, text))
        self.size = int(digits or 0) * (4 if text.startswith("U") else 1)
        if text in ("b1", "?"):
            self.size = 1

    def __setstate__(self, state: Any) -> None:
        # (version, byte order, sub-array, field names, fields, item size, …)
        if isinstance(state, tuple) and len(state) > 5 and isinstance(state[5], int):
            self.size = state[5] if state[5] > 0 else self.size


class _Array(_Inert):
    """The place of an array whose bytes follow in the file."""

    members: dict[str, Any]

    def __setstate__(self, state: Any) -> None:
        self.members = state if isinstance(state, dict) else {}


class _Lister(_PURE):  # type: ignore[misc]
    """Reads a pickle, or joblib's, and notes each name; every object is inert."""

    dispatch: ClassVar[dict[int, Any]] = dict(_PURE.dispatch)

    def __init__(self, stream: BinaryIO, names: dict[str, None]) -> None:
        super().__init__(stream)
        self._stream = stream
        self._names = names

    def find_class(self, module: str, name: str) -> Any:
        self._names[full_name(module, name)] = None
        if name == "NumpyArrayWrapper" and module.startswith(("joblib.", "sklearn.externals.")):
            return _Array
        if (module, name) == ("numpy", "dtype"):
            return _DType
        return type(name, (_Inert,), {})

    def get_extension(self, code: int) -> Any:
        raise pickle.UnpicklingError(f"the extension code {code}")

    def load_build(self) -> None:
        super().load_build()
        last = self.stack[-1]
        if isinstance(last, _Array):
            self._skip(last.members)
            self.stack[-1] = _Inert()

    dispatch[pickle.BUILD[0]] = load_build

    def _skip(self, members: dict[str, Any]) -> None:
        """Walk over an array that joblib wrote between two opcodes."""
        dtype = members.get("dtype")
        if not isinstance(dtype, _DType):
            raise pickle.UnpicklingError("an array of an unknown dtype")
        if dtype.of_objects:
            _Lister(self._stream, self._names).load()
            return
        if members.get("numpy_array_alignment_bytes") is not None:
            self._stream.read(self._stream.read(1)[0])
        count = 1
        for length in members.get("shape", ()):
            count *= int(length)
        wanted = count * dtype.size
        while wanted > 0:
            piece = self._stream.read(min(wanted, 1 << 20))
            if not piece:
                raise EOFError
            wanted -= len(piece)


def of_file(path: Path) -> list[str]:
    """The full names that a pickle or joblib file would import, in the order they occur.

    Raises `DataError` for a file that is none, is damaged, or asks for more than it may have.
    """
    child = subprocess.run(  # noqa: S603 - this module, by this Python
        [sys.executable, "-m", "model_training.adding.names", str(path)],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": ":".join(filter(None, sys.path)), "PATH": "/usr/bin:/bin"},
    )
    if child.returncode == 0:
        names: list[str] = json.loads(child.stdout)
        return names
    said = child.stdout.strip().splitlines()
    if child.returncode == 1 and said:
        raise DataError(f"{path}: {said[-1]}")
    raise DataError(
        f"{path}: walking through it takes more than {_SECONDS} s or {_MEMORY // 1024**3} GiB, as "
        "no model's file does; save the model again with joblib.dump"
    )


def _walk(path: Path) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    names: dict[str, None] = {}
    try:
        with opened(path) as stream:
            _Lister(stream, names).load()
    except DataError as error:
        print(str(error).removeprefix(f"{path}: "))
        return 1
    except MemoryError:
        return 2
    # A damaged file raises anything at all in an unpickler.
    except Exception as error:
        print(f"cannot be unpickled ({type(error).__name__}); {EXPECTED}")
        return 1
    json.dump(list(names), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(_walk(Path(sys.argv[1])))
