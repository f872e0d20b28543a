"""What a fitted estimator becomes, named by scikit-learn's own methods, and the rows they pass on.

A row is a text (`str`), a `SparseRow`, an `array("d")` of numbers, or a list of a record's values
in the order of its columns: numbers, strings, booleans, and None for what is missing. A step takes
the first three as they are and makes numbers of the last with `dense`.
"""

from __future__ import annotations

from array import array
from math import inf, isfinite, nan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from portable.attribution import Attribution
    from portable.pickles.arrays import Label

    Row = Any

TEXT = "text"
RECORD = "record"
DENSE = "dense"
SPARSE = "sparse"
BLOCK, MANY_ROWS = 1024, 8
"""Numbers of the rows that are worked on together, which stay in the processor's cache; and how few
rows are faster one by one."""


class UnusableRow(ValueError):
    """The row is not one the model can answer; the message is one sentence that says why."""


class Features:
    """What the rows are that a step takes or gives.

    `form` is TEXT, RECORD, DENSE or SPARSE; `count` the number of columns (1 for a text), None
    where nothing has said it yet; `names` those of the columns, where they have any; `single` says
    that the numbers are in single precision, as a vectorizer of dtype float32 gives them.
    """

    __slots__ = ("count", "form", "names", "single")

    def __init__(
        self,
        form: str,
        count: int | None = None,
        names: Sequence[str] | None = None,
        *,
        single: bool = False,
    ) -> None:
        self.form = form
        self.count = count
        self.names = names
        self.single = single


class SparseRow:
    """The non-zero numbers of a row: `columns` ascending, their `values`, and the row's `width`."""

    __slots__ = ("columns", "values", "width")

    def __init__(self, columns: list[int], values: list[float], width: int) -> None:
        self.columns = columns
        self.values = values
        self.width = width


class Transformer:
    """A step that makes another row of a row.

    `features` says what it gives. `origins` holds, for each column it gives, the column it was
    made of, where that is one column alone and an explanation may be told of it; None where not.
    """

    __slots__ = ("features", "origins")

    features: Features
    origins: Sequence[int] | None

    def transform(self, row: Row) -> Row:
        """The row as the next step takes it; raises UnusableRow."""
        raise NotImplementedError

    def transform_many(self, rows: Sequence[Row]) -> list[Row]:
        """`transform` of each row; overridden where many at once take less than one by one."""
        return list(map(self.transform, rows))


class Predictor:
    """A classifier, regressor, clusterer or outlier detector.

    `classes_` are a classifier's labels in scikit-learn's order; none for what answers numbers.
    `proba` and `decision` say whether it has the methods of that name, as scikit-learn's has.
    """

    __slots__ = ("classes_",)

    classes_: tuple[Label, ...]
    proba = False
    decision = False

    def predict(self, row: Row) -> Any:
        """The place in `classes_` of a classifier's answer; a number, or a list of them, where
        `classes_` is empty. Raises UnusableRow."""
        probabilities = self.predict_proba(row)
        return probabilities.index(max(probabilities))

    def predict_proba(self, row: Row) -> list[float]:
        """The probability of each class; only where `proba`. Raises UnusableRow."""
        raise NotImplementedError

    def decision_function(self, row: Row) -> list[float]:
        """One number for two classes, else one for each; only where `decision`."""
        raise NotImplementedError

    def answer(self, row: Row) -> tuple[Any, list[float] | None, list[float] | None]:
        """`predict`, and `predict_proba` or else `decision_function`, where there is one.

        A class whose methods share most of their work overrides it.
        """
        if self.proba:
            return self.predict(row), self.predict_proba(row), None
        if self.decision:
            return self.predict(row), None, self.decision_function(row)
        return self.predict(row), None, None

    def answers(
        self, rows: Sequence[Row]
    ) -> list[tuple[Any, list[float] | None, list[float] | None]]:
        """`answer` of each row; overridden where many rows at once take less than one by one.

        Raises UnusableRow for the first row that is not usable.
        """
        return list(map(self.answer, rows))

    def explain(self, row: Row) -> Attribution | None:  # noqa: ARG002 - see those that can
        """The answer in parts by column of `row`, None where there is no exact way."""
        return None


class ByProbability(Predictor):
    """A classifier whose answer is the first class of the highest probability."""

    __slots__ = ()
    proba = True

    def answer(self, row: Row) -> tuple[int, list[float], None]:
        """The place of the label and the probabilities."""
        probabilities = self.predict_proba(row)
        return probabilities.index(max(probabilities)), probabilities, None


def dense(row: Row, count: int) -> array[float]:
    """The row as `count` doubles, NaN for what is missing; raises UnusableRow.

    The array may be the row itself: who changes it copies it first.
    """
    if type(row) is not array:
        if type(row) is SparseRow:
            zeros = array("d", bytes(8 * row.width))
            for column, value in zip(row.columns, row.values, strict=True):
                zeros[column] = value
            row = zeros
        else:
            row = _numbers(row)
    if len(row) != count:
        raise UnusableRow(f"The row has {len(row)} values where the model takes {count}.")
    values: array[float] = row
    return values


def _numbers(row: Sequence[Any]) -> array[float]:
    try:
        try:
            return array("d", [*row])
        except TypeError:
            return array("d", [nan if value is None else value for value in row])
    except (TypeError, OverflowError, ValueError):
        raise UnusableRow("The row holds something that is not a number of usual size.") from None


def finite(row: Row, count: int) -> array[float]:
    """As `dense`, of a row without NaN and infinite values; raises UnusableRow."""
    values = dense(row, count)
    # NaN and infinities survive every addition.
    if not isfinite(sum(values)) and not all(map(isfinite, values)):
        raise UnusableRow("The row holds NaN or an infinite value, or one that becomes infinite.")
    return values


def blocks(rows: Sequence[Row], count: int) -> Iterator[tuple[Sequence[Row], array[float] | None]]:
    """The rows in order, as many at a time as is worth it, and their numbers one row after the
    other; None where they are not `count` finite numbers each, or many: those go one by one."""
    size = max(1, BLOCK // count)
    for at in range(0, len(rows), size):
        block = rows[at : at + size]
        yield block, _finite_numbers(block, count) if len(block) >= MANY_ROWS else None


def _finite_numbers(rows: Sequence[Row], count: int) -> array[float] | None:
    if set(map(type, rows)) - {list, array} or set(map(len, rows)) != {count}:
        return None
    try:
        numbers = array("d", [number for row in rows for number in row])
    except (TypeError, OverflowError):
        return None
    return numbers if isfinite(sum(numbers)) else None


def without_infinities(row: Row, count: int) -> array[float]:
    """As `dense`, of a row without infinite values; NaN may be there. Raises UnusableRow."""
    values = dense(row, count)
    if inf in values or -inf in values:
        raise UnusableRow("The row holds an infinite value, or one that becomes infinite.")
    return values


def sparse(row: Row) -> SparseRow:
    """The row's non-zero numbers; raises UnusableRow for NaN and infinite ones."""
    if type(row) is SparseRow:
        return row
    values = finite(row, len(row))
    columns = [column for column, value in enumerate(values) if value]
    return SparseRow(columns, [values[column] for column in columns], len(values))
