"""Models to run under load, each of which says what the function must answer."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from portable.explanation import Explanation
from portable.model import Model, load
from spam_or_ham.normalisation import normaliser

from model_training.publishing.artifacts import entries
from tools import PROJECT
from tools.local_aws.small_model import Files, small_model, version_of

LAMBDA_SOURCE = PROJECT / "lambda_src"
HANDLER = "spam_or_ham.handler.handler"
VECTORIZER, CLASSIFIER, MANIFEST = "tfidf_vectorizer.pkl", "naive_bayes_clf.pkl", "manifest.json"
_TRAINED = PROJECT / "build" / "models" / "spam_or_ham"


@dataclass(frozen=True)
class Generation:
    """One model: its files by name, and what it answers."""

    files: Files

    @property
    def version(self) -> str:
        """What a function that serves it is told, and answers with."""
        return version_of(self.files)

    @cached_property
    def _manifest(self) -> dict[str, Any]:
        manifest: dict[str, Any] = json.loads(self.files[MANIFEST])
        return manifest

    @cached_property
    def _scorer(self) -> Model:
        return load(self.files[VECTORIZER], self.files[CLASSIFIER])

    @cached_property
    def _normalise(self) -> Callable[[str], str]:
        return normaliser(self._manifest["normalisation"])

    @cached_property
    def labels(self) -> tuple[str, ...]:
        return tuple(str(label) for label in self._scorer.classes_)

    def predict(self, text: str) -> tuple[str | float, list[float]]:
        """The label, and the probabilities in the order of `labels`."""
        label, probabilities, _ = self._scorer.predict(self._normalise(text))
        assert probabilities is not None
        return label, probabilities

    def explain(self, text: str) -> Explanation:
        """What each token of the normalised text adds."""
        explanation = self._scorer.explain(self._normalise(text))
        assert isinstance(explanation, Explanation)
        return explanation

    @property
    def vocabulary(self) -> list[str]:
        """Words that this model was shown, in the order of its golden messages."""
        golden = self._manifest["golden"]
        words = dict.fromkeys(word for message in golden for word in message["input"].split())
        return [word for word in words if word.isprintable()]


def small() -> Generation:
    """A few words, and the same treatment of obfuscated texts as in the trained model."""
    files = small_model()
    return _published(files[VECTORIZER], files[CLASSIFIER], json.loads(files[MANIFEST]), "v1")


def trained() -> Generation:
    """The model that `make train` left; raises `FileNotFoundError` where there is none."""
    return Generation({n: (_TRAINED / n).read_bytes() for n in (VECTORIZER, CLASSIFIER, MANIFEST)})


def successor(generation: Generation) -> Generation:
    """A new model with the same words and other weights in both files.

    A function that mixed one's vectorizer with the other's classifier would answer as neither.
    """
    # Our own pickles; they are read as what they are, to be changed as training would.
    vectorizer = pickle.loads(generation.files[VECTORIZER])
    classifier = pickle.loads(generation.files[CLASSIFIER])
    vectorizer.idf_ = vectorizer.idf_[::-1] + 0.25
    classifier.feature_log_prob_ = classifier.feature_log_prob_ * 0.9
    manifest = json.loads(generation.files[MANIFEST])
    return _published(
        pickle.dumps(vectorizer, protocol=4),
        pickle.dumps(classifier, protocol=4),
        manifest,
        manifest["normalisation"],
    )


def _published(
    vectorizer: bytes, classifier: bytes, manifest: dict[str, Any], normalisation: str | None
) -> Generation:
    """A model whose manifest names these files and holds the golden answers that they give."""
    files = {VECTORIZER: vectorizer, CLASSIFIER: classifier}
    unproven = {**manifest, **entries(files), "normalisation": normalisation}
    draft = Generation({**files, MANIFEST: json.dumps(unproven).encode()})
    golden = []
    for message in manifest["golden"]:
        label, probabilities = draft.predict(message["input"])
        by_label = dict(zip(draft.labels, probabilities, strict=True))
        golden.append({**message, "prediction": label, "probabilities": by_label})
    proven = json.dumps({**unproven, "golden": golden}, sort_keys=True)
    return Generation({**files, MANIFEST: proven.encode()})
