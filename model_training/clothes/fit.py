"""Fine-tuning: the last blocks and a new last layer learn the ten labels from stored maps."""

import math
from collections.abc import Callable
from typing import Any

import keras
import numpy
import tensorflow

from model_training.clothes.copies import Maps, entrance
from model_training.clothes.optimiser import Optimiser
from model_training.clothes.recipe import Recipe

Report = Callable[[int, float], object]
_AT_ONCE = 64


class Learner:
    """The part of a network that learns, from `recipe.first_block` to the logits.

    Batch normalisation is left as ImageNet made it, statistics, scale and shift.
    """

    def __init__(self, network: keras.Model, recipe: Recipe) -> None:
        self._recipe = recipe
        self._blocks = keras.Model(entrance(network, recipe), network.get_layer("pool").output)
        self._head = network.get_layer("logits")
        self._head.set_weights([numpy.zeros_like(array) for array in self._head.get_weights()])
        in_blocks = [
            weight
            for layer in self._blocks.layers
            if not isinstance(layer, keras.layers.BatchNormalization)
            for weight in layer.trainable_weights
        ]
        self._of_blocks = len(in_blocks)
        self._variables = in_blocks + self._head.trainable_weights
        self._optimiser = Optimiser(self._variables, recipe.weight_decay)
        self._step = tensorflow.function(self._traced_step)
        self._answer = tensorflow.function(self._traced_answer)

    def fit(self, maps: Maps, labels: numpy.ndarray, seed: int, report: Report) -> None:
        """Learn the labels; `report` hears the number and the mean loss of each epoch."""
        recipe = self._recipe
        generator = numpy.random.default_rng(seed)
        # Each picture meets its copies in an order of its own.
        orders = [generator.permutation(recipe.copies) for _ in labels]
        truth = numpy.eye(self._head.units, dtype=numpy.float32)[labels]
        steps = math.ceil(len(labels) / recipe.batch)
        count = 0
        for epoch in range(recipe.epochs):
            order, losses = generator.permutation(len(labels)), []
            for start in range(0, len(order), recipe.batch):
                batch = order[start : start + recipe.batch]
                count += 1
                mixes = generator.random() < recipe.mixed
                share = generator.beta(recipe.blend, recipe.blend) if mixes else 1.0
                entering = [maps.of(orders[i][epoch % recipe.copies], i) for i in batch]
                losses.append(
                    self._step(
                        numpy.stack(entering),
                        truth[batch],
                        generator.permutation(len(batch)),
                        *_floats(share, count, *self._rates(count, steps * recipe.epochs)),
                    )
                )
            report(epoch, float(numpy.mean(losses)))
        self._optimiser.settle()

    def logits(self, maps: Maps) -> numpy.ndarray:
        """The averaged network's answers (N, labels) to the pictures themselves."""
        rows = []
        with self._optimiser.averaged():
            for start in range(0, len(maps), _AT_ONCE):
                end = min(start + _AT_ONCE, len(maps))
                entering = numpy.stack([maps.of(0, i) for i in range(start, end)])
                rows.append(self._answer(entering).numpy())
        return numpy.concatenate(rows)

    def _rates(self, count: int, steps: int) -> tuple[float, float, float]:
        """Rate of the blocks, rate of the last layer, memory of the average at step `count`."""
        recipe = self._recipe
        cosine = 0.5 * (1 + math.cos(math.pi * count / steps))
        warm = min(1.0, count / recipe.warm_up)
        memory = min(recipe.average, (1 + count) / (10 + count))
        return recipe.rate * warm * cosine, recipe.head_rate * cosine, memory

    def _traced_step(
        self, maps: Any, truth: Any, order: Any, share: Any, count: Any, *rates: Any
    ) -> Any:
        recipe = self._recipe
        rate, head_rate, memory = rates
        maps = _blended(tensorflow.cast(maps, tensorflow.float32), order, share)
        truth = truth * (1 - recipe.smoothing) + recipe.smoothing / self._head.units
        truth = _blended(truth, order, share)
        with tensorflow.GradientTape() as tape:
            features = tensorflow.nn.dropout(self._blocks(maps, training=True), recipe.dropout)
            loss = tensorflow.reduce_mean(
                tensorflow.nn.softmax_cross_entropy_with_logits(truth, self._head(features))
            )
        gradients = tape.gradient(loss, self._variables)
        gradients, _ = tensorflow.clip_by_global_norm(gradients, recipe.largest_gradient)
        of_head = len(self._variables) - self._of_blocks
        self._optimiser.apply(
            gradients, [rate] * self._of_blocks + [head_rate] * of_head, count, memory
        )
        return loss

    def _traced_answer(self, maps: Any) -> Any:
        return self._head(self._blocks(tensorflow.cast(maps, tensorflow.float32), training=False))


def _blended(rows: Any, order: Any, share: Any) -> Any:
    """Mixup, https://arxiv.org/abs/1710.09412, here of what enters the blocks that learn."""
    return share * rows + (1 - share) * tensorflow.gather(rows, order)


def _floats(*values: float) -> list[Any]:
    # Python numbers would make tensorflow trace the step anew for every value.
    return [tensorflow.constant(value, tensorflow.float32) for value in values]
