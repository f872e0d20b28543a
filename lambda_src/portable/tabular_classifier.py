"""Loads a fitted classifier of numeric rows, and classifies rows with it."""

from portable.arrays import Array
from portable.errors import UnsupportedModel
from portable.states import read_state
from portable.tabular import pickles
from portable.tabular.rows import UnusableRow, doubles, finite

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from portable.tabular.attribution import TabularExplanation
    from portable.tabular.boosting import BoostingClassifier
    from portable.tabular.forest import ForestClassifier
    from portable.tabular.linear import LinearClassifier
    from portable.tabular.scalers import Scale

    Classifier = BoostingClassifier | ForestClassifier | LinearClassifier

__all__ = ["TabularClassifier", "UnusableRow", "load"]


class TabularClassifier:
    """A fitted classifier, ready to score one row at a time.

    `classes_` is in scikit-learn's order, `n_features` the length of a row, `feature_names` what
    the estimator was fitted with, or x0, x1, … where it saw bare numbers.
    """

    __slots__ = ("_classifier", "_scalers", "classes_", "feature_names", "n_features")

    def __init__(
        self, classifier: "Classifier", scalers: "list[Scale]", names: tuple[str, ...]
    ) -> None:
        self._classifier = classifier
        self._scalers = scalers
        self.classes_: tuple[str | int, ...] = classifier.labels
        self.feature_names = names
        self.n_features = len(names)

    def predict(self, row: "Sequence[float]") -> tuple[str | int, list[float]]:
        """The label of `row`, and the probability of each class in the order of `classes_`.

        Raises UnusableRow for another number of values, and for NaN, infinite and, with trees,
        values beyond single precision.
        """
        values = doubles(row, self.n_features)
        for scale in self._scalers:
            values = finite(scale(values))
        label, probabilities = self._classifier.predict(values)
        return self.classes_[label], probabilities

    def explain(self, row: "Sequence[float]") -> "TabularExplanation":
        """What each feature of `row` adds to the decision; raises as `predict` does."""
        from portable.tabular.attribution import TabularExplanation

        values = given = doubles(row, self.n_features)
        for scale in self._scalers:
            values = finite(scale(values))
        attribution = self._classifier.explain(values)
        return TabularExplanation(attribution, self.classes_, self.feature_names, given.tolist())


def load(estimator: bytes) -> TabularClassifier:
    """Compile a classifier, or a Pipeline of scalers and one, from a protocol 4 pickle.

    The caller has checked its digest. Raises UnsupportedModel (UnsafePickle for what is no plain
    pickle), with a sentence that says what stands in the way.
    """
    try:
        return _compile(pickles.read(estimator))
    except UnsupportedModel:
        raise
    except Exception as error:
        # However malformed the data, nothing but UnsupportedModel leaves this function.
        raise UnsupportedModel(
            f"The model's state is malformed ({type(error).__name__}); fit and pickle it again."
        ) from error


def _compile(model: object) -> TabularClassifier:
    steps = pipeline_steps(model)
    scalers, names = read_scalers(steps)
    classifier = _read_classifier(steps[-1])
    if names and len(names) != classifier.features:
        raise UnsupportedModel("The steps of the Pipeline do not take the same features.")
    names = names or feature_names(steps[-1], classifier.features)
    return TabularClassifier(classifier, scalers, names)


def pipeline_steps(model: object) -> list[object]:
    """The steps of a Pipeline without those that do nothing; a bare estimator is one step."""
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


def read_scalers(steps: list[object]) -> "tuple[list[Scale], tuple[str, ...]]":
    """The scalers before the last step, and the names of the features the first one takes."""
    if len(steps) == 1:
        return [], ()
    from portable.tabular.scalers import SCALERS, read_scaler

    scalers: list[Scale] = []
    counts = set()
    for step in steps[:-1]:
        if not isinstance(step, SCALERS):
            raise UnsupportedModel(
                f"The Pipeline holds a {type(step).__name__} where a scaler is expected; the "
                "portable runtime serves StandardScaler, MinMaxScaler, RobustScaler, MaxAbsScaler."
            )
        count, scale = read_scaler(step)
        counts.add(count)
        scalers.append(scale)
    if len(counts) > 1:
        raise UnsupportedModel("The steps of the Pipeline do not take the same features.")
    return scalers, feature_names(steps[0], counts.pop())


def feature_names(estimator: object, count: int) -> tuple[str, ...]:
    """What the estimator's features were called when it was fitted."""
    state = estimator.state if isinstance(estimator, pickles.Estimator) else {}
    given = state.get("feature_names_in_")
    if given is None:
        return tuple(f"x{at}" for at in range(count))
    names = given.labels() if type(given) is Array else ()
    if len(names) != count or any(type(name) is not str for name in names):
        raise UnsupportedModel(f"The model's feature_names_in_ are not {count} strings.")
    return tuple(map(str, names))


def _read_classifier(estimator: object) -> "Classifier":
    # Each kind is a module of its own: a service reads the one it needs.
    if isinstance(estimator, pickles.GradientBoostingClassifier):
        from portable.tabular.boosting import BoostingClassifier

        return BoostingClassifier(estimator)
    if isinstance(estimator, pickles.LogisticRegression | pickles.SGDClassifier):
        from portable.tabular.linear import LinearClassifier

        return LinearClassifier(estimator)
    from portable.tabular.forest import CLASSIFIERS, ForestClassifier

    if isinstance(estimator, CLASSIFIERS):
        return ForestClassifier(estimator)
    raise UnsupportedModel(
        f"A {type(estimator).__name__} stands where a classifier of numeric rows is expected: "
        "gradient boosting, a forest, a tree, LogisticRegression or SGDClassifier."
    )
