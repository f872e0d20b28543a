"""The predictor: what it takes to turn texts into labels, without HTTP and without storage."""

from __future__ import annotations

from json import loads

from portable.errors import UnsupportedModel
from portable.text_classifier import TextClassifier
from portable.text_classifier import load as load_classifier

from spam_or_ham.normalisation import is_plain, normaliser

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from portable.arrays import Label
    from portable.explanation import Explanation

    Probabilities = dict[str, float]

VECTORIZER = "tfidf_vectorizer.pkl"
CLASSIFIER = "naive_bayes_clf.pkl"
MANIFEST = "manifest.json"
GOLDEN_SAMPLE = 5
GOLDEN_TOLERANCE = 1e-9
"""The tolerance of the proof a model passes before it is published."""


class SpamPredictor:
    """Labels and probabilities of texts; `manifest` is the model's description of itself.

    Texts are normalised as the manifest says, which raises `UnsupportedModel` where this code
    knows no such normalisation.
    """

    def __init__(self, classifier: TextClassifier, manifest: Mapping[str, object]) -> None:
        self.manifest = manifest
        self._classifier = classifier
        self._normalise = normaliser(manifest["normalisation"])
        self._labels = [str(label) for label in classifier.classes_]

    def predict(self, text: str) -> tuple[Label, Probabilities]:
        """The label and the probability of each label, which sum to 1."""
        label, probabilities = self._classifier.predict(self._normalise(text))
        return label, dict(zip(self._labels, probabilities, strict=True))

    def explain(self, text: str) -> dict[str, object]:
        """The tokens that moved the answer, the weightiest first.

        Contributions are log-odds of `label` over `against`; with `prior` they sum to
        `log_odds`. Tokens are the normalised text's: of `f r e e`, the token is `free`.
        """
        return _as_members(self._classifier.explain(self._normalise(text)))

    def predict_and_explain(self, text: str) -> tuple[Label, Probabilities, dict[str, object]]:
        """As `predict` and `explain`, for little more than the work of one of them."""
        label, probabilities, explanation = self._classifier.predict_and_explain(
            self._normalise(text)
        )
        by_label = dict(zip(self._labels, probabilities, strict=True))
        return label, by_label, _as_members(explanation)


def _as_members(explanation: Explanation) -> dict[str, object]:
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


def load(files: Mapping[str, bytes]) -> SpamPredictor:
    """The predictor of a vectorizer, a classifier and their manifest (bytes by file name).

    Raises `UnsupportedModel` or `UnsafePickle` where the portable runtime refuses the pair,
    and `UnsupportedModel` where the pair does not give the manifest's golden answers here.
    """
    missing = {VECTORIZER, CLASSIFIER, MANIFEST} - files.keys()
    if missing:
        raise UnsupportedModel(f"The model lacks {', '.join(sorted(missing))}.")
    manifest = loads(files[MANIFEST])
    if not isinstance(manifest, dict) or not manifest.get("golden"):
        raise UnsupportedModel("The model's manifest holds no golden answers.")
    if "normalisation" not in manifest:
        raise UnsupportedModel("The model's manifest does not say how texts are normalised.")
    # The files have the digests that the template pins, and there is no template for files whose
    # opcodes were not scanned.
    classifier = load_classifier(files[VECTORIZER], files[CLASSIFIER], scanned=True)
    predictor = SpamPredictor(classifier, manifest)
    _check_golden(predictor, manifest["golden"])
    return predictor


def _check_golden(predictor: SpamPredictor, golden: list[dict[str, object]]) -> None:
    """A few golden messages, evenly spread: enough to see that this interpreter computes what
    the publisher's did, and a fraction of a millisecond."""
    # Plain ones: what takes disguises off takes longer to import than all the rest of a start.
    plain = [message for message in golden if is_plain(str(message["text"]))] or golden
    for message in plain[:: max(1, len(plain) // GOLDEN_SAMPLE)]:
        label, probabilities = predictor.predict(str(message["text"]))
        expected = message["probabilities"]
        if (
            label != message["prediction"]
            or not isinstance(expected, dict)
            or expected.keys() != probabilities.keys()
            or any(abs(expected[k] - p) > GOLDEN_TOLERANCE for k, p in probabilities.items())
        ):
            raise UnsupportedModel("The model does not give its golden answers on this runtime.")
