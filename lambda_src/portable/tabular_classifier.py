"""Loads a fitted classifier of numeric rows, and classifies rows with it."""

from portable.errors import UnsupportedModel
from portable.pickles import classes as pickles
from portable.pipeline import Steps
from portable.rows import UnusableRow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from portable.attribution import TabularExplanation
    from portable.ensemble.forest import ForestClassifier
    from portable.ensemble.gradient_boosting import BoostingClassifier
    from portable.linear_model.classifiers import LinearClassifier
    from portable.pickles.arrays import Label

    Classifier = BoostingClassifier | ForestClassifier | LinearClassifier

__all__ = ["TabularClassifier", "UnusableRow", "load"]


class TabularClassifier:
    """A fitted classifier, ready to score one row at a time.

    `classes_` is in scikit-learn's order, `n_features` the length of a row, `feature_names` what
    the estimator was fitted with, or x0, x1, … where it saw bare numbers.
    """

    __slots__ = ("_classifier", "_steps", "classes_", "feature_names", "n_features")

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self._classifier = _read_classifier(steps.last)
        steps.check_features(self._classifier.features)
        self.classes_: tuple[Label, ...] = self._classifier.labels
        self.feature_names = steps.names
        self.n_features = len(steps.names)

    def predict(self, row: "Sequence[float]") -> "tuple[Label, list[float]]":
        """The label of `row`, and the probability of each class in the order of `classes_`.

        Raises UnusableRow for another number of values, and for NaN, infinite and, with trees,
        values beyond single precision.
        """
        steps = self._steps
        label, probabilities = self._classifier.predict(steps.scaled(steps.given(row)))
        return self.classes_[label], probabilities

    def explain(self, row: "Sequence[float]") -> "TabularExplanation":
        """What each feature of `row` adds to the decision; raises as `predict` does."""
        from portable.attribution import TabularExplanation

        values = self._steps.given(row)
        attribution = self._classifier.explain(self._steps.scaled(values))
        return TabularExplanation(attribution, self.classes_, self.feature_names, values)


def load(estimator: bytes, *, scanned: bool = False) -> TabularClassifier:
    """Compile a classifier, or a Pipeline of scalers and one, from a protocol 4 pickle.

    The caller has checked its digest; `scanned`: as for `portable.pickles.unpickler.loads`. Raises
    UnsupportedModel (UnsafePickle for what is no plain pickle), with a sentence that says what
    stands in the way.
    """
    try:
        return TabularClassifier(Steps(pickles.read(estimator, scanned=scanned)))
    except UnsupportedModel:
        raise
    except Exception as error:
        # However malformed the data, nothing but UnsupportedModel leaves this function.
        raise UnsupportedModel(
            f"The model's state is malformed ({type(error).__name__}); fit and pickle it again."
        ) from error


def _read_classifier(estimator: object) -> "Classifier":
    # Each kind is a module of its own: a service reads the one it needs.
    if isinstance(estimator, pickles.GradientBoostingClassifier):
        from portable.ensemble.gradient_boosting import BoostingClassifier

        return BoostingClassifier(estimator)
    if isinstance(estimator, pickles.LogisticRegression | pickles.SGDClassifier):
        from portable.linear_model.classifiers import LinearClassifier

        return LinearClassifier(estimator)
    from portable.ensemble.forest import CLASSIFIERS, ForestClassifier

    if isinstance(estimator, CLASSIFIERS):
        return ForestClassifier(estimator)
    raise UnsupportedModel(
        f"A {type(estimator).__name__} stands where a classifier of numeric rows is expected: "
        "gradient boosting, a forest, a tree, LogisticRegression or SGDClassifier."
    )
