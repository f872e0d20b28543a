"""Models to run under load, each with the scorer that says what the function must answer."""

from __future__ import annotations

import hashlib
import json
import pickle
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from portable.text_classifier import TextClassifier, load

from tests.harness.small_model import Files, small_model

PROJECT = Path(__file__).resolve().parents[2]
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
        return hashlib.sha256(self.files[MANIFEST]).hexdigest()[:12]

    @cached_property
    def scorer(self) -> TextClassifier:
        return load(self.files[VECTORIZER], self.files[CLASSIFIER])

    @property
    def vocabulary(self) -> list[str]:
        """Words that this model was shown, in the order of its golden messages."""
        golden = json.loads(self.files[MANIFEST])["golden"]
        words = dict.fromkeys(word for message in golden for word in message["text"].split())
        return [word for word in words if word.isprintable()]


def small() -> Generation:
    return Generation(small_model())


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
    files = {
        VECTORIZER: pickle.dumps(vectorizer, protocol=4),
        CLASSIFIER: pickle.dumps(classifier, protocol=4),
    }
    scorer = load(files[VECTORIZER], files[CLASSIFIER])
    manifest = json.loads(generation.files[MANIFEST])
    for message in manifest["golden"]:
        label, probabilities = scorer.predict(message["text"])
        message["prediction"] = label
        names = map(str, scorer.classes_)
        message["probabilities"] = dict(zip(names, probabilities, strict=True))
    return Generation({**files, MANIFEST: json.dumps(manifest, sort_keys=True).encode()})
