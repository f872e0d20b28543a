"""What of a pickle the layers of the scikit-learn runtime hold, and what they do not."""

import io
import pickle
import sys
from typing import Any

PACKAGES = frozenset(("sklearn", "scipy", "numpy", "joblib"))
"""What a function with these layers can import, beside Python's own modules."""
_WITH_THEM = frozenset(("narwhals", "threadpoolctl", "cloudpickle"))
_OF_FRAMES = frozenset(("pandas", "dateutil", "six"))


def importable(*, frame: bool) -> frozenset[str]:
    """All packages that a function has in its layers; `frame`: in that of pandas too."""
    return PACKAGES | _WITH_THEM | (_OF_FRAMES if frame else frozenset())


def missing(pickled: bytes, *, frame: bool = False) -> str | None:
    """The first name in a pickle of ours that no layer holds; it is unpickled to find out.

    `frame`: there is the layer of pandas too.

    Raises whatever unpickling raises where it fails.
    """
    return next((name for name in names(pickled) if not _is_held(name, frame=frame)), None)


def names(pickled: bytes) -> list[str]:
    """The full names in a pickle of ours, which is unpickled to find out; raises what that does."""
    reader = _Reader(io.BytesIO(pickled))
    reader.load()
    return reader.names


def _is_held(name: str, *, frame: bool) -> bool:
    package = name.partition(".")[0]
    if frame and package == "pandas":
        return True
    # The script that runs is a module to Python, and is in no function.
    return package in PACKAGES or (package in sys.stdlib_module_names and package != "__main__")


class _Reader(pickle.Unpickler):
    """Notes what it imports."""

    def __init__(self, stream: io.BytesIO) -> None:
        super().__init__(stream)
        self.names: list[str] = []

    def find_class(self, module: str, name: str) -> Any:
        self.names.append(f"{module}.{name}")
        return super().find_class(module, name)
