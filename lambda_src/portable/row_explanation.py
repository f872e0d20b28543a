"""Why a row got its answer: what each of its columns adds to the score."""

from __future__ import annotations

from math import fsum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from portable.attribution import Attribution
    from portable.pickles.arrays import Label


class TabularExplanation:
    """The score of `label` against `against` in parts; positive speaks for `label`.

    `unit` is "log-odds"; or "probability" for forests and single trees, whose answers are means of
    shares: then the score is the probability of `label` and nothing stands against it in the sum;
    or "decision" for a classifier whose scores are no log-odds: then it is the decision function,
    or the difference of the two classes'; or "value" for a regression, where
    `label` and `against` are both "value" and the score is what is predicted.
    `base` is the score before any feature is known: the mean over the training rows for trees, the
    score of a row of zeros (as the linear model sees it, after scaling) for linear models.
    `contributions` holds (feature, value, contribution), the weightiest first;
    base + contributions = `score`.
    """

    __slots__ = ("against", "base", "contributions", "label", "score", "unit")

    def __init__(
        self,
        attribution: Attribution,
        labels: tuple[Label, ...],
        names: Sequence[str],
        row: Sequence[float],
    ) -> None:
        self.label = labels[attribution.label]
        self.against = labels[attribution.against]
        self.unit = attribution.unit
        self.base = attribution.base
        parts = [attribution.parts.get(column, 0.0) for column in range(len(names))]
        self.score = fsum([attribution.base, *parts])
        self.contributions: list[tuple[str, float, float]] = sorted(
            zip(names, row, parts, strict=True), key=lambda part: -abs(part[2])
        )
