"""Loads a fitted vectorizer and Naive Bayes classifier, and classifies texts with them."""

from math import exp, log, log1p

from portable.errors import UnsupportedModel
from portable.feature_extraction.text import Vectorizer
from portable.naive_bayes.discrete import LinearNaiveBayes
from portable.pickles.unpickler import (
    BernoulliNB,
    ComplementNB,
    CountVectorizer,
    GaussianNB,
    MultinomialNB,
    Pipeline,
    TfidfTransformer,
    loads,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from portable.explanation import Explanation
    from portable.naive_bayes.gaussian import GaussianNaiveBayes
    from portable.pickles.arrays import Label

    Scorer = LinearNaiveBayes | GaussianNaiveBayes


class TextClassifier:
    """A fitted pair, ready to score; `classes_` is in scikit-learn's order."""

    __slots__ = ("_scorer", "_vectorizer", "classes_")

    def __init__(self, vectorizer: Vectorizer, scorer: "Scorer") -> None:
        self._vectorizer = vectorizer
        self._scorer = scorer
        self.classes_: tuple[Label, ...] = scorer.labels

    def predict(self, text: str) -> "tuple[Label, list[float]]":
        """The label of `text`, and the probability of each class in the order of `classes_`.

        The label is the first with the highest joint log-likelihood, as scikit-learn's argmax.
        """
        return self._decided(self._scorer.joint(*self._vectorizer.features(text)))

    def _decided(self, joint: list[float]) -> "tuple[Label, list[float]]":
        best = max(joint)
        # scikit-learn's own formula: GaussianNB's log-likelihoods reach 1e11, where rounding shows.
        others = [exp(value - best) for value in joint if value != best]
        winners = len(joint) - len(others)
        evidence = log1p(sum(others) / winners) + log(winners) + best
        return self.classes_[joint.index(best)], [exp(value - evidence) for value in joint]

    def explain(self, text: str) -> "Explanation":
        """What each known term of `text` adds to the decision."""
        from portable.explanation import explain

        return explain(self._vectorizer, self._scorer, text)

    def predict_and_explain(self, text: str) -> "tuple[Label, list[float], Explanation]":
        """As `predict` and `explain`, and the text is cut into its terms once for both."""
        explanation = self.explain(text)
        return *self._decided(explanation.joint), explanation


def load(vectorizer: bytes, classifier: bytes, *, scanned: bool = False) -> TextClassifier:
    """Compile a vectorizer and a classifier, each a protocol 4 pickle whose digest was checked.

    `scanned`: as for `unpickler.loads`. Raises UnsupportedModel (UnsafePickle for what
    is no plain pickle), with a sentence that says what stands in the way.
    """
    return _guarded(
        lambda: _compile(
            Vectorizer(loads(vectorizer, scanned=scanned)), loads(classifier, scanned=scanned)
        )
    )


def load_pipeline(pipeline: bytes) -> TextClassifier:
    """As `load`, of one pickled Pipeline of a vectorizer and a classifier.

    A CountVectorizer may be followed by a TfidfTransformer.
    """
    return _guarded(lambda: _compile_pipeline(loads(pipeline)))


def _guarded(build: "Callable[[], TextClassifier]") -> TextClassifier:
    """Nothing but UnsupportedModel leaves `load`, however malformed the data."""
    try:
        return build()
    except UnsupportedModel:
        raise
    except Exception as error:
        raise UnsupportedModel(
            f"The model's state is malformed ({type(error).__name__}); fit and pickle it again."
        ) from error


def _compile_pipeline(model: object) -> TextClassifier:
    from portable.pickles.attributes import read_state

    if type(model) is not Pipeline:
        raise UnsupportedModel(f"A Pipeline is expected, not a {type(model).__name__}.")
    known = frozenset(("memory", "verbose", "transform_input"))
    steps = read_state(model, frozenset(("steps",)), known)["steps"]
    if type(steps) is not list or any(type(s) is not tuple or len(s) != 2 for s in steps):
        raise UnsupportedModel("The Pipeline's steps are not a list of (name, estimator) pairs.")
    match [estimator for _, estimator in steps]:
        case [vectorizer, classifier]:
            return _compile(Vectorizer(vectorizer), classifier)
        case [CountVectorizer() as counter, TfidfTransformer() as transformer, classifier]:
            return _compile(Vectorizer(counter, transformer), classifier)
    raise UnsupportedModel(
        "The Pipeline is not a vectorizer (a CountVectorizer may be followed by a "
        "TfidfTransformer) and a Naive Bayes classifier."
    )


def _compile(vectorizer: Vectorizer, classifier: object) -> TextClassifier:
    terms = len(vectorizer.vocabulary)
    if isinstance(classifier, MultinomialNB | ComplementNB | BernoulliNB):
        scorer = LinearNaiveBayes(classifier, terms, narrow=vectorizer.narrow)
        return TextClassifier(vectorizer, scorer)
    if isinstance(classifier, GaussianNB):
        from portable.naive_bayes.gaussian import GaussianNaiveBayes

        return TextClassifier(vectorizer, GaussianNaiveBayes(classifier, terms))
    raise UnsupportedModel(
        f"A {type(classifier).__name__} stands where a MultinomialNB, ComplementNB, BernoulliNB "
        "or GaussianNB is expected; give the classifier's own file."
    )
