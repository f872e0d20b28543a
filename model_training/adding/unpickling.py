"""Reads a pickle or joblib file, importing nothing but what is trusted.

The names are looked up once more while the file is read: what was listed before and what is
imported now cannot differ.
"""

from __future__ import annotations

import importlib
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sklearn
from joblib.numpy_pickle import NumpyUnpickler
from sklearn.exceptions import InconsistentVersionWarning

from model_training.adding import earlier_releases, libraries, names, trusted
from model_training.adding.packed import EXPECTED, opened
from model_training.command_line import DataError, Refusal, in_one_line

# Where a module was before it moved, for pickles of older releases.
_MOVED = {"numpy.core": "numpy._core", "_loss": "sklearn._loss._loss"}


class UntrustedModel(Refusal):
    """A file that would import what is not in the table; `names` are those."""

    def __init__(self, path: Path, found: list[str]) -> None:
        self.names = found
        listed = ", ".join(found[:6]) + (f" and {len(found) - 6} more" if len(found) > 6 else "")
        super().__init__(
            f"{path}: reading it would import {listed}, which may run anything; if you know who "
            "made the file and what these are, say TRUST=yes (--trust)"
        )


class _Unpickler(NumpyUnpickler):  # type: ignore[misc]
    """joblib's own, which knows where older releases kept what."""

    def find_class(self, module: str, name: str) -> Any:
        for old, new in _MOVED.items():
            if module == old or module.startswith(f"{old}."):
                module = new + module[len(old) :]
        stands_in = earlier_releases.NAMES.get(f"{module}.{name}")
        return stands_in or super().find_class(module, name)


class _TrustingUnpickler(_Unpickler):
    """Imports only names of the table."""

    def find_class(self, module: str, name: str) -> Any:
        full = names.full_name(module, name)
        if full == "builtins.getattr":
            return _method_of_distribution
        if full == "pyarrow.lib._restore_array":
            return _restored_array
        if full not in trusted.names():
            raise DataError(f"it imports {full}, which its list of names did not say")
        return super().find_class(module, name)


def _method_of_distribution(owner: Any, name: str) -> Any:
    """scipy's distributions are pickled with methods bound to them; nothing else is looked up."""
    from scipy.stats._distn_infrastructure import rv_generic

    if isinstance(owner, rv_generic) and re.fullmatch(r"_[a-z]+\w*", name):
        return getattr(owner, name)
    raise DataError(f"it asks for the attribute {str(name)[:40]!r} of something")


def _restored_array(parts: Any) -> Any:
    """pyarrow's own, which takes its buffers' word for where each text begins and ends."""
    restored = importlib.import_module("pyarrow.lib")._restore_array(parts)
    restored.validate(full=True)
    return restored


@contextmanager
def versions_noted() -> Iterator[list[str]]:
    """The versions of scikit-learn that wrote what is read meanwhile, where they are not this one;
    the list is filled at the end."""
    versions: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield versions
    for one in (warning.message for warning in caught):
        if isinstance(one, InconsistentVersionWarning):
            version = str(one.original_sklearn_version)
            if version not in versions:
                versions.append(version)


def read(path: Path, *, trust: bool) -> Any:
    """What is in a file.

    With `trust` whatever the file says is imported and run. Raises `DataError` for a file that
    cannot be read, `UntrustedModel` for one that imports what is not in the table.
    """
    found = [name for name in names.of_file(path) if name != "builtins.getattr"]
    if not trust and (unknown := trusted.untrusted(found)):
        raise UntrustedModel(path, unknown)
    packages = {name.partition(".")[0] for name in found}
    for package in sorted(packages & {"lightgbm", "pandas", "pyarrow", "xgboost"}):
        libraries.imported(package, f"{path} is made with {package}")
    return _loaded(path, trust=trust)


def _loaded(path: Path, *, trust: bool) -> Any:
    unpickler = _Unpickler if trust else _TrustingUnpickler
    stream = opened(path)
    try:
        return unpickler(str(path), stream, True).load()
    except DataError as error:
        said = str(error).removeprefix(f"{path}: ")
        raise DataError(f"{path}: {said}; save the model again with joblib.dump") from None
    except ModuleNotFoundError as missing:
        if (missing.name or "").startswith("sklearn."):
            raise DataError(
                f"{path}: it is made with {missing.name}, which this scikit-learn does not have; "
                f"fit the model again with scikit-learn {sklearn.__version__}"
            ) from None
        raise DataError(
            f"{path}: it is made with {missing.name}, which this Python does not have; install it "
            "into this environment, or save a model that is made of scikit-learn alone"
        ) from None
    except AttributeError as error:
        raise DataError(
            f"{path}: it holds what this scikit-learn does not have ({error}); fit the model again "
            f"with scikit-learn {sklearn.__version__}"
        ) from None
    # An unpickler raises anything at all on a file that is not what it seems, or leaves.
    except (Exception, SystemExit) as error:
        raise DataError(
            f"{path}: cannot be unpickled ({in_one_line(error)}); "
            f"{EXPECTED}, of classes that this Python has"
        ) from None
