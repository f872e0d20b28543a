"""The step that both training and adopting end with: serialise, describe, prove, write."""

import pickle
import platform
import unicodedata
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from portable.text_classifier import load

from model_training import artifacts, pickling
from model_training.spam_or_ham.corpus import Corpus
from model_training.spam_or_ham.golden import golden_messages

NAME = "spam_or_ham"
LIBRARIES = ("scikit-learn", "numpy", "joblib")


def publish(
    folder: Path, pair: tuple[Any, Any], texts: Sequence[str], facts: dict[str, Any]
) -> str:
    """Write a model folder if the portable runtime answers as scikit-learn; give its version.

    `texts` are real messages, to choose golden messages from and to prove the answers equal on;
    `facts` are the manifest's entries about recipe, data and metrics. Raises `ArtifactError`, and
    leaves the folder as it was, when a model cannot be served or answers differently.
    """
    vectorizer, classifier = pair
    files = {
        artifacts.VECTORIZER: _serialised(vectorizer),
        artifacts.CLASSIFIER: _serialised(classifier),
    }
    try:
        model = load(files[artifacts.VECTORIZER], files[artifacts.CLASSIFIER])
    except ValueError as error:
        raise artifacts.ArtifactError(
            f"The portable runtime cannot serve this pair: {error}"
        ) from None
    manifest = {
        "schema": artifacts.SCHEMA,
        "name": NAME,
        "labels": [str(label) for label in classifier.classes_],
        "runtime": "portable",
        "normalisation": None,
        "trained_with": trained_with(),
        "golden": golden_messages(texts, vectorizer, classifier),
        **facts,
    }
    artifacts.check_golden(model, manifest, "The pair", "report it: it must not be published")
    return artifacts.write(folder, files, manifest)


def _serialised(estimator: Any) -> bytes:
    try:
        return pickling.dumps(estimator)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise artifacts.ArtifactError(
            f"The {type(estimator).__name__} cannot be pickled ({error}); fit it without functions "
            "of your own"
        ) from None


def trained_with() -> dict[str, str]:
    """Versions that decide what the pickles hold."""
    return {
        "python": platform.python_version(),
        "unicode": unicodedata.unidata_version,
        **{library: version(library) for library in LIBRARIES},
    }


def data_facts(corpus: Corpus) -> dict[str, Any]:
    """The manifest's entry about the data."""
    return {
        "source": corpus.source,
        "sha256": corpus.sha256,
        "rows": len(corpus),
        "rows_deduplicated": len(corpus.deduplicated()[0]),
        "labels": corpus.label_counts(),
        "licence": corpus.licence,
        "credit": corpus.credit,
    }
