"""HashingVectorizer: from a text to its row of features, whose columns are the terms' hashes."""

from __future__ import annotations

from math import sqrt

from portable.arithmetic.murmurhash import murmurhash3
from portable.base import SPARSE, TEXT, Features, SparseRow, Transformer, UnusableRow
from portable.errors import UnsupportedModel
from portable.feature_extraction.analyzers import Analysis
from portable.pickles.attributes import choice, read_state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from portable.base import Row
    from portable.pickles.unpickler import Estimator

MAX_COLUMNS = 2**22
"""Four times scikit-learn's default."""
_REQUIRED = (
    "input",
    "strip_accents",
    "preprocessor",
    "tokenizer",
    "analyzer",
    "lowercase",
    "token_pattern",
    "stop_words",
    "ngram_range",
    "binary",
    "dtype",
    "norm",
    "n_features",
    "alternate_sign",
)


def read(estimator: Estimator, features: Features) -> Transformer:
    """A HashingVectorizer; a FeatureHasher is refused."""
    name = type(estimator).__name__
    if name == "FeatureHasher":
        raise UnsupportedModel(
            "The FeatureHasher takes fields of any name, and nothing in the model says of which; "
            "fit a DictVectorizer in its place, which keeps their names."
        )
    if features.form != TEXT:
        raise UnsupportedModel(
            f"The {name} stands where no text comes; it must be the first step that sees a text."
        )
    return HashingVectorizer(estimator)


class HashingVectorizer(Transformer):
    """How often each hash of a text's terms occurs, half of the terms counted below 0 where the
    sign alternates, and scaled to a length of 1 where that is asked for."""

    __slots__ = ("_alternates", "_binary", "_columns", "_norm", "analyze")

    def __init__(self, estimator: Estimator) -> None:
        name = type(estimator).__name__
        state = read_state(estimator, _REQUIRED)
        self.analyze = Analysis(name, state).analyzer()
        choice(name, state, "dtype", ("float64",))
        self._binary = choice(name, state, "binary", (False, True))
        self._norm = choice(name, state, "norm", ("l2", "l1", None))
        self._alternates = choice(name, state, "alternate_sign", (True, False))
        columns = state["n_features"]
        if type(columns) is not int or not 1 <= columns <= MAX_COLUMNS:
            raise UnsupportedModel(f"The {name}'s n_features is not from 1 to {MAX_COLUMNS:,}.")
        self._columns = columns
        self.features = Features(SPARSE, columns)
        self.origins = None

    def transform(self, row: Row) -> SparseRow:
        """The row of a text; a column whose terms cancel out is there, with 0."""
        occurrences: dict[str, int] = {}
        for term in self.analyze(row):
            occurrences[term] = occurrences.get(term, 0) + 1
        counts: dict[int, float] = {}
        for term, count in occurrences.items():
            try:
                hashed = murmurhash3(term.encode())
            except UnicodeEncodeError:
                raise UnusableRow("The text holds half of a surrogate pair.") from None
            column = abs(hashed) % self._columns
            signed = -count if hashed < 0 and self._alternates else count
            counts[column] = counts.get(column, 0.0) + signed
        columns = sorted(counts)
        values = [1.0 if self._binary else counts[column] for column in columns]
        length = 0.0
        if self._norm == "l2":
            for value in values:
                length += value * value
            length = sqrt(length)
        elif self._norm == "l1":
            for value in values:
                length += abs(value)
        if length:
            values = [value / length for value in values]
        return SparseRow(columns, values, self._columns)
