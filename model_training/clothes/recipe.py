"""How the network is trained: every number that decides what comes out."""

import dataclasses
import hashlib
from dataclasses import dataclass
from typing import Any

from model_training.clothes.variants import LITE2, Variant


@dataclass(frozen=True)
class Recipe:
    """Blocks before `first_block` keep ImageNet's weights; the others and the last layer learn.

    Each picture is varied `copies - 1` times beforehand, so that the untouched blocks are computed
    once per copy and not once per epoch. AdamW with a warm-up of one epoch and a cosine; the last
    layer learns at `head_rate`, the blocks at `rate`. Labels are smoothed; every second batch or
    so (`mixed`) is blended with itself in another order by a share from Beta(`blend`, `blend`).
    What is kept is a running average of the weights with the memory `average`.
    """

    variant: Variant = LITE2
    first_block: str = "block7"
    copies: int = 9
    epochs: int = 6
    batch: int = 32
    rate: float = 3e-4
    head_rate: float = 3e-3
    warm_up: int = 96
    weight_decay: float = 0.01
    largest_gradient: float = 5.0
    smoothing: float = 0.1
    mixed: float = 0.5
    blend: float = 0.4
    dropout: float = 0.3
    average: float = 0.98
    measured_seed: int = 1
    published_seed: int = 2

    def manifest_entry(self) -> dict[str, Any]:
        """The manifest's entry."""
        return {**dataclasses.asdict(self), "variant": self.variant.name}

    def digest(self) -> str:
        """Names the files in the cache that only this recipe may use again."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:12]


DEFAULT = Recipe()
