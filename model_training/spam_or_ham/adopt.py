"""Takes over a pair that was trained and dumped elsewhere.

Unpickling runs whatever a file says. That is why the endpoint never does it, and why adopting is a
command of its own, for files that its user trusts.
"""

import hashlib
import random
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import sklearn
from sklearn.exceptions import InconsistentVersionWarning
from sklearn.pipeline import Pipeline

from model_training.command_line import DataError
from model_training.spam_or_ham import dataset, evaluate, figures, metrics, publish
from model_training.spam_or_ham.corpus import LABELS, Corpus

_TEXTS = 300


def run(
    files: Sequence[Path],
    folder: Path,
    *,
    data: Path | None,
    encoding: str | None,
    labels: Sequence[str] | None,
    allow_version_difference: bool,
) -> str:
    """Read, check, prove and publish a pair; give the model version.

    `files` are a vectorizer and a classifier, or one pipeline of the two; `labels` names the
    classes, in order, of a classifier that was trained on numbers. Raises `DataError` or
    `ArtifactError` with what stands in the way, and leaves the folder as it was.
    """
    print(
        "note: reading these files runs whatever code they hold; adopt only what you trust",
        file=sys.stderr,
    )
    corpus = None if data is None else dataset.from_file(data, encoding)
    estimators, versions = _read_all(files, allow_version_difference)
    vectorizer, classifier = _pair(estimators)
    _name_classes(classifier, labels)
    facts: dict[str, Any] = {
        "recipe": "adopted",
        "adopted": {
            "files": {path.name: _digest(path) for path in files},
            "dumped_with": {"scikit-learn": versions or [sklearn.__version__]},
        },
        "data": None if corpus is None else publish.data_facts(corpus),
        "metrics": None if corpus is None else _measure(vectorizer, classifier, corpus),
    }
    texts = vocabulary_texts(vectorizer) if corpus is None else corpus.deduplicated()[0]
    version = publish.publish(folder, (vectorizer, classifier), texts, facts)
    if corpus is not None:
        rows = figures.single_rows(facts["metrics"]["on_data"]["figures"])
        print(f"{len(corpus):,} messages of {data} (it may have been trained on them)")
        print(figures.table(("", "adopted"), rows))
    print(f"Model {version} is in {folder}")
    return version


def _read_all(files: Sequence[Path], allow_difference: bool) -> tuple[list[Any], list[str]]:
    """The estimators in the files, and the other scikit-learn versions that wrote them."""
    versions: dict[str, None] = {}
    estimators = []
    for path in files:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            estimators.append(_read(path))
        for warning in caught:
            if isinstance(warning.message, InconsistentVersionWarning):
                versions[str(warning.message.original_sklearn_version)] = None
        if versions and not allow_difference:
            raise DataError(
                f"{path}: written by scikit-learn {', '.join(versions)}, and this is "
                f"{sklearn.__version__}; train it again with this version, or check it on your own "
                "data and adopt it with --allow-version-difference --data FILE"
            )
    return estimators, list(versions)


def _read(path: Path) -> Any:
    if not path.is_file():
        raise DataError(f"{path}: there is no such file; expected what joblib.dump wrote")
    try:
        return joblib.load(path)
    # An unpickler raises anything at all on a file that is not what it seems.
    except Exception as error:
        raise DataError(
            f"{path}: cannot be unpickled ({type(error).__name__}); expected what joblib.dump "
            "wrote, of classes that this Python has"
        ) from None


def _pair(estimators: Sequence[Any]) -> tuple[Any, Any]:
    """Vectorizer and classifier, whichever way round they were given."""
    if len(estimators) == 1 and isinstance(estimators[0], Pipeline):
        estimators = [step for _, step in estimators[0].steps]
    vectorizers = [one for one in estimators if hasattr(one, "get_feature_names_out")]
    classifiers = [one for one in estimators if hasattr(one, "predict_proba")]
    if len(estimators) != 2 or len(vectorizers) != 1 or len(classifiers) != 1:
        found = ", ".join(type(one).__name__ for one in estimators)
        raise DataError(
            f"the files hold {found}; expected one vectorizer and one classifier, or one pipeline "
            "of these two"
        )
    return vectorizers[0], classifiers[0]


def _name_classes(classifier: Any, labels: Sequence[str] | None) -> None:
    classes = getattr(classifier, "classes_", None)
    if classes is None:
        raise DataError(f"the {type(classifier).__name__} is not fitted; dump it after fitting it")
    if labels is not None:
        if len(labels) != len(classes):
            raise DataError(
                f"--labels names {len(labels)} classes and the classifier has {len(classes)}"
            )
        classifier.classes_ = np.array(list(labels))
    names = [str(name) for name in classifier.classes_]
    if sorted(names) != sorted(LABELS):
        raise DataError(
            f"the classifier's classes are {', '.join(names)}; expected ham and spam: name them in "
            "this order with --labels, for example --labels ham spam"
        )


def vocabulary_texts(vectorizer: Any) -> list[str]:
    """Texts of the vectorizer's own terms, always the same, for a pair that comes without data."""
    # Not for secrets: a fixed seed makes the manifest reproducible.
    chance = random.Random(0)  # noqa: S311
    terms = sorted(getattr(vectorizer, "vocabulary_", {}))
    if not terms:
        raise DataError(
            f"the {type(vectorizer).__name__} is not a fitted vectorizer; dump it after fitting it"
        )
    return [" ".join(chance.choices(terms, k=chance.randint(1, 25))) for _ in range(_TEXTS)]


def _measure(vectorizer: Any, classifier: Any, corpus: Corpus) -> dict[str, Any]:
    texts, labels = corpus.deduplicated()
    try:
        called, chance = evaluate.answers(vectorizer, classifier, texts)
    except (ValueError, AttributeError, TypeError) as error:
        raise DataError(
            f"the pair does not predict ({type(error).__name__}); expected a vectorizer and a "
            "classifier of one training run"
        ) from None
    spam = np.asarray(labels) == "spam"
    return {"on_data": {"rows": len(texts), "figures": metrics.scores(spam, called, chance)}}


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
