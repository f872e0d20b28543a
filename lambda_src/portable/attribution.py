"""Why a row got its label, in parts by feature."""

from math import fsum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from portable.pickles.arrays import Label

LOG_ODDS = "log-odds"
PROBABILITY = "probability"
DECISION = "decision"
VALUE = "value"


class Attribution:
    """base + the sum of the parts is the score of `label` against `against` (places in classes_).

    `parts` holds what each column of a row adds; a column that is not in it adds nothing.
    """

    __slots__ = ("against", "base", "label", "parts", "unit")

    def __init__(
        self, label: int, against: int, unit: str, base: float, parts: "Mapping[int, float]"
    ) -> None:
        self.label = label
        self.against = against
        self.unit = unit
        self.base = base
        self.parts = parts

    def of_columns(self, origins: "Sequence[int]") -> "Attribution":
        """The same by the columns that these ones were made of, as `Transformer.origins` has it."""
        if isinstance(origins, range):
            return self
        parts: dict[int, float] = {}
        for column, part in self.parts.items():
            origin = origins[column]
            parts[origin] = parts.get(origin, 0.0) + part
        return Attribution(self.label, self.against, self.unit, self.base, parts)


class TabularExplanation:
    """The score of `label` against `against` in parts; positive speaks for `label`.

    `unit` is "log-odds"; or "probability" for forests and single trees, whose answers are means of
    shares: then the score is the probability of `label` and nothing stands against it in the sum;
    or "decision" for a classifier without such probabilities, as each class judged by itself: then
    it is the decision function, or the difference of the two classes'; or "value" for a regression, where
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
        labels: "tuple[Label, ...]",
        names: "Sequence[str]",
        row: "Sequence[float]",
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


def sides(scores: list[float]) -> tuple[int, int]:
    """Two classes: the second against the first; more: the predicted against the runner-up."""
    if len(scores) < 3:
        return len(scores) - 1, 0
    order = sorted(range(len(scores)), key=lambda index: -scores[index])
    return order[0], order[1]
