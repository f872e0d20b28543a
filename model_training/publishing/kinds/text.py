"""Models of texts: a vectorizer and a classifier."""

from collections.abc import Callable, Mapping
from typing import Any

from model_training.publishing.kinds.kind import Kind, Manifest, Model

VECTORIZER = "tfidf_vectorizer.pkl"
CLASSIFIER = "naive_bayes_clf.pkl"


def _problem(manifest: Manifest) -> str | None:
    from spam_or_ham.normalisation import VERSION

    if "normalisation" not in manifest or manifest["normalisation"] not in (None, VERSION):
        return f"normalisation {manifest.get('normalisation')!r} is unknown to this code"
    files = manifest.get("artifacts")
    if not isinstance(files, dict) or set(files) != {VECTORIZER, CLASSIFIER}:
        return f"expected exactly {VECTORIZER} and {CLASSIFIER} under artifacts"
    return None


def _load(files: Mapping[str, bytes]) -> Model:
    # Here, not above: describing and reading a manifest needs no runtime.
    from portable.text_classifier import load

    return load(files[VECTORIZER], files[CLASSIFIER])


def _prepare(manifest: Manifest) -> Callable[[Any], Any]:
    from spam_or_ham.normalisation import normaliser

    return normaliser(manifest["normalisation"])


TEXT = Kind(
    name="text",
    asked="message",
    member="text",
    runtimes=("portable",),
    problem=_problem,
    is_question=lambda question, _: isinstance(question, str),
    load=_load,
    prepare=_prepare,
)
