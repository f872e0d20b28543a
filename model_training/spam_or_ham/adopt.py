"""Takes over a pair that was trained and dumped elsewhere.

Unpickling runs whatever a file says. That is why the endpoint never does it, and why adopting is a
command of its own, for files that its user trusts.
"""

import hashlib
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import sklearn
from sklearn.pipeline import Pipeline

from model_training.adding import unpickling
from model_training.command_line import DataError
from model_training.spam_or_ham import (
    dataset,
    differing,
    evaluate,
    figures,
    metrics,
    publish,
)
from model_training.spam_or_ham.corpus import LABELS, Corpus
from model_training.spam_or_ham.publish import CLASSIFIERS, VECTORIZERS

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
    with unpickling.versions_noted() as versions:
        held = [unpickling.read(path, trust=True) for path in files]
    vectorizer, classifier = _pair(held)
    _name_classes(classifier, labels)
    texts = vocabulary_texts(vectorizer)
    if versions and not allow_version_difference:
        _check_versions((vectorizer, classifier), versions, texts)
    entries: dict[str, Any] = {
        "recipe": "adopted",
        "adopted": {
            "files": {path.name: _digest(path) for path in files},
            "dumped_with": {"scikit-learn": versions or [sklearn.__version__]},
        },
        "data": None if corpus is None else publish.data_facts(corpus),
        "metrics": None if corpus is None else _measure(vectorizer, classifier, corpus),
    }
    if corpus is not None:
        texts = list(corpus.deduplicated()[0])
    version = publish.publish(folder, (vectorizer, classifier), texts, entries)
    if corpus is not None:
        rows = figures.single_rows(entries["metrics"]["on_data"]["figures"])
        print(f"{len(corpus):,} messages of {data} (it may have been trained on them)")
        print(figures.table(("", "adopted"), rows))
    print(f"Model {version} is in {folder}")
    return version


def _pair(estimators: Sequence[Any]) -> tuple[Any, Any]:
    """Vectorizer and classifier, whichever way round they were given."""
    if len(estimators) == 1 and isinstance(estimators[0], Pipeline):
        estimators = [step for _, step in estimators[0].steps]
    names = [
        f"the class {one.__name__}" if isinstance(one, type) else type(one).__name__
        for one in estimators
    ]
    vectorizers = [one for one in estimators if type(one).__name__ in VECTORIZERS]
    classifiers = [one for one in estimators if type(one).__name__ in CLASSIFIERS]
    if len(estimators) != 2 or len(vectorizers) != 1 or len(classifiers) != 1:
        raise DataError(
            f"the files hold {', '.join(names)}; expected one vectorizer "
            f"({' or '.join(VECTORIZERS)}) and one classifier ({' or '.join(CLASSIFIERS)}), or "
            "one pipeline of these two"
        )
    return vectorizers[0], classifiers[0]


def _check_versions(pair: tuple[Any, Any], versions: Sequence[str], texts: Sequence[str]) -> None:
    """Raise `DataError` where another version's pair does not look like one fitted here."""
    unlike = differing.of_pair(*pair, texts)
    said = f"written by scikit-learn {', '.join(versions)}, and this is {sklearn.__version__}"
    if unlike is not None:
        raise DataError(
            f"the pair was {said}: {unlike}; train it again with this version, or check it on your "
            "own data and adopt it with --allow-version-difference --data FILE"
        )
    print(f"note: the pair was {said}; both keep such a pair in the same form", file=sys.stderr)


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
    random_source = random.Random(0)  # noqa: S311
    terms = sorted(getattr(vectorizer, "vocabulary_", {}))
    if not terms:
        raise DataError(
            f"the {type(vectorizer).__name__} is not a fitted vectorizer; dump it after fitting it"
        )
    return [
        " ".join(random_source.choices(terms, k=random_source.randint(1, 25)))
        for _ in range(_TEXTS)
    ]


def _measure(vectorizer: Any, classifier: Any, corpus: Corpus) -> dict[str, Any]:
    texts, labels = corpus.deduplicated()
    try:
        predicted, probability = evaluate.predictions(vectorizer, classifier, texts)
    # What a step of somebody else's raises is its own affair.
    except Exception as error:
        raise DataError(
            f"the pair does not predict ({type(error).__name__}); expected a vectorizer and a "
            "classifier of one training run"
        ) from None
    spam = np.asarray(labels) == "spam"
    return {
        "on_data": {"rows": len(texts), "figures": metrics.scores(spam, predicted, probability)}
    }


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
