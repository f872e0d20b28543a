"""How good a recipe is on messages it has not seen, measured so that it can be believed.

Repeated rows are left out first: 7 % of the collection are repetitions, and a message that is in
both parts of a split is remembered rather than recognised. The recipe is fixed before; nothing is
chosen by looking at these figures. Where messages are of several domains, each fold has its share
of each, and each is measured by itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
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
    """Figures over folds x repeats, and the answers given when every message was tested once.

    `domains` has the figures of each domain's messages alone, where there are several.
    """

    folds: int
    repeats: int
    rows: int
    figures: dict[str, Estimate]
    spam: NDArray[Any]
    flagged: NDArray[Any]
    probability: NDArray[Any]
    domains: dict[str, dict[str, Estimate]] = field(default_factory=dict)


def strata(labels: Sequence[str], domains: Sequence[str]) -> NDArray[Any]:
    """What every fold has its share of, for n messages: labels, of each domain where several."""
    spam: NDArray[Any] = np.asarray(labels) == "spam"
    return np.char.add(np.asarray(domains), np.asarray(labels)) if len(domains) else spam


def cross_validate(
    recipe: Recipe,
    texts: Sequence[str],
    labels: Sequence[str],
    *,
    repeats: int,
    domains: Sequence[str] = (),
    trained_on: str | None = None,
    progress: Progress = lambda: None,
) -> CrossValidation:
    """Stratified five-fold cross-validation of vectorizer and classifier together, repeated.

    `texts` and `labels` are n de-duplicated messages, `domains` their n domains where there are
    several; of them, `trained_on` is the one that alone is trained on, while all are tested.
    `progress` is called after each fold.
    """
    messages = np.asarray(recipe.prepare(texts), dtype=object)
    spam = np.asarray(labels) == "spam"
    flagged = np.zeros(len(spam), dtype=bool)
    probability = np.zeros(len(spam))
    domain_of = np.asarray(domains)
    collected: list[dict[str, float]] = []
    by_domain: dict[str, list[dict[str, float]]] = {name: [] for name in dict.fromkeys(domains)}
    splitter = RepeatedStratifiedKFold(n_splits=FOLDS, n_repeats=repeats, random_state=SEED)
    folds = splitter.split(messages, strata(labels, domains))
    for number, (train, test) in enumerate(folds):
        if trained_on is not None:
            train = train[domain_of[train] == trained_on]
        pair = recipe.fit(messages[train], np.asarray(labels)[train].tolist())
        predicted, spam_probability = predictions(*pair, messages[test].tolist())
        collected.append(metrics.scores(spam[test], predicted, spam_probability))
        for name, parts in by_domain.items():
            own = domain_of[test] == name
            parts.append(metrics.scores(spam[test][own], predicted[own], spam_probability[own]))
        if number < FOLDS:
            flagged[test], probability[test] = predicted, spam_probability
        progress()
    return CrossValidation(
        folds=FOLDS,
        repeats=repeats,
        rows=len(spam),
        figures=_estimates(collected),
        spam=spam,
        flagged=flagged,
        probability=probability,
        domains={name: _estimates(parts) for name, parts in by_domain.items()},
    )


def _estimates(folds: Sequence[dict[str, float]]) -> dict[str, Estimate]:
    return {
        name: Estimate(
            float(np.mean([fold[name] for fold in folds])),
            float(np.std([fold[name] for fold in folds], ddof=1)),
        )
        for name in folds[0]
    }


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
