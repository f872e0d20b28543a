"""scikit-learn itself, with the library in the function's layers.

It takes what is made of nothing but what these layers hold: scikit-learn, scipy, numpy and joblib,
in the versions that trained it.
"""

from __future__ import annotations

import warnings
from importlib import import_module
from io import BytesIO

# Most of a cold start, spent while the bytes travel.
try:
    import joblib
    import numpy
    import sklearn
except ImportError as error:
    _MISSING: str | None = error.name
else:
    _MISSING = None

from serving.http.problems import Problem
from serving.loading import LoadError
from serving.runtimes import (
    NOT_EXPLAINED,
    TOLERANCE,
    UNUSABLE_INPUT,
    Prediction,
    scores_by_class,
    steps,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from numpy.typing import NDArray

    from serving.runtimes import Explained
    from serving.runtimes.frames import Frames
    from serving.runtimes.portable import PortableModel
    from serving.runtimes.rows import Columns


class ScikitLearnModel:
    """Answers texts or records by the estimators' own code; records become a data frame where the
    manifest says that a step wants one, else an array."""

    runtime = "scikit-learn"
    tolerance = TOLERANCE

    def __init__(
        self,
        estimators: Sequence[Any],
        manifest: Mapping[str, Any],
        normalise: Callable[[str], str] = str,
        explainer: Callable[[], PortableModel] | None = None,
    ) -> None:
        """`estimators` are fitted, in the order in which an input goes through them; `explainer`
        reads the same model by the portable runtime. Raises `LoadError` where they cannot serve."""
        # The rows are bare numbers in the order of the manifest, and meant to be.
        warnings.filterwarnings("ignore", message="X does not have valid feature names")
        self._explainer = explainer
        self._explaining: PortableModel | None = None
        *self._transformers, self._estimator = estimators
        if not hasattr(self._estimator, "predict"):
            raise LoadError("the last estimator has no predict")
        self.classes: Sequence[Any] = _classes(self._estimator)
        self._rows: Callable[[Sequence[Any]], Any] = lambda texts: list(map(normalise, texts))
        self._alike: Callable[[Sequence[Any]], Sequence[Sequence[int]]] | None = None
        if manifest.get("kind") == "text":
            return
        columns = import_module("serving.runtimes.rows").Columns(
            manifest, int(getattr(estimators[0], "n_features_in_", 0))
        )
        if manifest.get("frame", {}).get("columns"):
            frames = _frames(manifest, columns)
            self._rows, self._alike = frames.frame, frames.alike
        else:
            self._rows = _array_of(manifest, columns)

    def predict(self, inputs: Sequence[Any]) -> list[Prediction]:
        """The label of each input and the probability or the score of each class; or the number or
        numbers of each. Raises `Problem` unusable-input."""
        groups = self._alike(inputs) if self._alike is not None else ()
        if len(groups) < 2:
            return self._predicted(inputs)
        answers: dict[int, Prediction] = {}
        for places in groups:
            alike = self._predicted([inputs[place] for place in places])
            answers |= zip(places, alike, strict=True)
        return [answers[place] for place in range(len(inputs))]

    def _predicted(self, inputs: Sequence[Any]) -> list[Prediction]:
        try:
            rows = self._rows(inputs)
            for transformer in self._transformers:
                rows = transformer.transform(rows)
            if hasattr(rows, "toarray") and not _takes_sparse(self._estimator):
                rows = rows.toarray()
            # Not the likeliest class: some estimators decide otherwise than their probabilities.
            predicted = self._estimator.predict(rows).tolist()
            shares, scores = self._numbers(rows, len(predicted))
        # What is made of pandas' columns raises many things of values that it does not take.
        except (ValueError, TypeError, LookupError, ArithmeticError) as error:
            raise Problem(
                UNUSABLE_INPUT,
                "scikit-learn refuses an input of the request. Send every value that the model "
                "needs, and numbers of usual size.",
            ) from error
        return list(map(Prediction, predicted, shares, scores))

    def _numbers(self, rows: Any, count: int) -> tuple[Sequence[Any], Sequence[Any]]:
        """Probabilities and scores of each row, None where the estimator has none."""
        none = [None] * count
        if not self.classes:
            return none, none
        if hasattr(self._estimator, "predict_proba"):
            return self._estimator.predict_proba(rows).tolist(), none
        if not hasattr(self._estimator, "decision_function"):
            return none, none
        decided = self._estimator.decision_function(rows).reshape(count, -1).tolist()
        return none, [scores_by_class(scores, self.classes) for scores in decided]

    def predict_and_explain(self, inputs: Sequence[Any]) -> Explained:
        """As `predict`, explained by the portable runtime, which knows the arithmetic of what it
        reads.

        Raises `Problem` not-explained for an estimator it does not read.
        """
        from portable.errors import UnsupportedModel

        try:
            if self._explaining is None and self._explainer is not None:
                self._explaining = self._explainer()
        # The package has no module for what the portable runtime does not read.
        except (UnsupportedModel, ModuleNotFoundError):
            self._explainer = None
        if self._explaining is None:
            raise Problem(
                NOT_EXPLAINED,
                "This kind of model gives no contributions of features. Ask without explain.",
            )
        return self.predict(inputs), self._explaining.predict_and_explain(inputs)[1]


def load(
    files: dict[str, bytes], manifest: Mapping[str, Any], normalise: Callable[[str], str] = str
) -> ScikitLearnModel:
    """The model of pickled estimators. Raises `LoadError`."""
    if _MISSING is not None:
        raise LoadError(f"no layer holds what scikit-learn needs: {_MISSING}")
    _require_versions(manifest)
    # Unpickling runs what a pickle says; its digest is pinned by the template.
    estimators = [joblib.load(BytesIO(one)) for one in steps(dict(files), manifest)]

    def explainer() -> PortableModel:
        from serving.runtimes.portable import load

        return load(dict(files), manifest, normalise)

    return ScikitLearnModel(estimators, manifest, normalise, explainer)


def _classes(estimator: Any) -> Sequence[Any]:
    """The labels of a classifier of one output, or of an outlier detector; none of others."""
    from sklearn.base import is_outlier_detector

    while hasattr(estimator, "steps"):
        estimator = estimator.steps[-1][1]
    binarizer = getattr(estimator, "label_binarizer_", getattr(estimator, "_label_binarizer", None))
    if getattr(binarizer, "y_type_", "").startswith("multilabel"):
        return []
    classes = getattr(estimator, "classes_", None)
    if classes is None:
        return [-1, 1] if is_outlier_detector(estimator) else []
    labels: Sequence[Any] = classes.tolist() if isinstance(classes, numpy.ndarray) else []
    return labels if getattr(classes, "ndim", 0) == 1 else []


def _takes_sparse(estimator: Any) -> bool:
    from sklearn.utils import get_tags

    return bool(get_tags(estimator).input_tags.sparse)


def _frames(manifest: Mapping[str, Any], columns: Columns) -> Frames:
    made: Frames = import_module("serving.runtimes.frames").Frames(manifest, columns)
    return made


def _array_of(
    manifest: Mapping[str, Any], columns: Columns
) -> Callable[[Sequence[Any]], NDArray[Any]]:
    """What makes an array of records; NaN is what scikit-learn takes for missing."""
    words = any(field.get("type") in ("category", "text") for field in manifest["fields"])

    def array(records: Sequence[Any]) -> NDArray[Any]:
        rows = [
            [numpy.nan if value is None else value for value in columns.row(record)]
            for record in records
        ]
        return numpy.array(rows, object if words else numpy.float64)

    return array


def _require_versions(manifest: Mapping[str, Any]) -> None:
    """Raise `LoadError` unless the libraries here are of the versions that trained the model.

    A pickle of another version loads with no more than a warning, and may answer otherwise.
    """
    trained = manifest.get("trained_with")
    here = {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__}
    if "frame" in manifest:
        try:
            here["pandas"] = import_module("pandas").__version__
        except ImportError:
            raise LoadError("the model wants data frames, and no layer holds pandas") from None
    for library, version in here.items():
        expected = trained.get(library) if isinstance(trained, dict) else None
        if version != expected:
            raise LoadError(f"{library} {version} is here and {expected} has trained the model")
