"""CategoricalNB: one table of log-probabilities for each column, looked up by category."""

from __future__ import annotations

from portable.base import UnusableRow, finite
from portable.errors import UnsupportedModel
from portable.naive_bayes import NaiveBayes
from portable.pickles.arrays import Array
from portable.pickles.attributes import check_finite, column_count, read_labels, read_state, vector

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array

    from portable.attribution import Attribution
    from portable.base import Features, Predictor, Row
    from portable.pickles.attributes import State
    from portable.pickles.unpickler import Estimator

_REQUIRED = ("classes_", "class_log_prior_", "feature_log_prob_", "n_features_in_")


def read(estimator: Estimator, features: Features) -> Predictor:
    """A CategoricalNB."""
    return CategoricalNaiveBayes(estimator, features)


class CategoricalNaiveBayes(NaiveBayes):
    """Joint log-likelihood = the sum over the columns of the category's, then the class's prior."""

    __slots__ = ("_prior", "_tables")

    def __init__(self, estimator: Estimator, features: Features) -> None:
        name = type(estimator).__name__
        state = read_state(estimator, _REQUIRED)
        self.classes_ = read_labels(name, state)
        self.count = column_count(name, state, features)
        self._prior = vector(name, state, "class_log_prior_", len(self.classes_))
        self._tables = _tables(name, state, self.count, len(self.classes_))

    def checked(self, row: Row) -> list[int]:
        """The category of each column, without its fraction as scikit-learn takes it."""
        categories = [int(value) for value in finite(row, self.count)]
        for column, (category, table) in enumerate(zip(categories, self._tables, strict=True)):
            if not 0 <= category < len(table):
                raise UnusableRow(
                    f"Column {column} holds category {category} where the model knows 0 to "
                    f"{len(table) - 1}."
                )
        return categories

    def joint(self, row: list[int]) -> list[float]:
        """The joint log-likelihood of every class."""
        totals = [0.0] * len(self.classes_)
        for category, table in zip(row, self._tables, strict=True):
            totals = [total + part for total, part in zip(totals, table[category], strict=True)]
        return [total + prior for total, prior in zip(totals, self._prior, strict=True)]

    def explain(self, row: Row) -> Attribution | None:  # noqa: ARG002
        """None: no row is without categories, so there is nothing to tell a row apart from."""
        return None


def _tables(name: str, state: State, count: int, classes: int) -> list[list[tuple[float, ...]]]:
    """For each column, by category, the log-probability in each class."""
    tables = state["feature_log_prob_"]
    if type(tables) is not list or len(tables) != count:
        raise UnsupportedModel(f"The {name}'s feature_log_prob_ is not a list of {count} arrays.")
    return [_by_category(name, table, classes) for table in tables]


def _by_category(name: str, table: object, classes: int) -> list[tuple[float, ...]]:
    if type(table) is not Array or len(table.shape) != 2 or table.shape[0] != classes:
        raise UnsupportedModel(
            f"The {name}'s feature_log_prob_ holds something else than arrays of {classes} rows."
        )
    rows: list[array[float]] = [check_finite(name, "feature_log_prob_", r) for r in table.rows()]
    return list(zip(*rows, strict=True))
