"""A fitted model as its steps: scalers, if any, and the estimator that answers."""

from portable.errors import UnsupportedModel
from portable.pickles import classes as pickles
from portable.pickles.arrays import Array
from portable.pickles.attributes import read_state
from portable.rows import doubles, finite

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array
    from collections.abc import Sequence

    from portable.preprocessing.scalers import Scale


class Steps:
    """The scalers before the last estimator, and the names of the features a row holds."""

    __slots__ = ("_named", "_scalers", "last", "names")

    def __init__(self, model: object) -> None:
        """`model` is a Pipeline, or an estimator that is its own last step."""
        estimators = _estimators(model)
        *first, self.last = estimators
        self._named = estimators[0]
        self._scalers: list[Scale] = []
        self.names: tuple[str, ...] = ()
        if first:
            from portable.preprocessing.scalers import read_scaler

            for step in first:
                count, scale = read_scaler(step)
                self._scalers.append(scale)
                self.check_features(count)

    def check_features(self, count: int) -> None:
        """Raise UnsupportedModel unless the step takes `count` features as those before it do."""
        if not self.names:
            self.names = feature_names(self._named, count)
        elif len(self.names) != count:
            raise UnsupportedModel("The steps of the Pipeline do not take the same features.")

    def given(self, row: "Sequence[float]") -> "array[float]":
        """The row as numbers; raises UnusableRow."""
        return doubles(row, len(self.names))

    def scaled(self, values: "array[float]") -> "array[float]":
        """The row as the last step sees it; raises UnusableRow."""
        for scale in self._scalers:
            values = finite(scale(values))
        return values


def _estimators(model: object) -> list[object]:
    if type(model) is not pickles.Pipeline:
        return [model]
    known = frozenset(("memory", "verbose", "transform_input"))
    steps = read_state(model, frozenset(("steps",)), known)["steps"]
    if type(steps) is not list or any(type(s) is not tuple or len(s) != 2 for s in steps):
        raise UnsupportedModel("The Pipeline's steps are not a list of (name, estimator) pairs.")
    estimators = [estimator for _, estimator in steps]
    if not estimators or estimators[-1] is None or estimators[-1] == "passthrough":
        raise UnsupportedModel("The Pipeline does not end in an estimator.")
    return [one for one in estimators if one is not None and one != "passthrough"]


def feature_names(estimator: object, count: int) -> tuple[str, ...]:
    """What the estimator's features were called when it was fitted, or x0, x1, …"""
    state = estimator.state if isinstance(estimator, pickles.Estimator) else {}
    given = state.get("feature_names_in_")
    if given is None:
        return tuple(f"x{at}" for at in range(count))
    names = given.labels() if type(given) is Array else ()
    if len(names) != count or any(type(name) is not str for name in names):
        raise UnsupportedModel(f"The model's feature_names_in_ are not {count} strings.")
    return tuple(map(str, names))
