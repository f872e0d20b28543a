"""The last layer: from one score to the probabilities of ordered grades."""

from typing import Any

import keras
import numpy as np
from keras import ops


class Cumulative(keras.layers.Layer):  # type: ignore[misc]
    """P(grade <= k) = sigmoid(threshold k - score), with thresholds that ascend by construction."""

    def __init__(self, grades: int, **more: Any) -> None:
        super().__init__(**more)
        self._grades = grades

    def build(self, _: Any) -> None:
        """The first threshold, and what each next one is higher by (before softplus)."""
        constant = keras.initializers.Constant
        self.first = self.add_weight(shape=(1,), initializer=constant(-1.5), name="first")
        self.steps = self.add_weight(
            shape=(self._grades - 2,), initializer=constant(0.5), name="steps"
        )

    def call(self, score: Any) -> Any:
        """n scores of shape (n, 1) to n rows of probabilities."""
        up_to = ops.sigmoid(self._ascending()[None] - score)
        between = up_to[:, 1:] - up_to[:, :-1]
        return ops.concatenate([up_to[:, :1], between, 1 - up_to[:, -1:]], axis=1)

    def thresholds(self) -> list[float]:
        """The thresholds, ascending."""
        return [float(value) for value in np.asarray(self._ascending())]

    def get_config(self) -> dict[str, Any]:
        """What a saved model needs to make the layer again."""
        return {**super().get_config(), "grades": self._grades}

    def _ascending(self) -> Any:
        above = self.first + ops.cumsum(ops.softplus(self.steps))
        return ops.concatenate([self.first, above])
