"""Cross-validation on the training part, then one look at the test part."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model_training.loan_grade import network, preparation, splitting
from model_training.loan_grade.baselines import BASELINES, boosting
from model_training.loan_grade.dataset import Loans
from model_training.loan_grade.fields import GRADES
from model_training.loan_grade.measures import Measured, measure

FOLDS = 5
SEED = 20260603
OURS = "this network"

Array = NDArray[Any]
Progress = Callable[[], object]


@dataclass(frozen=True)
class Evaluation:
    """The published network, and the figures by model's name; `leaked` is what a leak would give.

    `columns` are as in the artifact, `model` is Keras'; `test` are the indices of the test part.
    """

    columns: list[dict[str, Any]]
    model: Any
    train: list[int]
    test: list[int]
    cross_validation: dict[str, Measured]
    held_out: dict[str, Measured]
    leaked: Measured

    def manifest_entry(self) -> dict[str, Any]:
        """The manifest's entry `metrics`."""

        def by_name(figures: dict[str, Measured]) -> dict[str, Any]:
            return {
                name: measured.manifest_entry()
                for name, measured in figures.items()
                if name != OURS
            }

        return {
            "test": {
                **self.held_out[OURS].manifest_entry(),
                "confusion": self.held_out[OURS].confusion.tolist(),
            },
            "cross_validation": {"folds": FOLDS, **self.cross_validation[OURS].manifest_entry()},
            "baselines": {
                "test": by_name(self.held_out),
                "cross_validation": by_name(self.cross_validation),
            },
            "with_the_leak": self.leaked.manifest_entry(),
        }


def evaluate(loans: Loans, progress: Progress = lambda: None) -> Evaluation:
    """Train on the training part and measure; `progress` is called after each of FOLDS + 1 fits."""
    grades = np.array([GRADES.index(grade) for grade in loans.grades])
    train, test = splitting.parts(loans.grades)
    chances: dict[str, Array] = {}
    for fold in splitting.folds(train, loans.grades, FOLDS):
        held = set(fold)
        rest = [index for index in train if index not in held]
        _, _, probabilities = _probabilities(loans, grades, rest, fold)
        for name, rows in probabilities.items():
            chances.setdefault(name, np.zeros((len(grades), len(GRADES))))[fold] = rows
        progress()
    columns, model, probabilities = _probabilities(loans, grades, train, test)
    leaked = _leaked(loans, grades, columns, train, test)
    progress()
    return Evaluation(
        columns=columns,
        model=model,
        train=train,
        test=test,
        cross_validation={n: measure(rows[train], grades[train]) for n, rows in chances.items()},
        held_out={name: measure(rows, grades[test]) for name, rows in probabilities.items()},
        leaked=measure(leaked, grades[test]),
    )


def _probabilities(
    loans: Loans, grades: Array, train: Sequence[int], test: Sequence[int]
) -> tuple[list[dict[str, Any]], Any, dict[str, Array]]:
    """Columns and network of `train`, and every model's probabilities for `test`."""
    records = [loans.records[index] for index in train]
    definition = preparation.fit(records)
    columns = preparation.read(definition)
    model = network.train(columns, records, grades[train], SEED)
    inputs = network.matrix(columns, records)
    test_inputs = network.matrix(columns, [loans.records[index] for index in test])
    probabilities = {OURS: network.probabilities(model, test_inputs)}
    for name, answer in BASELINES.items():
        probabilities[name] = answer(inputs, grades[train], test_inputs)
    return definition, model, probabilities


def _leaked(
    loans: Loans,
    grades: Array,
    columns: list[dict[str, Any]],
    train: Sequence[int],
    test: Sequence[int],
) -> Array:
    """What boosting answers for `test` where it is shown interest rate and instalment as well."""
    read = preparation.read(columns)

    def shown(indices: Sequence[int]) -> Array:
        rows = network.matrix(read, [loans.records[index] for index in indices])
        return np.hstack([rows, np.array([loans.leaks[index] for index in indices])])

    return boosting(shown(train), grades[train], shown(test))
