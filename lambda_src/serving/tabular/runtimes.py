"""The two ways to evaluate an estimator of rows, behind one contract.

`portable` reads the pickle without the library that wrote it. `scikit-learn` takes any estimator
that the library can unpickle, with the library in the function's layers.
"""

from __future__ import annotations

from serving.problem import Kind, Problem
from serving.unavailable import LoadError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any, Protocol

    from portable.tabular.attribution import TabularExplanation

    Answer = tuple[str | int, list[float]]
    """A class, and the probability of each class in the order of `classes_`."""

    class Estimator(Protocol):
        """What a predictor needs of a fitted estimator, whichever runtime evaluates it."""

        classes_: Sequence[str | int]
        n_features: int

        def predict(self, rows: Sequence[Sequence[float]]) -> list[Answer]: ...

        def explain(self, row: Sequence[float]) -> TabularExplanation: ...

    Load = Callable[[bytes, Mapping[str, object]], Estimator]
    """(the pickle, the manifest) -> the estimator; raises `LoadError` or `ValueError`."""

LIBRARIES = ("scikit-learn", "numpy")
"""What must be of the same version where a model is trained and where it is unpickled."""

NOT_EXPLAINED = Kind("not-explained", 400, "This model's answers cannot be explained")


def runtime(name: str) -> Load:
    """The runtime of this name; importing what it needs is what takes the time here.

    Raises `LoadError` for another name.
    """
    if name == "portable":
        from portable.tabular_classifier import load

        return lambda pickle, _: _Portable(load(pickle))
    if name == "scikit-learn":
        import joblib
        import sklearn  # noqa: F401 - most of a cold start, spent while the bytes travel

        return lambda pickle, manifest: _ScikitLearn(joblib, pickle, manifest)
    raise LoadError("MODEL_RUNTIME is neither portable nor scikit-learn")


class _Portable:
    def __init__(self, classifier: Any) -> None:
        self._classifier = classifier
        self.classes_ = classifier.classes_
        self.n_features = classifier.n_features
        self.explain = classifier.explain

    def predict(self, rows: Sequence[Sequence[float]]) -> list[Answer]:
        return [self._classifier.predict(row) for row in rows]


class _ScikitLearn:
    def __init__(self, joblib: Any, pickle: bytes, manifest: Mapping[str, object]) -> None:
        import warnings
        from io import BytesIO

        _same_versions(manifest)
        # The rows are bare numbers in the order of the manifest, and meant to be.
        warnings.filterwarnings("ignore", message="X does not have valid feature names")
        # Unpickling runs what the pickle says; its digest is pinned by the template.
        self._estimator = joblib.load(BytesIO(pickle))
        self._pickle = pickle
        if not hasattr(self._estimator, "predict_proba"):
            raise LoadError("the estimator has no predict_proba")
        self.classes_: Sequence[str | int] = self._estimator.classes_.tolist()
        self.n_features = int(self._estimator.n_features_in_)

    def predict(self, rows: Sequence[Sequence[float]]) -> list[Answer]:
        # Not the likeliest class: some estimators decide otherwise than their probabilities.
        classes = self._estimator.predict(rows).tolist()
        return list(zip(classes, self._estimator.predict_proba(rows).tolist(), strict=True))

    def explain(self, row: Sequence[float]) -> TabularExplanation:
        """By the portable runtime, which knows the arithmetic of what it reads.

        Raises `Problem` not-explained for an estimator it does not read.
        """
        from portable.errors import UnsupportedModel
        from portable.tabular_classifier import load

        try:
            return load(self._pickle).explain(row)
        except UnsupportedModel:
            raise Problem(
                NOT_EXPLAINED,
                "This kind of model gives no contributions of features. Ask without explain.",
            ) from None


def _same_versions(manifest: Mapping[str, object]) -> None:
    """A pickle of another version loads with no more than a warning, and may answer otherwise."""
    from importlib.metadata import version

    trained = manifest.get("trained_with")
    for library in LIBRARIES:
        found = version(library)
        expected = trained.get(library) if isinstance(trained, dict) else None
        if found != expected:
            raise LoadError(f"{library} {found} is here and {expected} has trained the model")
