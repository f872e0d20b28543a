"""What the tests on layers share."""

from __future__ import annotations

from stacks.packaging.layers.build import build
from stacks.packaging.layers.built import CACHE, BuiltLayers
from stacks.packaging.layers.libraries import LIBRARIES
from stacks.packaging.layers.target import target_named


def layers_of_this_machine(runtime: str = "scikit-learn") -> BuiltLayers:
    """A runtime's layers that the local stage deploys, built where they are not yet."""
    return build(LIBRARIES[runtime], target=target_named("here"), cache=CACHE, say=print)
