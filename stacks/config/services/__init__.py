"""The registry: every file of this folder holds one entry, `SERVICE`. Adding one adds a service."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from ..model_service import ModelService


def _entries() -> tuple[ModelService, ...]:
    """The entries by the names of their files, which must be the services' names."""
    entries = []
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        entry = import_module(f"{__name__}.{module.name}").SERVICE
        if entry.name != module.name:
            raise ValueError(f"services/{module.name}.py declares the service {entry.name!r}")
        entries.append(entry)
    return tuple(entries)


SERVICES = _entries()
