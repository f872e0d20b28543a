"""A test under every Python that is here. Which there are is asked when it runs, not when it is
collected: every process collects, and asking starts each of them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from model_training.publishing.pythons import pythons_at_hand, version_of

each_minor = pytest.mark.parametrize("minor", range(11, 15))
"""A test of `minor`, the second number of a Python's version."""


def pythons_of(minor: int) -> list[Path]:
    """The Pythons 3.`minor` that are here, this one first; skips the test where there is none."""
    pythons = _by_minor().get(f"3.{minor}")
    if pythons is None:
        pytest.skip(f"there is no Python 3.{minor} here")
    return pythons


@cache
def _by_minor() -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for python in pythons_at_hand():
        version = version_of(python)
        assert version is not None
        found.setdefault(version.rpartition(".")[0], []).append(python)
    return found
