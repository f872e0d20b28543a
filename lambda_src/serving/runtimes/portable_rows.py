"""The portable runtime for rows of numbers: one pickled estimator, without scikit-learn."""

from __future__ import annotations

from portable.tabular_classifier import load as load_estimator

from serving.runtimes import TOLERANCE, Prediction
from serving.runtimes.rows import Columns, one_artifact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from portable.tabular_classifier import TabularClassifier

    from serving.inputs.fields import Record
    from serving.runtimes import Explained


class RowModel:
    """Classifies records whose fields are all numbers, in the order of the manifest's fields."""

    runtime = "portable"
    tolerance = TOLERANCE

    def __init__(self, classifier: TabularClassifier, manifest: Mapping[str, Any]) -> None:
        """Raises `LoadError` where the estimator takes other columns than the manifest names."""
        self._classifier = classifier
        self._columns = Columns(manifest, classifier.n_features)
        self.classes = classifier.classes_

    def predict(self, inputs: Sequence[Record]) -> list[Prediction]:
        """The class of each record and the probability of each class."""
        return [
            Prediction(*self._classifier.predict(self._columns.row(record))) for record in inputs
        ]

    def predict_and_explain(self, inputs: Sequence[Record]) -> Explained:
        """As `predict`, and what each field adds to the score, the weightiest first."""
        rows, names = map(self._columns.row, inputs), self._classifier.feature_names
        return self.predict(inputs), [
            self._columns.explanation(self._classifier.explain(row), names) for row in rows
        ]


def load(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> RowModel:
    """The model of one pickled estimator.

    Raises `LoadError`, and the portable runtime's `ValueError` for what it refuses.
    """
    # The template pins the digest of bytes whose opcodes were scanned when it was made.
    return RowModel(load_estimator(one_artifact(files), scanned=True), manifest)
