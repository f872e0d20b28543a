"""Models of texts: estimators of which the first makes features of a text, and the last answers."""

from model_training.publishing.kinds import pickles
from model_training.publishing.kinds.kind import Kind, Manifest


def _problem(manifest: Manifest) -> str | None:
    from spam_or_ham.normalisation import VERSION

    if "normalisation" not in manifest or manifest["normalisation"] not in (None, VERSION):
        return f"normalisation {manifest.get('normalisation')!r} is unknown to this code"
    if not pickles.are_pickles(manifest.get("artifacts")):
        return "expected under artifacts pickles, named like tfidf_vectorizer.pkl"
    return pickles.problem(manifest)


TEXT = Kind(
    name="text",
    noun="text",
    runtimes=("portable", "scikit-learn"),
    problem=_problem,
    input_problem=lambda text, _: None if isinstance(text, str) else "expected a text",
    answering=("normalisation", pickles.STEPS),
    libraries=pickles.LIBRARIES,
)
