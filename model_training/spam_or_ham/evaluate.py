"""How good a recipe is on messages it has not seen, measured so that it can be believed.

Repeated rows are left out first: 7 % of the collection are repetitions, and a message that is in
both parts of a split is remembered rather than recognised. The recipe is fixed before; nothing is
chosen by looking at these figures.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import RepeatedStratifiedKFold, train_test_split

from model_training.spam_or_ham import metrics
from model_training.spam_or_ham.recipes import Recipe, predict_labels, predict_probabilities

FOLDS = 5
SEED = 20260101
ARTICLE_TEST_SIZE = 0.1
ARTICLE_SEED = 42

Progress = Callable[[], object]


@dataclass(frozen=True)
class Estimate:
    """A figure's mean and standard deviation over the folds."""

    mean: float
    sd: float


@dataclass(frozen=True)
class CrossValidation:
    """Figures over folds x repeats, and the answers given when every message was tested once."""

    folds: int
    repeats: int
    rows: int
    figures: dict[str, Estimate]
    spam: NDArray[Any]
    flagged: NDArray[Any]
    probability: NDArray[Any]


def cross_validate(
    recipe: Recipe,
    texts: Sequence[str],
    labels: Sequence[str],
    *,
    repeats: int,
    progress: Progress = lambda: None,
) -> CrossValidation:
    """Stratified five-fold cross-validation of vectorizer and classifier together, repeated.

    `texts` and `labels` are n de-duplicated messages; `progress` is called after each fold.
    """
    messages = np.asarray(recipe.prepare(texts), dtype=object)
    spam = np.asarray(labels) == "spam"
    flagged = np.zeros(len(spam), dtype=bool)
    probability = np.zeros(len(spam))
    collected: list[dict[str, float]] = []
    splitter = RepeatedStratifiedKFold(n_splits=FOLDS, n_repeats=repeats, random_state=SEED)
    for number, (train, test) in enumerate(splitter.split(messages, spam)):
        pair = recipe.fit(messages[train], np.asarray(labels)[train].tolist())
        predicted, spam_probability = predictions(*pair, messages[test].tolist())
        collected.append(metrics.scores(spam[test], predicted, spam_probability))
        if number < FOLDS:
            flagged[test], probability[test] = predicted, spam_probability
        progress()
    figures = {
        name: Estimate(
            float(np.mean([fold[name] for fold in collected])),
            float(np.std([fold[name] for fold in collected], ddof=1)),
        )
        for name in collected[0]
    }
    return CrossValidation(FOLDS, repeats, len(spam), figures, spam, flagged, probability)


@dataclass(frozen=True)
class ArticleSplit:
    """The article's own test: a tenth of all rows, repetitions included."""

    rows: int
    also_in_training: int
    always_ham_accuracy: float
    figures: dict[str, float]


def article_parts(
    texts: Sequence[str], labels: Sequence[str]
) -> tuple[list[str], list[str], list[str], list[str]]:
    """The article's training texts, test texts, training labels and test labels."""
    parts = train_test_split(
        list(texts), list(labels), test_size=ARTICLE_TEST_SIZE, random_state=ARTICLE_SEED
    )
    return parts[0], parts[1], parts[2], parts[3]


def article_split(recipe: Recipe, texts: Sequence[str], labels: Sequence[str]) -> ArticleSplit:
    """Fit on the article's training part of all rows, score on its test part."""
    train, test, train_labels, test_labels = article_parts(texts, labels)
    pair = recipe.fit(recipe.prepare(train), train_labels)
    predicted, spam_probability = predictions(*pair, recipe.prepare(test))
    spam = np.asarray(test_labels) == "spam"
    return ArticleSplit(
        rows=len(test),
        also_in_training=len([text for text in test if text in set(train)]),
        always_ham_accuracy=float(np.mean(~spam)),
        figures=metrics.scores(spam, predicted, spam_probability),
    )


def predictions(
    vectorizer: Any, classifier: Any, texts: Sequence[str]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """For n prepared texts: called spam (boolean), and the probability of spam."""
    predicted = np.asarray(predict_labels(vectorizer, classifier, texts)) == "spam"
    column = [str(label) for label in classifier.classes_].index("spam")
    return predicted, predict_probabilities(vectorizer, classifier, texts)[:, column]
