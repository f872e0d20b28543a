"""Imports the modules of this function from modules.bin, byte code for one version of Python.

Packaging puts this file in the place of the service's own `__init__.py`, which it runs at its end.
"""

from __future__ import annotations

import gc
import sys
from importlib.machinery import ModuleSpec
from marshal import loads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

_ROOT = __file__.rpartition("/")[0].rpartition("/")[0]


class _Modules:
    """Finds and runs modules by name; `_codes` holds (is a package, its code as bytes)."""

    def __init__(self, codes: dict[str, tuple[bool, bytes]]) -> None:
        self._codes = codes

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        if name not in self._codes:
            return None
        is_package = self._codes[name][0]
        folder = f"{_ROOT}/{name.replace('.', '/')}"
        # Importing the abstract Loader to derive from it would cost more than all of this.
        spec = ModuleSpec(name, self, is_package=is_package)  # type: ignore[arg-type]
        spec.origin = f"{folder}/__init__.py" if is_package else f"{folder}.py"
        # Modules find the files that travel with them by their `__file__`.
        spec.has_location = True
        if is_package:
            spec.submodule_search_locations = [folder]
        return spec

    def create_module(self, _: ModuleSpec) -> None:
        """None: the import system makes the module."""

    def exec_module(self, module: ModuleType) -> None:
        # Our own modules, packaged with this one: no more and no less trusted than it.
        is_package, code = self._codes[module.__name__]
        exec(loads(code), module.__dict__)  # nosec B102 B302 # noqa: S102, S302
        # A module is run once.
        self._codes[module.__name__] = is_package, b""


# Nothing that imports make is garbage; `serving.loading.model_loader` switches the collector on
# when it is done.
gc.disable()
with open(f"{_ROOT}/modules.bin", "rb") as _file:
    _made_for = _file.readline().decode().strip()
    if _made_for != sys.implementation.cache_tag:
        raise ImportError(
            f"This package holds byte code for {_made_for} and runs on "
            f"{sys.implementation.cache_tag}: deploy it again for this runtime."
        )
    _modules = _Modules(loads(_file.read()))  # nosec B302 # noqa: S302 - trusted as this file
sys.meta_path.insert(0, _modules)
_modules.exec_module(sys.modules[__name__])
