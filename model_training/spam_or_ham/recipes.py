"""How a pair is made: one vectorizer and one Naive Bayes classifier per recipe.

The figures behind these choices, and what was tried and left out: docs/decisions/0003-recipe.md.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.naive_bayes import GaussianNB, MultinomialNB
from spam_or_ham.normalisation import VERSION, normaliser

# Words keep an inner apostrophe; punctuation marks count one by one (spam shouts); numbers of up
# to four digits count as they are (prices, short codes) and of longer ones only the first two
# digits (a telephone number as a whole is never seen twice, its prefix is).
TERM_PATTERN = r"(?u)(?<!\d)\d\d(?=\d{3})|(?<!\d)\d{1,4}(?!\d)|[^\W\d_]+(?:'[^\W\d_]+)?|[^\w\s]"


def _default_pair() -> tuple[Any, Any]:
    vectorizer = TfidfVectorizer(
        sublinear_tf=True, ngram_range=(1, 2), min_df=2, token_pattern=TERM_PATTERN
    )
    return vectorizer, MultinomialNB(alpha=0.1)


def _long_pair() -> tuple[Any, Any]:
    vectorizer, _ = _default_pair()
    return vectorizer, MultinomialNB(alpha=0.01)


def _article_pair() -> tuple[Any, Any]:
    return TfidfVectorizer(sublinear_tf=True, max_df=0.5), GaussianNB()


@dataclass(frozen=True)
class Recipe:
    """A named way to fit a pair; `dense` says the classifier wants a dense matrix.

    `normalisation` is what is done to every text first, in training as in serving: a version, or
    None for nothing. The pair itself only ever meets prepared texts.
    """

    name: str
    make: Callable[[], tuple[Any, Any]]
    dense: bool
    normalisation: str | None = None

    def prepare(self, texts: Sequence[str]) -> list[str]:
        """The texts as the pair is to meet them."""
        return list(map(normaliser(self.normalisation), texts))

    def fit(self, texts: Sequence[str], labels: Sequence[str]) -> tuple[Any, Any]:
        """Fit a new vectorizer and classifier on n prepared texts and their n labels."""
        vectorizer, classifier = self.make()
        features = vectorizer.fit_transform(texts)
        classifier.fit(features.toarray() if self.dense else features, np.asarray(labels))
        return vectorizer, classifier


RECIPES = {
    recipe.name: recipe
    for recipe in (
        Recipe("default", _default_pair, dense=False, normalisation=VERSION),
        # An e-mail has hundreds of terms, and the vocabulary thirteen times as many: what is added
        # to the count of each must be less.
        Recipe("long", _long_pair, dense=False, normalisation=VERSION),
        Recipe("article", _article_pair, dense=True),
    )
}


def predict_probabilities(vectorizer: Any, classifier: Any, texts: Sequence[str]) -> Any:
    """scikit-learn's own probabilities: an array of n texts by classes, in `classes_` order."""
    features = vectorizer.transform(texts)
    # GaussianNB refuses sparse matrices, as in the article.
    dense = isinstance(classifier, GaussianNB)
    return classifier.predict_proba(features.toarray() if dense else features)


def predict_labels(vectorizer: Any, classifier: Any, texts: Sequence[str]) -> list[str]:
    """scikit-learn's own labels for n texts."""
    features = vectorizer.transform(texts)
    dense = isinstance(classifier, GaussianNB)
    return [str(label) for label in classifier.predict(features.toarray() if dense else features)]
