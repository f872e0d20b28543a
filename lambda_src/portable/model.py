"""A model: pickled estimators in pipeline order, ready to answer one input at a time."""

from __future__ import annotations

from importlib import import_module

from portable.base import RECORD, TEXT, Features, Predictor
from portable.errors import UnsupportedModel
from portable.estimators import fields_of, read_in_order
from portable.pickles.arrays import Array
from portable.pickles.attributes import MAX_FEATURES
from portable.pickles.unpickler import MAX_BYTES, Estimator, loads
from portable.supported import ESTIMATORS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

    from portable.explanation import Explanation
    from portable.pickles.arrays import Label
    from portable.row_explanation import TabularExplanation

__all__ = ["Model", "load", "load_each"]

_VECTORIZERS = ("CountVectorizer", "HashingVectorizer", "TfidfVectorizer")
# The libraries whose own files are read: how those begin, and where a booster holds one.
_BOOSTERS = (("xgboost.core", b"{", "handle"), ("lightgbm.basic", b"tree", "_handle"))
# Where an estimator that wraps another keeps the fitted one.
_WRAPPED = ("best_estimator_", "estimator_", "estimators_", "calibrated_classifiers_", "estimator")


class Model:
    """A fitted model. `takes_text` says that it is asked about texts, else about rows.

    `classes_` are its labels in scikit-learn's order, none where it answers numbers. Of rows,
    `n_features` is the length and `feature_names` what the columns were called when it was fitted,
    or x0, x1, … where it saw bare numbers.
    """

    __slots__ = ("_predictor", "classes_", "feature_names", "n_features", "takes_text")

    def __init__(self, estimators: Sequence[object]) -> None:
        features = _input_features(estimators[0])
        self._predictor: Predictor = read_in_order(estimators, features)
        self.classes_: tuple[Label, ...] = self._predictor.classes_
        self.takes_text = features.form == TEXT
        self.n_features = features.count or 0
        self.feature_names: Sequence[str] = features.names or [
            f"x{at}" for at in range(self.n_features)
        ]

    def predict(self, given: Any) -> tuple[Any, list[float] | None, list[float] | None]:
        """What the model says of a text or a row: the label, or the number or numbers; the
        probability of each class; or the decision function where there are no probabilities.

        Raises UnusableRow for a row that scikit-learn refuses.
        """
        answer, probabilities, scores = self._predictor.answer(given)
        return self._label(answer), probabilities, scores

    def predict_many(
        self, inputs: Sequence[Any]
    ) -> list[tuple[Any, list[float] | None, list[float] | None]]:
        """`predict` of each input, to the last bit; many at once take less time than one by one.

        Raises UnusableRow for the first row that scikit-learn refuses, and does not say which.
        """
        answers = self._predictor.answers(inputs)
        return [(self._label(answer), *numbers) for answer, *numbers in answers]

    def _label(self, answer: Any) -> Any:
        return self.classes_[answer] if self.classes_ else answer

    def explain(self, given: Any) -> Explanation | TabularExplanation | None:
        """What each term of a text or each column of a row adds to the answer, where it can be
        told exactly, else None; raises as `predict` does."""
        if self.takes_text:
            explanation: Explanation | None = self.predict_and_explain(given)[3]
            return explanation
        attribution = self._predictor.explain(given)
        if attribution is None:
            return None
        labels = self.classes_ or ("value",)
        # By its name, as the other: a package has the one that its model's kind needs.
        module = import_module("portable.row_explanation")
        told: TabularExplanation = module.TabularExplanation(
            attribution, labels, self.feature_names, given
        )
        return told

    def predict_and_explain(
        self, given: Any
    ) -> tuple[Any, list[float] | None, list[float] | None, Any]:
        """As `predict` and `explain`; a text is cut into its terms once for both."""
        if not self.takes_text:
            return *self.predict(given), self.explain(given)
        module = import_module("portable.explanation")
        answer, probabilities, scores, explanation = module.predict_and_explain(
            self._predictor, given
        )
        return self._label(answer), probabilities, scores, explanation


def load(*pickles: bytes, scanned: bool = False) -> Model:
    """Compile a model of files whose digests were checked, in pipeline order: protocol 4 pickles,
    one of a whole model, or a vectorizer and a classifier, each in a file of its own; or the file
    that XGBoost or LightGBM saves.

    `scanned`: as for `unpickler.loads`. Raises UnsupportedModel (UnsafePickle for what is no plain
    pickle), with a sentence that says what stands in the way.
    """
    return load_each(pickles, scanned=scanned)


def load_each(pickles: Iterable[bytes], *, scanned: bool = False) -> Model:
    """As `load`; of pickles that come one by one none is kept once it is read."""
    try:
        return Model([_read(one, scanned=scanned) for one in pickles])
    except UnsupportedModel:
        raise
    except Exception as error:
        # However malformed the data, nothing but UnsupportedModel leaves this function.
        raise UnsupportedModel(
            f"The model's state is malformed ({type(error).__name__}); fit and pickle it again."
        ) from error


def _read(data: bytes, *, scanned: bool) -> object:
    for module, beginning, attribute in _BOOSTERS:
        if data.startswith(beginning) and len(data) <= MAX_BYTES:
            booster = type("Booster", (Estimator,), {"__slots__": (), "module": module})()
            booster.state = {attribute: data}
            return booster
    return loads(data, scanned=scanned)


def _input_features(estimator: object) -> Features:
    """What the first estimator of a model takes."""
    for _ in range(20):
        name, state = type(estimator).__name__, getattr(estimator, "state", None)
        if not isinstance(estimator, Estimator) or type(state) is not dict:
            break
        if name in _VECTORIZERS:
            return Features(TEXT, 1)
        if name == "DictVectorizer":
            fields = fields_of(estimator)
            return Features(RECORD, len(fields), fields)
        if estimator.module.partition(".")[0] in ("lightgbm", "xgboost"):
            module = import_module(f"portable.{ESTIMATORS[estimator.module][name]}")
            found: Features = module.input_features(estimator)
            return found
        count = state.get("n_features_in_")
        if type(count) is int and count > 0:
            if count > MAX_FEATURES:
                raise UnsupportedModel(f"The {name} takes more than {MAX_FEATURES:,} features.")
            return Features(RECORD, count, _feature_names(state.get("feature_names_in_"), count))
        estimator = _first_within(estimator)
    return Features(RECORD)


def _first_within(estimator: Estimator) -> object:
    steps = None
    if type(estimator).__name__ == "Pipeline":
        # By its name: what a package needs not, it has not.
        steps = import_module("portable.pipeline").steps_of(estimator)
    return first_within(steps, estimator.state.get, lambda one: isinstance(one, Estimator))


def first_within(
    steps: Sequence[object] | None,
    attribute: Callable[[str], object],
    is_estimator: Callable[[object], bool],
) -> object:
    """The estimator that sees first what another is given, or None: the first of its steps, where
    it has some; of a union, of its transformers; or what it wraps, of several the first.

    `attribute` gives an attribute of the other by its name, None where there is none.
    """
    if steps is not None:
        return steps[0] if steps else None
    transformers = attribute("transformer_list")
    if isinstance(transformers, list):
        return transformers[0][1] if transformers else None
    for name in _WRAPPED:
        wrapped = attribute(name)
        if isinstance(wrapped, list) and wrapped:
            wrapped = wrapped[0]
        if is_estimator(wrapped):
            return wrapped
    return None


def _feature_names(given: object, count: int) -> Sequence[str] | None:
    if given is None:
        return None
    names = given.labels() if type(given) is Array else ()
    if len(names) != count or any(type(name) is not str for name in names):
        raise UnsupportedModel(f"The model's feature_names_in_ are not {count} strings.")
    return tuple(map(str, names))
