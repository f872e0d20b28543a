"""Why a text got its label: what each of its terms adds to the log-odds."""

from math import fsum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from portable.feature_extraction.text import Vectorizer
    from portable.pickles.arrays import Label
    from portable.text_classifier import Scorer


class Explanation:
    """The log-odds of `label` against `against`, in parts; positive speaks for `label`.

    `prior` is the log-odds of an empty text; `tokens` holds (term, contribution, occurrences) of
    every term the model knows, the weightiest first; prior + contributions = `log_odds`.
    `joint` is the joint log-likelihood of every class, by which the text is classified.
    """

    __slots__ = ("against", "joint", "label", "log_odds", "prior", "tokens")

    def __init__(
        self,
        *,
        label: "Label",
        against: "Label",
        prior: float,
        tokens: list[tuple[str, float, int]],
        joint: list[float],
    ) -> None:
        self.label = label
        self.against = against
        self.prior = prior
        self.tokens = tokens
        self.joint = joint
        self.log_odds = fsum([prior, *(contribution for _, contribution, _ in tokens)])


def explain(vectorizer: "Vectorizer", scorer: "Scorer", text: str) -> Explanation:
    """Explain two classes as the second against the first, more as the predicted against the next.

    A single class is explained against itself: all parts are 0.
    """
    column_of = vectorizer.vocabulary
    terms = list(vectorizer.analyze(text))
    occurrences: dict[str, int] = {}
    for term in terms:
        if term in column_of:
            occurrences[term] = occurrences.get(term, 0) + 1
    columns, values = vectorizer.weigh(vectorizer.counts(terms))
    joint = scorer.joint(columns, values)
    label, against = _sides(joint)
    empty = scorer.joint([], [])
    value_of = dict(zip(columns, values, strict=True))
    tokens = [
        (term, scorer.contribution(column_of[term], value_of[column_of[term]], label, against), n)
        for term, n in occurrences.items()
    ]
    tokens.sort(key=lambda token: -abs(token[1]))
    return Explanation(
        label=scorer.labels[label],
        against=scorer.labels[against],
        prior=empty[label] - empty[against],
        tokens=tokens,
        joint=joint,
    )


def _sides(joint: list[float]) -> tuple[int, int]:
    if len(joint) < 3:
        return len(joint) - 1, 0
    order = sorted(range(len(joint)), key=lambda index: -joint[index])
    return order[0], order[1]
