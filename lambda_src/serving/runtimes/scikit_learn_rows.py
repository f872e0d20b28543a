"""scikit-learn itself for rows of numbers, with the library in the function's layers.

It takes a classifier with `predict_proba` that answers rows of numbers and is made of nothing but
what the function's layers hold: scikit-learn, scipy, numpy and joblib, in the versions that trained
it. Not texts, nor frames.
"""

from __future__ import annotations

import warnings
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
from serving.loading.errors import LoadError
from serving.runtimes import NOT_EXPLAINED, TOLERANCE, Prediction
from serving.runtimes.rows import Columns, one_artifact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from portable.tabular_classifier import TabularClassifier

    from serving.inputs.fields import Record
    from serving.runtimes import Explained


class ScikitLearnModel:
    """Classifies records whose fields are all numbers by the estimator's own code."""

    runtime = "scikit-learn"
    tolerance = TOLERANCE

    def __init__(self, pickle: bytes, manifest: Mapping[str, Any]) -> None:
        """Raises `LoadError` where the estimator cannot be served or was trained elsewhere."""
        _require_versions(manifest)
        # The rows are bare numbers in the order of the manifest, and meant to be.
        warnings.filterwarnings("ignore", message="X does not have valid feature names")
        # Unpickling runs what the pickle says; its digest is pinned by the template.
        self._estimator = joblib.load(BytesIO(pickle))
        self._pickle = pickle
        self._explainer: TabularClassifier | None = None
        if not hasattr(self._estimator, "predict_proba"):
            raise LoadError("the estimator has no predict_proba")
        self.classes = self._estimator.classes_.tolist()
        # A Pipeline that begins with "passthrough" does not know; the golden answers do.
        described = len(manifest.get("fields") or ())
        self._columns = Columns(
            manifest, int(getattr(self._estimator, "n_features_in_", described))
        )

    def predict(self, inputs: Sequence[Record]) -> list[Prediction]:
        """The class of each record and the probability of each class."""
        rows = [self._columns.row(record) for record in inputs]
        # Not the likeliest class: some estimators decide otherwise than their probabilities.
        classes = self._estimator.predict(rows).tolist()
        return list(map(Prediction, classes, self._estimator.predict_proba(rows).tolist()))

    def predict_and_explain(self, inputs: Sequence[Record]) -> Explained:
        """As `predict`, explained by the portable runtime, which knows the arithmetic of what it
        reads.

        Raises `Problem` not-explained for an estimator it does not read.
        """
        from portable.errors import UnsupportedModel
        from portable.tabular_classifier import load as load_portable

        try:
            self._explainer = self._explainer or load_portable(self._pickle)
        except UnsupportedModel:
            raise Problem(
                NOT_EXPLAINED,
                "This kind of model gives no contributions of features. Ask without explain.",
            ) from None
        rows, names = map(self._columns.row, inputs), self._explainer.feature_names
        return self.predict(inputs), [
            self._columns.explanation(self._explainer.explain(row), names) for row in rows
        ]


def load(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> ScikitLearnModel:
    """The model of one pickled estimator. Raises `LoadError`."""
    if _MISSING is not None:
        raise LoadError(f"no layer holds what scikit-learn needs: {_MISSING}")
    return ScikitLearnModel(one_artifact(files), manifest)


def _require_versions(manifest: Mapping[str, Any]) -> None:
    """Raise `LoadError` unless the libraries here are of the versions that trained the model.

    A pickle of another version loads with no more than a warning, and may answer otherwise.
    """
    trained = manifest.get("trained_with")
    here = {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__}
    for library, version in here.items():
        expected = trained.get(library) if isinstance(trained, dict) else None
        if version != expected:
            raise LoadError(f"{library} {version} is here and {expected} has trained the model")
