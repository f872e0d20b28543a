"""The portable runtime for texts: a vectorizer and a classifier, without scikit-learn."""

from __future__ import annotations

from portable.text_classifier import load as load_pair

from serving.loading.errors import LoadError
from serving.runtimes import TOLERANCE, Prediction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from portable.explanation import Explanation
    from portable.text_classifier import TextClassifier

    from serving.runtimes import Explained

VECTORIZER = "tfidf_vectorizer.pkl"
CLASSIFIER = "naive_bayes_clf.pkl"


class TextModel:
    """Classifies texts, each normalised first as the model's training did."""

    runtime = "portable"
    tolerance = TOLERANCE

    def __init__(self, classifier: TextClassifier, normalise: Callable[[str], str] = str) -> None:
        self._classifier = classifier
        self._normalise = normalise
        self.classes = classifier.classes_

    def predict(self, inputs: Sequence[str]) -> list[Prediction]:
        """The label of each text and the probability of each class, which sum to 1."""
        return [Prediction(*self._classifier.predict(self._normalise(text))) for text in inputs]

    def predict_and_explain(self, inputs: Sequence[str]) -> Explained:
        """As `predict`, and the tokens that moved each answer, the weightiest first.

        A text is normalised and cut once for both. Contributions are log-odds of `label` over
        `against`; with `prior` they sum to `log_odds`. Tokens are the normalised text's: of
        `f r e e`, the token is `free`.
        """
        predictions, explanations = [], []
        for text in inputs:
            label, probabilities, explanation = self._classifier.predict_and_explain(
                self._normalise(text)
            )
            predictions.append(Prediction(label, probabilities))
            explanations.append(_members(explanation))
        return predictions, explanations


def _members(explanation: Explanation) -> dict[str, object]:
    tokens = sorted(explanation.tokens, key=lambda token: -abs(token[1]))
    return {
        "label": explanation.label,
        "against": explanation.against,
        "log_odds": explanation.log_odds,
        "prior": explanation.prior,
        "tokens": [
            {"token": token, "contribution": contribution, "count": count}
            for token, contribution, count in tokens
        ],
    }


def load(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> TextModel:  # noqa: ARG001 - see serving.runtimes.Load
    """The model of a pickled vectorizer and classifier.

    Raises `LoadError` where a file is missing, and the portable runtime's `ValueError` for what it
    refuses.
    """
    return TextModel(read_pair(files))


def read_pair(files: Mapping[str, bytes]) -> TextClassifier:
    """The classifier of the two files; raises as `load` does."""
    missing = {VECTORIZER, CLASSIFIER} - files.keys()
    if missing:
        raise LoadError(f"the model lacks {', '.join(sorted(missing))}")
    # The files have the digests that the template pins, and there is no template for files whose
    # opcodes were not scanned.
    return load_pair(files[VECTORIZER], files[CLASSIFIER], scanned=True)
