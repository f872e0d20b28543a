"""The two ways to evaluate an estimator of rows, behind one contract.

`portable` reads the pickle without the library that wrote it. `scikit-learn` takes a classifier
with `predict_proba` that is made of nothing but what the function's layers hold: scikit-learn,
scipy, numpy and joblib, in the versions that trained it.
"""

from __future__ import annotations

from serving.http.problems import Problem
from serving.loading.errors import LoadError
from serving.rows import NOT_EXPLAINED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from io import BytesIO
    from typing import Any, Protocol

    from portable.arrays import Label
    from portable.tabular.attribution import TabularExplanation
    from portable.tabular_classifier import TabularClassifier

    Answer = tuple[Label, list[float]]
    """A class, and the probability of each class in the order of `classes_`."""

    Explained = tuple[TabularExplanation, Sequence[str]]
    """An explanation, and the names it knows the features by, in the order of a row."""

    class Estimator(Protocol):
        """What a predictor needs of a fitted estimator, whichever runtime evaluates it."""

        classes_: Sequence[Label]
        n_features: int

        def predict(self, rows: Sequence[Sequence[float]]) -> list[Answer]: ...

        def explain(self, row: Sequence[float]) -> Explained: ...

    Load = Callable[[bytes, Mapping[str, object]], Estimator]
    """(the pickle, the manifest) -> the estimator; raises `LoadError` or `ValueError`."""


def runtime(name: str) -> Load:
    """The runtime of this name; importing what it needs is what takes the time here.

    Raises `LoadError` for another name.
    """
    if name == "portable":
        from portable.tabular_classifier import load

        # The template pins the digest of bytes whose opcodes were scanned when it was made.
        return lambda pickle, _: _Portable(load(pickle, scanned=True))
    if name == "scikit-learn":
        try:
            # Most of a cold start, spent while the bytes travel.
            import joblib
            import numpy
            import sklearn
        except ImportError as error:
            raise LoadError(f"no layer holds what scikit-learn needs: {error.name}") from error
        here = {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__}
        return lambda pickle, manifest: _ScikitLearn(joblib.load, here, pickle, manifest)
    raise LoadError("MODEL_RUNTIME is neither portable nor scikit-learn")


class _Portable:
    def __init__(self, classifier: Any) -> None:
        self._classifier = classifier
        self.classes_ = classifier.classes_
        self.n_features = classifier.n_features

    def predict(self, rows: Sequence[Sequence[float]]) -> list[Answer]:
        return [self._classifier.predict(row) for row in rows]

    def explain(self, row: Sequence[float]) -> Explained:
        return self._classifier.explain(row), self._classifier.feature_names


class _ScikitLearn:
    def __init__(
        self,
        unpickle: Callable[[BytesIO], Any],
        here: Mapping[str, str],
        pickle: bytes,
        manifest: Mapping[str, object],
    ) -> None:
        import warnings
        from io import BytesIO

        _require(here, manifest)
        # The rows are bare numbers in the order of the manifest, and meant to be.
        warnings.filterwarnings("ignore", message="X does not have valid feature names")
        # Unpickling runs what the pickle says; its digest is pinned by the template.
        self._estimator = unpickle(BytesIO(pickle))
        self._pickle = pickle
        self._explainer: TabularClassifier | None = None
        if not hasattr(self._estimator, "predict_proba"):
            raise LoadError("the estimator has no predict_proba")
        self.classes_: Sequence[Label] = self._estimator.classes_.tolist()
        # A Pipeline that begins with "passthrough" does not know; the golden answers do.
        features = manifest.get("features")
        described = len(features) if isinstance(features, list) else 0
        self.n_features = int(getattr(self._estimator, "n_features_in_", described))

    def predict(self, rows: Sequence[Sequence[float]]) -> list[Answer]:
        # Not the likeliest class: some estimators decide otherwise than their probabilities.
        classes = self._estimator.predict(rows).tolist()
        return list(zip(classes, self._estimator.predict_proba(rows).tolist(), strict=True))

    def explain(self, row: Sequence[float]) -> Explained:
        """By the portable runtime, which knows the arithmetic of what it reads.

        Raises `Problem` not-explained for an estimator it does not read.
        """
        from portable.errors import UnsupportedModel
        from portable.tabular_classifier import load

        try:
            self._explainer = self._explainer or load(self._pickle)
        except UnsupportedModel:
            raise Problem(
                NOT_EXPLAINED,
                "This kind of model gives no contributions of features. Ask without explain.",
            ) from None
        return self._explainer.explain(row), self._explainer.feature_names


def _require(here: Mapping[str, str], manifest: Mapping[str, object]) -> None:
    """Raise `LoadError` unless the libraries here are of the versions that trained the model.

    A pickle of another version loads with no more than a warning, and may answer otherwise.
    """
    trained = manifest.get("trained_with")
    for library, found in here.items():
        expected = trained.get(library) if isinstance(trained, dict) else None
        if found != expected:
            raise LoadError(f"{library} {found} is here and {expected} has trained the model")
