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


def load(files: Mapping[str, bytes]) -> Model:
    """The model in a pair's files, once its token_pattern is known to be cheap.

    Raises UnsupportedModel where the portable runtime cannot serve it.
    """
    # Here, not above: describing and reading a manifest needs no runtime.
    from portable import text_classifier, unpickler

    from model_training.publishing.token_patterns import check_token_patterns

    # Before anything compiles them.
    check_token_patterns(unpickler.loads(files[VECTORIZER]))
    return text_classifier.load(files[VECTORIZER], files[CLASSIFIER])


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
    load=load,
    prepare=_prepare,
    answering=("normalisation",),
)
