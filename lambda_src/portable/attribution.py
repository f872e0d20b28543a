"""Why a row got its label, in parts by feature."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
        self, label: int, against: int, unit: str, base: float, parts: Mapping[int, float]
    ) -> None:
        self.label = label
        self.against = against
        self.unit = unit
        self.base = base
        self.parts = parts

    def of_columns(self, origins: Sequence[int]) -> Attribution:
        """The same by the columns that these ones were made of, as `Transformer.origins` has it."""
        if isinstance(origins, range):
            return self
        parts: dict[int, float] = {}
        for column, part in self.parts.items():
            origin = origins[column]
            parts[origin] = parts.get(origin, 0.0) + part
        return self.of_parts(parts)

    def of_parts(self, parts: Mapping[int, float]) -> Attribution:
        """The same with other parts."""
        return Attribution(self.label, self.against, self.unit, self.base, parts)


def sides(scores: list[float]) -> tuple[int, int]:
    """Two classes: the second against the first; more: the predicted against the runner-up."""
    if len(scores) < 3:
        return len(scores) - 1, 0
    order = sorted(range(len(scores)), key=lambda index: -scores[index])
    return order[0], order[1]
