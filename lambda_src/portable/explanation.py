"""Why a text got its label: what each of its terms adds to the log-odds."""

from __future__ import annotations

from math import fsum

from portable.attribution import PROBABILITY
from portable.estimators import PredictorPipeline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from portable.attribution import Attribution
    from portable.base import Predictor, Transformer
    from portable.pickles.arrays import Label


class Explanation:
    """The log-odds of `label` against `against`, in parts; positive speaks for `label`.

    `prior` is the log-odds of an empty text; of trees, before any term is known and with what the
    lack of others adds. `tokens` holds (term, contribution, occurrences) of every term the model
    knows, the weightiest first; prior + contributions = `log_odds`.
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
    vectorizers, or the one that answers, cannot be told by term.
    """
    if not isinstance(predictor, PredictorPipeline):
        return *predictor.answer(text), None
    first, *rest = predictor.steps
    terms: list[str] | None = None
    if hasattr(first, "vocabulary"):
        # A text is cut into its terms once for both.
        terms = list(first.analyze(text))  # type: ignore[attr-defined]
        row = first.counts(terms)  # type: ignore[attr-defined]
    else:
        row = first.transform(text)
    for step in rest:
        row = step.transform(row)
    answer = predictor.predictor.answer(row)
    attribution = predictor.predictor.explain(row)
    tokens: list[tuple[str, float, int]] | None = None
    # The shares of a forest are added up, and not their odds.
    if attribution is not None and attribution.unit != PROBABILITY:
        tokens = _tokens(predictor.steps, text, attribution, terms)
    if attribution is None or tokens is None:
        return *answer, None
    tokens.sort(key=lambda token: -abs(token[1]))
    # Trees part texts by what they lack as well.
    lacking = [*attribution.parts.values(), *(-part for _, part, _ in tokens)]
    labels = predictor.classes_ or ("value",)
    explanation = Explanation(
        label=labels[attribution.label],
        against=labels[attribution.against],
        prior=fsum([attribution.base, *lacking]),
        tokens=tokens,
    )
    return *answer, explanation


def _tokens(
    steps: Sequence[Transformer],
    text: str,
    attribution: Attribution,
    terms: Sequence[str] | None = None,
) -> list[tuple[str, float, int]] | None:
    """Each term of a text that the first of `steps` knows, what it adds by the columns that the
    last gives, and how often it occurs: of a union, the terms of one vectorizer after another's.

    `terms` are the text's, where they are known. None where a column is made of several terms.
    """
    first, *rest = steps
    for step in reversed(rest):
        if step.origins is None:
            return None
        attribution = attribution.of_columns(step.origins)
    parts = attribution.parts
    vocabulary: dict[str, int] | None = getattr(first, "vocabulary", None)
    if vocabulary is not None:
        if terms is None:
            terms = first.analyze(text)  # type: ignore[attr-defined]
        occurrences: dict[str, int] = {}
        for term in terms or ():
            if term in vocabulary:
                occurrences[term] = occurrences.get(term, 0) + 1
        return [(term, parts.get(vocabulary[term], 0.0), n) for term, n in occurrences.items()]
    tokens: list[tuple[str, float, int]] = []
    start = 0
    for part in getattr(first, "parts", ()):
        end = start + part.count
        within = {at - start: one for at, one in parts.items() if start <= at < end}
        start = end
        of_part = _tokens(
            getattr(part.step, "steps", [part.step]), text, attribution.of_parts(within)
        )
        if of_part is None:
            return None
        tokens += of_part
    return tokens if start else None
