"""How far a model's answers are from those of the library that trained it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf, isfinite
from typing import Any

from serving.runtimes import TOLERANCE, Prediction


class ParityError(ValueError):
    """The portable runtime's answers are not the oracle's: the model must not be published."""


@dataclass(frozen=True)
class Answers:
    """What is said of each input: the label, or the number or numbers; and for each class the
    probability, or else the score, nothing where there is neither."""

    predicted: list[Any]
    numbers: list[list[float]]

    def add(self, predictions: Iterable[Prediction]) -> None:
        """Append what a model of `serving.runtimes` says."""
        for one in predictions:
            self.predicted.append(one.predicted)
            self.numbers.append(list(one.probabilities or one.scores or ()))

    def only(self, places: Sequence[int]) -> "Answers":
        """Those at some places."""
        return Answers(
            [self.predicted[place] for place in places], [self.numbers[place] for place in places]
        )


@dataclass(frozen=True)
class ParityReport:
    """What was compared, and how far apart the answers were."""

    inputs: int
    label_mismatches: int
    max_abs_difference: float
    python: str
    unicode: str


def compare(
    inputs: Sequence[Any],
    expected: Answers,
    actual: Answers,
    python: str,
    unicode: str,
    noun: str = "text",
    tolerance: float = TOLERANCE,
) -> ParityReport:
    """Raise ParityError unless `actual` equals `expected` within the tolerance; report the
    distance. One of the inputs is called `noun` in messages."""
    if not len(inputs) == len(expected.predicted) == len(actual.predicted):
        raise ParityError(
            f"{len(inputs)} {noun}s got {len(actual.predicted)} answers where the oracle gave "
            f"{len(expected.predicted)}; run the proof again."
        )
    mismatches, furthest, worst, passed = 0, 0.0, 0, True
    for index, pair in enumerate(zip(_parts(expected), _parts(actual), strict=True)):
        (their_label, theirs), (our_label, ours) = pair
        mismatches += their_label != our_label or len(theirs) != len(ours)
        distances = [abs(a - b) for a, b in zip(theirs, ours, strict=False)]
        # NaN compares false with everything: it must not pass as near, nor be forgotten.
        distance = max(distances, default=0.0) if all(map(isfinite, distances)) else inf
        passed = passed and distance <= tolerance * max([1.0, *map(abs, theirs)])
        if distance > furthest:
            furthest, worst = distance, index
    if mismatches or not passed:
        raise ParityError(
            f"On Python {python} the portable runtime differs from the oracle in {mismatches} of "
            f"{len(inputs)} labels and by up to {furthest:.3g} in a number ({noun} {worst}); "
            f"allowed are 0 and {tolerance:g}: do not publish it."
        )
    return ParityReport(len(inputs), mismatches, furthest, python, unicode)


def _parts(answers: Answers) -> Iterable[tuple[Any, Sequence[float]]]:
    """Of each input what has to be equal, and what has to be near."""
    for predicted, numbers in zip(answers.predicted, answers.numbers, strict=True):
        outputs = predicted if isinstance(predicted, list) else [predicted]
        if not numbers and all(type(one) is float for one in outputs):
            yield None, outputs
        else:
            yield predicted, numbers
