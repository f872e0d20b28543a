"""Honest figures of a fitted model: its recipe is fitted again on parts of the data, and asked
about the rows that each part lacks.

In a process of its own, which is stopped when its time is over: a fit may take seconds or days.
Its time is a processor's, which other programs of the machine do not shorten.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from numpy.typing import NDArray

FOLDS = 5
SECONDS = 9
"""Of a processor, for everything here; fits are begun in the first two thirds of it."""
_LONGEST = 60
"""Seconds on the clock after which nobody waits any more."""
SEED = 20261130
_FITTING = 2 / 3
_IMPORTANCE_ROWS = 300
_REPEATS = 3
_TASK = "task.joblib"
_TOO_LONG = f"fitting it takes more than the {SECONDS} s of a processor there are for it"

Array = NDArray[Any]


@dataclass
class Found:
    """What the time sufficed for: of each fold its rows, and what a model fitted without them says
    (predicted, numbers or None); `importance` of each field, for tables; `why_not` is a clause."""

    folds: list[tuple[Array, Array, Array | None]] = field(default_factory=list)
    importance: list[float] | None = None
    why_not: str = ""


class CrossValidation:
    """Cross-validation under way; its process ends with the context.

    `model` is a fitted estimator, `inputs` n rows and `truth` n labels of its `classes`, or numbers
    where there are none. `fits`: its recipe may be fitted again. `fields`: the inputs have columns,
    to be shuffled one by one.
    """

    def __init__(
        self, model: Any, inputs: Any, truth: Array, classes: Sequence[Any], *, fits: bool,
        fields: bool,
    ) -> None:  # fmt: skip
        self._folder = tempfile.TemporaryDirectory()
        self._ends = time.monotonic() + _LONGEST
        self._child: subprocess.Popen[str] | None = None
        self._why_not = ""
        folds = splits(truth, classifies=bool(len(classes))) if fits else []
        task = (model, inputs, truth, list(classes), folds, fields)
        try:
            joblib.dump(task, Path(self._folder.name) / _TASK)
        # Functions of one's own, for example, cannot be handed to another process.
        except Exception as error:
            self._why_not = f"it cannot be handed to another process ({type(error).__name__})"
            return
        self._child = subprocess.Popen(  # noqa: S603 - this module, by this Python
            [sys.executable, "-m", __name__, self._folder.name],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            # The proof runs meanwhile, on the other cores.
            env={
                **os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
                "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
            },
        )  # fmt: skip

    def __enter__(self) -> CrossValidation:
        return self

    def __exit__(self, *_: object) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.communicate()
        self._folder.cleanup()

    def finished(self) -> Found:
        """What was found when it is done or its time is over."""
        found = Found(why_not=self._why_not)
        if self._child is None:
            return found
        try:
            _, said = self._child.communicate(timeout=max(0.1, self._ends - time.monotonic()))
            if self._child.returncode < 0:
                found.why_not = _TOO_LONG
            elif self._child.returncode:
                last = said.strip().splitlines()[-1:] or ["no message"]
                found.why_not = f"it cannot be fitted again here ({last[0][:160]})"
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.communicate()
            found.why_not = _TOO_LONG
        folder = Path(self._folder.name)
        found.folds = [joblib.load(path) for path in sorted(folder.glob("fold*.joblib"))]
        if (folder / "importance.joblib").is_file():
            found.importance = joblib.load(folder / "importance.joblib")
        return found


def splits(truth: Array, *, classifies: bool) -> list[tuple[Array, Array]]:
    """Shuffled folds, the same for the same rows, of a classifier with each label's share."""
    from sklearn.model_selection import KFold, StratifiedKFold

    kind = StratifiedKFold if classifies else KFold
    folds = min(FOLDS, int(np.unique(truth, return_counts=True)[1].max()) if classifies else FOLDS)
    if min(folds, len(truth)) < 2:
        return []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Of labels that have fewer rows than there are folds.
        splitter = kind(min(folds, len(truth)), shuffle=True, random_state=SEED)
        return list(splitter.split(np.zeros(len(truth)), truth))


def taken(inputs: Any, rows: Array) -> Any:
    """Some of the inputs: of a data frame, an array or a list."""
    if hasattr(inputs, "iloc"):
        return inputs.iloc[rows]
    return inputs[rows] if isinstance(inputs, np.ndarray) else [inputs[row] for row in rows]


def asked(model: Any, inputs: Any, classes: Sequence[Any]) -> tuple[Array, Array | None, bool]:
    """What a fitted estimator says of n rows: n labels or numbers; n x k probabilities, or scores,
    in the order of `classes`; and whether they are probabilities."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        predicted = np.asarray(model.predict(inputs))
        if not len(classes):
            return predicted.astype(float), None, False
        probable = hasattr(model, "predict_proba")
        if not probable and not hasattr(model, "decision_function"):
            return predicted, None, False
        said = np.asarray(
            model.predict_proba(inputs) if probable else model.decision_function(inputs)
        )
    if said.ndim == 1:
        said = np.column_stack([-said, said])
    known = list(model.classes_)
    if said.shape[1] != len(known):
        return predicted, None, False  # One against one.
    numbers = np.full((len(predicted), len(classes)), 0.0 if probable else said.min())
    for column, label in enumerate(known):
        numbers[:, list(classes).index(label)] = said[:, column]
    return predicted, numbers, probable


def _run(folder: Path) -> None:
    """The child: a file per fold, as soon as it is there, then the importance of the fields."""
    from sklearn.base import clone

    model, inputs, truth, classes, folds, fields = joblib.load(folder / _TASK)
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    longest = 0.0
    for number, (train, test) in enumerate(folds):
        before = time.process_time()
        if number and before + longest > _FITTING * SECONDS:
            break
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fitted = clone(model).fit(taken(inputs, train), truth[train])
        predicted, numbers, _ = asked(fitted, taken(inputs, test), classes)
        _put(folder / f"fold{number}.joblib", (test, predicted, numbers))
        longest = max(longest, time.process_time() - before)
    if fields:
        _put(
            folder / "importance.joblib",
            _importance(model, inputs, truth, classifies=bool(classes)),
        )


def _importance(model: Any, inputs: Any, truth: Array, *, classifies: bool) -> list[float]:
    from sklearn.inspection import permutation_importance

    some = np.arange(0, len(truth), max(1, len(truth) // _IMPORTANCE_ROWS))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = permutation_importance(
            model, taken(inputs, some), truth[some], n_repeats=_REPEATS, random_state=SEED,
            scoring="accuracy" if classifies else "r2",
        )  # fmt: skip
    importance: list[float] = found.importances_mean.tolist()
    return importance


def _put(path: Path, value: Any) -> None:
    part = path.with_suffix(".part")
    joblib.dump(value, part)
    part.replace(path)


if __name__ == "__main__":
    _run(Path(sys.argv[1]))
