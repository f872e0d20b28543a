"""Unpickles fitted scikit-learn estimators into inert objects of our own."""

# The C class itself: importing pickle.py as well would cost more than unpickling a model.
from __future__ import annotations

from _pickle import Unpickler
from importlib import import_module
from io import BytesIO

from portable.errors import UnsafePickle, UnsupportedModel
from portable.pickles.arrays import Array, DType, reconstruct, scalar
from portable.supported import ESTIMATORS, HELD, NAMES, STAND_INS

MAX_BYTES = 100_000_000
"""Largest file read: what a function loads at most. A 280,000-term model with two classes has
about 16 MB, a forest of 750,000 nodes 60."""


class Estimator:
    """A fitted estimator: the attributes scikit-learn pickled, read and checked by its reader.

    Each estimator has a subclass of its name; `module` is the one that it was pickled from.
    """

    __slots__ = ("state",)
    module = ""

    def __setstate__(self, state: dict[str, object]) -> None:
        if type(state) is not dict or hasattr(self, "state"):
            raise UnsafePickle("An estimator's state is not a plain dict; write the file again.")
        self.state = state


_GLOBALS: dict[tuple[str, str], object] = {
    ("numpy", "ndarray"): Array,
    ("numpy", "dtype"): DType,
    # The module was numpy.core before numpy 2.
    ("numpy._core.multiarray", "_reconstruct"): reconstruct,
    ("numpy.core.multiarray", "_reconstruct"): reconstruct,
    ("numpy._core.multiarray", "scalar"): scalar,
    ("numpy.core.multiarray", "scalar"): scalar,
    # The vectorizers' dtype option; a string can neither be called nor given a state.
    ("numpy", "float64"): "float64",
    ("numpy", "float32"): "float32",
    ("numpy", "int64"): "int64",
    ("numpy", "int32"): "int32",
    ("builtins", "float"): "float64",
    ("builtins", "int"): "int64",
}


class _ModelUnpickler(Unpickler):
    """Resolves the names of _GLOBALS and of `portable.supported` and nothing else; nothing that a
    pickle names is ever imported."""

    def __init__(self, data: bytes) -> None:
        super().__init__(BytesIO(data))
        self.names: dict[str, None] = {}

    def find_class(self, module: str, name: str) -> object:
        found = _GLOBALS.get((module, name))
        if found is None:
            found = _GLOBALS[module, name] = self._stand_in(module, name)
        if module in ESTIMATORS or module in STAND_INS:
            self.names[f"{module}.{name}"] = None
        return found

    def _stand_in(self, module: str, name: str) -> object:
        if name in ESTIMATORS.get(module, ()) or name in HELD.get(module, ()):
            return type(name, (Estimator,), {"__slots__": (), "module": module})
        if name in NAMES.get(module, ()):
            return name
        stand_in = STAND_INS.get(module, {}).get(name)
        if stand_in is None:
            raise _refused_global(module, name)
        source, _, attribute = stand_in.partition(":")
        return getattr(import_module(source), attribute)


def _refused_global(module: str, name: str) -> UnsupportedModel:
    is_estimator = module.partition(".")[0] == "sklearn" and "." not in name
    kind = UnsupportedModel if is_estimator else UnsafePickle
    return kind(
        f"The pickle refers to {f'{module}.{name}'[:100]!r}, which the portable runtime does not "
        "load: it reads certain estimators of scikit-learn, and nothing of anybody else's."
    )


def loads(data: bytes, *, scanned: bool = False) -> object:
    """Read a plain protocol 4 pickle; estimators come back as `Estimator`s, arrays as `Array`s.

    The caller has checked the SHA-256 of `data`. `scanned` says that it is the digest of bytes
    whose opcodes were scanned when they were published: that takes a fifth of a load's time.
    Raises UnsupportedModel for an estimator or layout that cannot be served, and its subclass
    UnsafePickle for anything that is not the plain pickle of one.
    """
    return _unpickled(data, scanned=scanned)[0]


def names(data: bytes) -> list[str]:
    """The full names in a pickle of which `portable.supported` says what reads them: those of its
    estimators, and of what these hold beyond plain data; raises as `loads` does."""
    return _unpickled(data, scanned=False)[1]


def _unpickled(data: bytes, *, scanned: bool) -> tuple[object, list[str]]:
    if data[:1] != b"\x80":
        raise UnsafePickle(
            "The file is not a pickle (its first byte is not 0x80; it may be compressed or another "
            "format); write it with pickle.dump(model, file, protocol=4)."
        )
    if data[1:2] != b"\x04":
        raise UnsafePickle(
            f"The pickle has protocol {data[1:2].hex() or 'none'}; only protocol 4 is read: "
            "write it with pickle.dump(model, file, protocol=4)."
        )
    if len(data) > MAX_BYTES:
        raise UnsafePickle(f"The pickle has {len(data)} bytes; at most {MAX_BYTES} are read.")
    if not scanned:
        # By its name: a function reads what was scanned, and its package goes without.
        import_module("portable.pickles.opcodes").check_opcodes(data)
    unpickler = _ModelUnpickler(data)
    try:
        return unpickler.load(), list(unpickler.names)
    except UnsupportedModel:
        raise
    except Exception as error:
        # Whatever the C unpickler or a stand-in says of malformed bytes is one refusal for us.
        raise UnsafePickle(
            f"The pickle cannot be read ({type(error).__name__}); write the file again."
        ) from error
