"""AdamW with a rate per variable, and the running average of what it finds."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import tensorflow

_FIRST, _SECOND, _EPSILON = 0.9, 0.999, 1e-8


class Optimiser:
    """I. Loshchilov and F. Hutter, https://arxiv.org/abs/1711.05101.

    Keras's AdamW has one rate for all variables: a new last layer and pretrained blocks want two.
    """

    def __init__(self, variables: Sequence[Any], weight_decay: float) -> None:
        self._variables = list(variables)
        self._weight_decay = weight_decay
        self._first = [tensorflow.Variable(tensorflow.zeros_like(v)) for v in variables]
        self._second = [tensorflow.Variable(tensorflow.zeros_like(v)) for v in variables]
        self._average = [tensorflow.Variable(tensorflow.convert_to_tensor(v)) for v in variables]

    def apply(self, gradients: Sequence[Any], rates: Sequence[Any], count: Any, keep: Any) -> None:
        """Step number `count` (from 1) at `rates`; the average keeps `keep` of what it was."""
        for variable, gradient, rate, first, second, average in zip(
            self._variables,
            gradients,
            rates,
            self._first,
            self._second,
            self._average,
            strict=True,
        ):
            first.assign(_FIRST * first + (1 - _FIRST) * gradient)
            second.assign(_SECOND * second + (1 - _SECOND) * gradient * gradient)
            direction = (first / (1 - tensorflow.pow(_FIRST, count))) / (
                tensorflow.sqrt(second / (1 - tensorflow.pow(_SECOND, count))) + _EPSILON
            )
            variable.assign(variable - rate * (direction + self._weight_decay * variable))
            average.assign(keep * average + (1 - keep) * variable)

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """Inside, the variables are their averages; afterwards what they were."""
        values = [variable.numpy() for variable in self._variables]
        self.settle()
        yield
        for variable, value in zip(self._variables, values, strict=True):
            variable.assign(value)

    def settle(self) -> None:
        """Make the variables their averages for good."""
        for variable, average in zip(self._variables, self._average, strict=True):
            variable.assign(average)
