"""Models of texts: a vectorizer and a classifier."""

from model_training.publishing.kinds.kind import Kind, Manifest

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


TEXT = Kind(
    name="text",
    noun="text",
    runtimes=("portable",),
    problem=_problem,
    input_problem=lambda text, _: None if isinstance(text, str) else "expected a text",
    answering=("normalisation",),
)
