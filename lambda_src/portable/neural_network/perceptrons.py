"""MLPClassifier and MLPRegressor: layers of weighted sums, each through its activation."""

from __future__ import annotations

from math import exp, isfinite, tanh

from portable.arithmetic.dot import dot
from portable.arithmetic.links import expit, softmax
from portable.base import Predictor, UnusableRow
from portable.errors import UnsupportedModel
from portable.linear_model.coefficients import Coefficients
from portable.pickles.arrays import Array
from portable.pickles.attributes import (
    State,
    check_finite,
    choice,
    column_count,
    read_labels,
    read_state,
)
from portable.pickles.tables import columns, held_labels

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from portable.base import Features, Row
    from portable.pickles.arrays import Label
    from portable.pickles.unpickler import Estimator

    Layer = tuple[list[tuple[float, ...]], list[float]]
    Activate = Callable[[list[float]], list[float]]

_REQUIRED = ("activation", "coefs_", "intercepts_", "n_features_in_", "out_activation_")
_HIDDEN = ("identity", "logistic", "relu", "tanh")


def read(estimator: Estimator, features: Features) -> Predictor:
    """A MLPClassifier or MLPRegressor."""
    name = type(estimator).__name__
    state = read_state(estimator, _REQUIRED)
    network = Network(name, state, features)
    if name == "MLPRegressor":
        choice(name, state, "out_activation_", ("identity", "exp"))
        return NetworkRegressor(network)
    state = read_state(estimator, ("_label_binarizer", "classes_"))
    ends = choice(name, state, "out_activation_", ("logistic", "softmax"))
    if held_labels(name, state)[1]:
        if ends != "logistic":
            raise UnsupportedModel(f"The {name} of several labels ends in {ends}; fit it again.")
        return MultilabelNetwork(network)
    classes = read_labels(name, state)
    size = 1 if ends == "logistic" else len(classes)
    if network.outputs != size or len(classes) < 2 or (size == 1 and len(classes) != 2):
        raise UnsupportedModel(
            f"The {name} has {network.outputs} outputs for {len(classes)} classes; fit it again."
        )
    return NetworkClassifier(network, classes)


class Network:
    """The layers; of the first, which may see sparse rows, the weighted sums are a linear model's.

    `outputs` is how many numbers come out.
    """

    __slots__ = ("_activate", "_first", "_layers", "_output", "outputs")

    def __init__(self, name: str, state: State, features: Features) -> None:
        count = column_count(name, state, features)
        self._activate = _ACTIVATIONS[str(choice(name, state, "activation", _HIDDEN))]
        self._output = _ACTIVATIONS[
            str(choice(name, state, "out_activation_", tuple(_ACTIVATIONS)))
        ]
        coefs, intercepts = state["coefs_"], state["intercepts_"]
        if type(coefs) is not list or type(intercepts) is not list or not coefs:
            raise UnsupportedModel(f"The {name} has no lists of coefs_ and intercepts_; fit it.")
        if len(coefs) != len(intercepts):
            raise UnsupportedModel(f"The {name} has not an intercept for each layer; fit it again.")
        if features.single and any(type(one) is Array and one.dtype.code == "f4" for one in coefs):
            raise UnsupportedModel(
                f"The {name} and its rows are float32, so scikit-learn computes in single "
                "precision; fit it after a vectorizer of dtype float64."
            )
        layers = []
        width = count
        for weights, offsets in zip(coefs, intercepts, strict=True):
            units = columns(name, {"coefs_": weights}, "coefs_", width)
            width = len(units)
            if type(offsets) is not Array or offsets.shape != (width,):
                raise UnsupportedModel(f"The {name}'s intercepts_ do not fit its coefs_.")
            layers.append((units, check_finite(name, "intercepts_", offsets.numbers()).tolist()))
        units, offsets = layers[0]
        self._first = Coefficients(units, offsets, count)
        self._layers: list[Layer] = [
            ([tuple(unit) for unit in units], offsets) for units, offsets in layers[1:]
        ]
        self.outputs = width

    def run(self, row: Row) -> list[float]:
        """What comes out; raises UnusableRow."""
        values = self._first.scores(row)
        for units, offsets in self._layers:
            values = self._activate(values)
            sums = [dot(unit, values) for unit in units]
            values = [total + offset for total, offset in zip(sums, offsets, strict=True)]
        if not all(map(isfinite, values)):
            raise UnusableRow("The row holds numbers so large that the answer is infinite.")
        return self._output(values)


def _exp(values: list[float]) -> list[float]:
    try:
        return list(map(exp, values))
    except OverflowError:
        raise UnusableRow("The row holds numbers so large that the answer is infinite.") from None


_ACTIVATIONS: dict[str, Activate] = {
    "exp": _exp,
    "identity": list,
    "logistic": lambda values: [expit(value) for value in values],
    "relu": lambda values: [value if value > 0.0 else 0.0 for value in values],
    "softmax": softmax,
    "tanh": lambda values: [tanh(value) for value in values],
}


class NetworkClassifier(Predictor):
    """One logistic output for two classes, else softmax over all."""

    __slots__ = ("_network",)
    proba = True

    def __init__(self, network: Network, classes: tuple[Label, ...]) -> None:
        self.classes_ = classes
        self._network = network

    def predict(self, row: Row) -> int:
        """The place of the label."""
        return self.answer(row)[0]

    def predict_proba(self, row: Row) -> list[float]:
        """The probability of each class."""
        return self.answer(row)[1]

    def answer(self, row: Row) -> tuple[int, list[float], None]:
        """The place of the label, and the probability of each class."""
        values = self._network.run(row)
        if len(values) == 1:
            return int(values[0] > 0.5), [1.0 - values[0], values[0]], None
        return values.index(max(values)), values, None


class MultilabelNetwork(Predictor):
    """Answers 0 or 1 for each of several labels."""

    __slots__ = ("_network",)
    proba = True

    def __init__(self, network: Network) -> None:
        self.classes_ = ()
        self._network = network

    def predict(self, row: Row) -> list[int]:
        """0 or 1 for each label."""
        return [int(probability > 0.5) for probability in self.predict_proba(row)]

    def predict_proba(self, row: Row) -> list[float]:
        """The probability of each label."""
        return self._network.run(row)


class NetworkRegressor(Predictor):
    """Answers what comes out."""

    __slots__ = ("_network",)

    def __init__(self, network: Network) -> None:
        self.classes_ = ()
        self._network = network

    def predict(self, row: Row) -> float | list[float]:
        """The value, or one for each output; raises UnusableRow."""
        values = self._network.run(row)
        return values[0] if len(values) == 1 else values
