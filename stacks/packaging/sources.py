"""What functions are packaged from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .layers.built import BuiltLayers


@dataclass(frozen=True, kw_only=True)
class Sources:
    """`lambda_source` holds the packages, `staging` takes what is put together for an asset.

    `python` is an interpreter of the runtime's version, to compile a zip's code with; None ships it
    as sources. `layers` hold what a function needs beyond Python; None where it needs nothing, or
    an image brings it.
    """

    lambda_source: Path
    staging: Path
    python: Path | None = None
    layers: BuiltLayers | None = None
