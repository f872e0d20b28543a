"""Asks the portable runtime what scikit-learn was asked, of a sample of the rows."""

from __future__ import annotations

import re
import traceback
from types import FunctionType
from typing import Any

import numpy as np
from portable.base import RECORD, SPARSE, TEXT, Features, UnusableRow
from portable.errors import UnsupportedModel
from portable.estimators import read_predictor, read_transformer
from portable.pickles.unpickler import loads
from scipy import sparse

from model_training.publishing import pickling
from model_training.publishing.manifests import ArtifactError
from tools.coverage.parity import as_list, assert_near, inputs_one_by_one, sparse_rows
from tools.judge.record import Record

METHODS = ("predict", "predict_proba", "decision_function", "transform")
MOST_ROWS = 20_000
MOST_COLUMNS = 2_000
SAMPLE = 6
_TEXT = ("CountVectorizer", "HashingVectorizer", "TfidfVectorizer")


class Judge:
    """Compares one answer after the other and keeps the record."""

    def __init__(self) -> None:
        self.record = Record()
        self.test = ""

    def compare(self, estimator: Any, method: str, rows: Any, answer: Any) -> None:
        """Compare scikit-learn's `answer` about `rows` with the portable runtime's."""
        name = type(estimator).__name__
        if _is_in_hand(estimator):
            self.record.in_hand += 1
            return
        places = _sample(rows)
        if places is None or not _is_by_row(answer, rows) or _is_cut(answer, rows, method):
            return
        given: list[Any] = []
        one = expected = ours = None
        try:
            step = _read(estimator, method, _form(rows))
            some = _of(rows, places)
            given = sparse_rows(some) if sparse.issparse(rows) else inputs_one_by_one(some)
            theirs = _answers(_of(answer, places))
            for one, expected in zip(given, theirs, strict=True):
                ours = _asked(step, method, one)
                # Of two classes, and of outliers, scikit-learn gives the score itself.
                if isinstance(expected, float) and isinstance(ours, list) and len(ours) == 1:
                    ours = ours[0]
                self.record.rows += 1
                assert_near(ours, expected, 0)
        except (ArtifactError, UnsupportedModel, UnusableRow) as refusal:
            kind = _kind_of(name, refusal)
            self.record.refused[kind] += 1
            self.record.refused_in.setdefault(kind, self.test)
            return
        except AssertionError:
            self.record.different.append(
                self._case(estimator, method, row=repr(one)[:400], ours=repr(ours)[:200],
                           theirs=repr(expected)[:200])
            )  # fmt: skip
        except Exception:
            last = "".join(traceback.format_exc().splitlines(keepends=True)[-6:])
            self.record.crashed.append(self._case(estimator, method, error=last))
        self.record.comparisons += 1
        self.record.estimators[name] += 1

    def _case(self, estimator: Any, method: str, **found: str) -> dict[str, str]:
        said = " ".join(repr(estimator).split())[:300]
        return {"test": self.test, "estimator": said, "method": method, **found}


def _is_in_hand(estimator: Any) -> bool:
    """Whether a fit is still at it, so that nobody has the estimator: LogisticRegressionCV scores
    coefficients that it has set, a boosting that stops early scores itself by another way, or on
    rows that it has binned."""
    made = hasattr(estimator, "coef_") and not hasattr(estimator, "n_features_in_")
    boosts = hasattr(estimator, "_in_fit")
    return made or boosts or isinstance(vars(estimator).get("_raw_predict"), FunctionType)


def _form(rows: Any) -> str:
    if isinstance(rows, list):
        return TEXT
    return SPARSE if sparse.issparse(rows) else RECORD


def _is_cut(answer: Any, rows: Any, method: str) -> bool:
    """Whether numbers were cut to whole ones because those of the rows were, which a request's are
    not: AdditiveChi2Sampler does so with its roots."""
    kinds = [getattr(getattr(table, "dtype", None), "kind", "") for table in (answer, rows)]
    return method == "transform" and all(kind in ("i", "u") for kind in kinds)


def _read(estimator: Any, method: str, form: str) -> Any:
    fitted = loads(pickling.serialised(estimator))
    names = getattr(estimator, "feature_names_in_", None)
    count = 1 if form == TEXT else getattr(estimator, "n_features_in_", None)
    features = Features(form, count, None if names is None else list(names))
    step: Any
    if method == "transform":
        return read_transformer(fitted, features)
    step = read_predictor(fitted, features)
    mirrored = {"predict_proba": "proba", "decision_function": "decision"}.get(method)
    assert mirrored is None or getattr(step, mirrored), f"it has no {method}"
    return step


def _asked(step: Any, method: str, row: Any) -> Any:
    answer = getattr(step, method)(row)
    if method == "predict":
        return step.classes_[answer] if step.classes_ else answer
    return as_list(answer) if method == "transform" else answer


def _sample(rows: Any) -> list[int] | None:
    """The rows to ask about; None for what is no table of modest size in double precision."""
    if isinstance(rows, list):
        if not rows or not all(isinstance(one, str) for one in rows):
            return None
        count = len(rows)
    else:
        fits = (isinstance(rows, np.ndarray) and type(rows) is np.ndarray) or sparse.issparse(rows)
        if not fits or rows.ndim != 2 or rows.dtype.kind not in "fiub":
            return None
        count, columns = rows.shape
        single = rows.dtype.kind == "f" and rows.dtype != np.float64
        if single or not 0 < count <= MOST_ROWS or not 0 < columns <= MOST_COLUMNS:
            return None
    return sorted(
        {*range(min(count, SAMPLE // 2)), *range(0, count, count // SAMPLE + 1), count - 1}
    )


def _is_by_row(answer: Any, rows: Any) -> bool:
    count = len(rows) if isinstance(rows, list) else rows.shape[0]
    return hasattr(answer, "shape") and len(answer.shape) in (1, 2) and answer.shape[0] == count


def _of(table: Any, places: list[int]) -> Any:
    if isinstance(table, list):
        return [table[place] for place in places]
    if hasattr(table, "iloc"):
        table = np.asarray(table)
    return (table.tocsr() if sparse.issparse(table) else table)[places]


def _answers(answer: Any) -> list[Any]:
    dense = answer.toarray() if sparse.issparse(answer) else np.asarray(answer)
    outputs: list[Any] = dense.tolist()
    return outputs


def _kind_of(name: str, refusal: Exception) -> str:
    """The refusal without its figures, so that alike ones are counted as one."""
    return f"{name}: {re.sub(r'[0-9][0-9.,e+-]*', 'N', str(refusal))[:160]}"
