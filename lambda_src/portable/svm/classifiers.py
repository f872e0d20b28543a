"""SVC and NuSVC: every pair of classes is decided, and the most votes win."""

from __future__ import annotations

from itertools import combinations

from portable.attribution import DECISION, Attribution
from portable.base import Predictor
from portable.errors import UnsupportedModel
from portable.linear_model.coefficients import Coefficients
from portable.pickles.arrays import Array
from portable.pickles.attributes import choice, read_labels, read_state, vector
from portable.svm.coupling import couple, platt
from portable.svm.decisions import REQUIRED, Decisions, read_decisions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from portable.base import Features, Row
    from portable.pickles.arrays import Label
    from portable.pickles.unpickler import Estimator

MAX_CLASSES = 100
"""Whose probabilities are coupled, in a hundred steps that each take its square."""
_OPTIONS = ("break_ties", "classes_", "decision_function_shape", "probability")


def read(estimator: Estimator, features: Features) -> Predictor:
    """A SVC or NuSVC."""
    name = type(estimator).__name__
    state = read_state(estimator, (*REQUIRED, *_OPTIONS))
    classes = read_labels(name, state)
    sizes = state["_n_support"]
    if type(sizes) is not Array or sizes.dtype.code != "i4" or sizes.shape != (len(classes),):
        raise UnsupportedModel(f"The {name}'s _n_support are not {len(classes)} whole numbers.")
    if len(classes) < 2:
        raise UnsupportedModel(f"The {name} has one class; fit it on rows of two or more.")
    shape = choice(name, state, "decision_function_shape", ("ovr", "ovo"))
    break_ties = choice(name, state, "break_ties", (False, True)) is True
    if break_ties and shape == "ovo":
        raise UnsupportedModel(
            f"The {name} has break_ties with decision_function_shape 'ovo', by which scikit-learn "
            "predicts nothing; fit it with 'ovr'."
        )
    decisions = read_decisions(name, state, features, [int(size) for size in sizes.labels()])
    options = (classes, decisions, shape == "ovr", break_ties)
    if choice(name, state, "probability", (False, True, "deprecated")) is not True:
        return SupportVectorClassifier(*options)
    if len(classes) > MAX_CLASSES:
        raise UnsupportedModel(
            f"The {name} couples the probabilities of {len(classes)} classes where the portable "
            f"runtime does of {MAX_CLASSES}; serve it by the scikit-learn runtime."
        )
    pairs = len(classes) * (len(classes) - 1) // 2
    slopes, offsets = (vector(name, state, one, pairs) for one in ("_probA", "_probB"))
    return ProbabilisticClassifier(*options, slopes, offsets)


class SupportVectorClassifier(Predictor):
    """A classifier by votes; its decision function is that of libsvm or made of it."""

    __slots__ = ("_break_ties", "_decisions", "_one_each")
    decision = True

    def __init__(
        self,
        classes: tuple[Label, ...],
        decisions: Decisions | Coefficients,
        one_each: bool,
        break_ties: bool,
    ) -> None:
        self.classes_ = classes
        self._decisions = decisions
        self._one_each = one_each and len(classes) > 2
        self._break_ties = break_ties and len(classes) > 2

    def predict(self, row: Row) -> int:
        """The place of the label."""
        return self._place(self._decisions.scores(row))

    def decision_function(self, row: Row) -> list[float]:
        """One score for two classes; else one for each class, or for each pair."""
        return self._scores(self._decisions.scores(row))

    def answer(self, row: Row) -> tuple[int, list[float] | None, list[float] | None]:
        """The place of the label, and the scores."""
        decisions = self._decisions.scores(row)
        return self._place(decisions), None, self._scores(decisions)

    def _place(self, decisions: list[float]) -> int:
        size = len(self.classes_)
        if self._break_ties:
            scores = self._scores(decisions)
            return scores.index(max(scores))
        votes = [0] * size
        for (first, second), decision in zip(combinations(range(size), 2), decisions, strict=True):
            votes[first if decision > 0.0 else second] += 1
        return votes.index(max(votes))

    def _scores(self, decisions: list[float]) -> list[float]:
        size = len(self.classes_)
        if size == 2:
            return [-decisions[0]]
        if not self._one_each:
            return decisions
        # Votes, and between equal ones the sums of the decisions, pressed into a third of a vote.
        votes, sums = [0.0] * size, [0.0] * size
        for (first, second), decision in zip(combinations(range(size), 2), decisions, strict=True):
            sums[first] += decision
            sums[second] -= decision
            votes[second if decision < 0.0 else first] += 1.0
        return [
            vote + total / (3.0 * (abs(total) + 1.0))
            for vote, total in zip(votes, sums, strict=True)
        ]

    def explain(self, row: Row) -> Attribution | None:
        """Of two classes and a linear kernel: coefficient times value."""
        if len(self.classes_) != 2 or not isinstance(self._decisions, Coefficients):
            return None
        parts = {column: -part for column, part in self._decisions.parts(row, 0).items()}
        return Attribution(1, 0, DECISION, -self._decisions.intercepts[0], parts)


class ProbabilisticClassifier(SupportVectorClassifier):
    """With probability=True; its probabilities and its votes need not agree."""

    __slots__ = ("_offsets", "_slopes")
    proba = True

    def __init__(
        self,
        classes: tuple[Label, ...],
        decisions: Decisions | Coefficients,
        one_each: bool,
        break_ties: bool,
        slopes: Sequence[float],
        offsets: Sequence[float],
    ) -> None:
        super().__init__(classes, decisions, one_each, break_ties)
        self._slopes = slopes
        self._offsets = offsets

    def predict_proba(self, row: Row) -> list[float]:
        """The probability of each class."""
        return self._probabilities(self._decisions.scores(row))

    def answer(self, row: Row) -> tuple[int, list[float] | None, list[float] | None]:
        """The place of the label, and the probabilities."""
        decisions = self._decisions.scores(row)
        return self._place(decisions), self._probabilities(decisions), None

    def _probabilities(self, decisions: list[float]) -> list[float]:
        pairs = zip(decisions, self._slopes, self._offsets, strict=True)
        return couple([platt(*pair) for pair in pairs], len(self.classes_))
