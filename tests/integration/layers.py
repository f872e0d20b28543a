"""What the tests on layers share."""

from __future__ import annotations

from stacks.layers.build import build
from stacks.layers.built import CACHE, LOCK, BuiltLayers
from stacks.layers.target import target_named


def layers_of_this_machine() -> BuiltLayers:
    """The layers that the local stage deploys, built where they are not yet."""
    return build(lock=LOCK, target=target_named("here"), cache=CACHE, say=print)
