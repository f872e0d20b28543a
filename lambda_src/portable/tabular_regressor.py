"""Loads a fitted regressor of numeric rows, and predicts numbers with it."""

from portable.attribution import TabularExplanation
from portable.ensemble.forest import REGRESSORS
from portable.errors import UnsupportedModel
from portable.linear_model import regressors as regression
from portable.pickles import classes as pickles
from portable.pipeline import Steps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    Regressor = (
        regression.BoostingRegressor | regression.ForestRegressor | regression.LinearRegressor
    )


class TabularRegressor:
    """A fitted regressor of one output, ready to answer one row at a time."""

    __slots__ = ("_regressor", "_steps", "feature_names", "n_features")

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self._regressor = _read_regressor(steps.last)
        steps.check_features(self._regressor.features)
        self.feature_names = steps.names
        self.n_features = len(steps.names)

    def predict(self, row: "Sequence[float]") -> float:
        """The value of `row`; raises UnusableRow as `TabularClassifier.predict` does."""
        return self._regressor.predict(self._steps.scaled(self._steps.given(row)))

    def explain(self, row: "Sequence[float]") -> TabularExplanation:
        """What each feature of `row` adds to the value; raises as `predict` does."""
        values = self._steps.given(row)
        attribution = self._regressor.explain(self._steps.scaled(values))
        return TabularExplanation(attribution, ("value",), self.feature_names, values)


def load(estimator: bytes) -> TabularRegressor:
    """Compile a regressor, or a Pipeline of scalers and one; as `tabular_classifier.load`."""
    try:
        return TabularRegressor(Steps(pickles.read(estimator)))
    except UnsupportedModel:
        raise
    except Exception as error:
        # However malformed the data, nothing but UnsupportedModel leaves this function.
        raise UnsupportedModel(
            f"The model's state is malformed ({type(error).__name__}); fit and pickle it again."
        ) from error


def _read_regressor(estimator: object) -> "Regressor":
    if isinstance(estimator, pickles.GradientBoostingRegressor):
        return regression.BoostingRegressor(estimator)
    if isinstance(estimator, REGRESSORS):
        return regression.ForestRegressor(estimator)
    if isinstance(estimator, pickles.LinearRegression | pickles.Ridge):
        return regression.LinearRegressor(estimator)
    raise UnsupportedModel(
        f"A {type(estimator).__name__} stands where a regressor of numeric rows is expected: "
        "gradient boosting, a forest, a tree, LinearRegression or Ridge."
    )
