"""Why a text got its label: what each of its terms adds to the log-odds."""

from __future__ import annotations

from math import fsum

from portable.estimators import PredictorPipeline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from portable.base import Predictor
    from portable.pickles.arrays import Label


class Explanation:
    """The log-odds of `label` against `against`, in parts; positive speaks for `label`.

    `prior` is the log-odds of an empty text; `tokens` holds (term, contribution, occurrences) of
    every term the model knows, the weightiest first; prior + contributions = `log_odds`.
    """

    __slots__ = ("against", "label", "log_odds", "prior", "tokens")

    def __init__(
        self,
        *,
        label: Label,
        against: Label,
        prior: float,
        tokens: list[tuple[str, float, int]],
    ) -> None:
        self.label = label
        self.against = against
        self.prior = prior
        self.tokens = tokens
        self.log_odds = fsum([prior, *(contribution for _, contribution, _ in tokens)])


def predict_and_explain(
    predictor: Predictor, text: str
) -> tuple[Any, list[float] | None, list[float] | None, Explanation | None]:
    """What a model says of a text, as `Predictor.answer` gives it, and what decided it.

    Two classes are explained as the second against the first, more as the predicted against the
    next, and a single one against itself: all parts are 0. None where the steps after the
    vectorizer, or the one that answers, cannot be told by term.
    """
    if not isinstance(predictor, PredictorPipeline):
        return *predictor.answer(text), None
    vectorizer, *rest = predictor.steps
    vocabulary: dict[str, int] | None = getattr(vectorizer, "vocabulary", None)
    if vocabulary is None:
        return *predictor.answer(text), None
    terms = list(vectorizer.analyze(text))  # type: ignore[attr-defined]
    row = vectorizer.counts(terms)  # type: ignore[attr-defined]
    for step in rest:
        row = step.transform(row)
    answer = predictor.predictor.answer(row)
    attribution = predictor.predictor.explain(row)
    for step in reversed(rest):
        if attribution is None or step.origins is None:
            return *answer, None
        attribution = attribution.of_columns(step.origins)
    if attribution is None:
        return *answer, None
    occurrences: dict[str, int] = {}
    for term in terms:
        if term in vocabulary:
            occurrences[term] = occurrences.get(term, 0) + 1
    parts = attribution.parts
    tokens = [(term, parts.get(vocabulary[term], 0.0), n) for term, n in occurrences.items()]
    tokens.sort(key=lambda token: -abs(token[1]))
    labels = predictor.classes_ or ("value",)
    explanation = Explanation(
        label=labels[attribution.label],
        against=labels[attribution.against],
        prior=attribution.base,
        tokens=tokens,
    )
    return *answer, explanation
