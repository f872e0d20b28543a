"""CountVectorizer, TfidfVectorizer and TfidfTransformer: from a text to its row of features."""

from __future__ import annotations

from importlib import import_module
from math import log, sqrt

from portable.base import SPARSE, TEXT, Features, SparseRow, Transformer, UnusableRow, sparse
from portable.errors import UnsupportedModel
from portable.feature_extraction.analyzers import Analysis
from portable.pickles.attributes import choice, read_state, vector

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterable, Sequence

    from portable.base import Row
    from portable.feature_extraction.text_block import Block
    from portable.pickles.unpickler import Estimator

_COUNTING = (
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
    "vocabulary_",
)
_WEIGHING = ("norm", "use_idf", "smooth_idf", "sublinear_tf")
MANY_CHARACTERS = 4096
"""Of one text or of many: from there on what they share is worth looking for."""
_DTYPES = ("float64", "float32", "int64", "int32")
_PIECE = 1024


def read(estimator: Estimator, features: Features) -> Transformer:
    """A vectorizer of texts, or the TfidfTransformer that follows one."""
    if type(estimator).__name__ == "TfidfTransformer":
        return Weights(estimator, features)
    if features.form != TEXT:
        raise UnsupportedModel(
            f"The {type(estimator).__name__} stands where no text comes; it must be the first "
            "step that sees a text."
        )
    return Vectorizer(estimator)


class Weights(Transformer):
    """TfidfTransformer: counts times the inverse document frequency, scaled to a length of 1.

    By the same floating-point operations in the same order as scikit-learn's.
    """

    __slots__ = ("idf", "norm", "single", "sublinear")

    def __init__(self, estimator: object, features: Features) -> None:
        name = type(estimator).__name__
        if name != "TfidfTransformer":
            raise UnsupportedModel("The vectorizer's weights are not a TfidfTransformer's.")
        state = read_state(estimator, _WEIGHING)  # type: ignore[arg-type]
        self.single = features.single
        self.norm = choice(name, state, "norm", ("l2", "l1", None))
        self.sublinear = choice(name, state, "sublinear_tf", (False, True)) is True
        self.idf: array[float] | None = None
        # scikit-learn asks for idf_ itself, not for the option.
        if "idf_" in state:
            if features.count is None:
                raise UnsupportedModel(f"Nothing says how many columns the {name} takes.")
            self.idf = vector(name, state, "idf_", features.count)
        elif choice(name, state, "use_idf", (True, False)):
            raise UnsupportedModel(f"The {name} lacks 'idf_'; pickle it after fitting it.")
        self.features = Features(SPARSE, features.count, features.names, single=self.single)
        self.origins = range(features.count or 0)

    def transform(self, row: Row) -> SparseRow:
        """The weighted row of a row of counts."""
        counts = sparse(row)
        try:
            values = self.weigh(counts.columns, counts.values)
        except ValueError:
            # Of what a HashingVectorizer counts below 0 there is no logarithm.
            raise UnusableRow(
                "The row holds a count that is not above 0, of which sublinear_tf takes the "
                "logarithm."
            ) from None
        return SparseRow(counts.columns, values, counts.width)

    def weigh(self, columns: list[int], counts: list[float]) -> list[float]:
        """The values of `columns`, which occur as often as `counts` says."""
        if self.single:
            # By its name, as what other options need.
            single: list[float] = import_module("portable.arithmetic.float32").weigh(
                self, counts, columns
            )
            return single
        values = counts
        if self.sublinear:
            values = [1.0 if count == 1.0 else log(count) + 1.0 for count in counts]
        idf = self.idf
        if idf is not None:
            values = [value * idf[column] for value, column in zip(values, columns, strict=True)]
        return self.scale(values)

    def scale(self, values: list[float]) -> list[float]:
        """The weighted values of a row, scaled to the length that the norm asks for."""
        # Plain loops, not sum(): from Python 3.12 that compensates, which scikit-learn does not.
        total = 0.0
        if self.norm == "l2":
            for value in values:
                total += value * value
            total = sqrt(total)
        elif self.norm == "l1":
            for value in values:
                total += abs(value)
        if total:
            values = [value / total for value in values]
        return values


class Vectorizer(Transformer):
    """A fitted CountVectorizer or TfidfVectorizer, compiled for one text at a time.

    `vocabulary` maps a term to its column.
    """

    __slots__ = ("_block", "analysis", "analyze", "binary", "vocabulary", "weights")

    def __init__(self, estimator: object) -> None:
        name = type(estimator).__name__
        if name not in ("TfidfVectorizer", "CountVectorizer"):
            raise UnsupportedModel(
                f"A {name} stands where a CountVectorizer or TfidfVectorizer is expected; give "
                "the vectorizer's own file."
            )
        weighs = name == "TfidfVectorizer"
        state = read_state(estimator, (*_COUNTING, "_tfidf") if weighs else _COUNTING)  # type: ignore[arg-type]
        self.vocabulary = _vocabulary(name, state["vocabulary_"])
        self.analysis = Analysis(name, state, self.vocabulary)
        self.analyze = self.analysis.analyzer()
        self._block: Block | None = None
        self.binary = choice(name, state, "binary", (False, True))
        single = choice(name, state, "dtype", _DTYPES) == "float32"
        self.features = Features(SPARSE, len(self.vocabulary), single=single)
        self.origins = None
        self.weights = Weights(state["_tfidf"], self.features) if weighs else None

    def counts(self, terms: Iterable[str]) -> SparseRow:
        """How often each known one of a text's terms occurs, weighted where that is asked."""
        column_of = self.vocabulary.get
        known = [column for column in map(column_of, terms) if column is not None]
        columns = sorted(set(known))
        if len(columns) == len(known) or self.binary:
            values = [1.0] * len(columns)
        else:
            counts = dict.fromkeys(columns, 0.0)
            for column in known:
                counts[column] += 1.0
            values = list(counts.values())
        if self.weights is not None:
            values = self.weights.weigh(columns, values)
        return SparseRow(columns, values, len(self.vocabulary))

    def transform(self, row: Row) -> SparseRow:
        """The row of a text: the columns of its known terms, ascending, and their values."""
        if len(row) >= MANY_CHARACTERS:
            [long] = self.transform_many([row])
            return long
        return self.counts(self.analyze(row))

    def transform_many(self, rows: Sequence[Row]) -> list[SparseRow]:
        """The same of each text; together they have their words looked up once."""
        if sum(map(len, rows)) < MANY_CHARACTERS:
            return [self.counts(self.analyze(row)) for row in rows]
        if self._block is None:
            # No start and no short text waits for it.
            from portable.feature_extraction.text_block import Block

            self._block = Block(self)
        return self._block.rows(rows)


def _vocabulary(name: str, vocabulary: object) -> dict[str, int]:
    """`vocabulary`, if it maps strings one to one on the columns 0 to len - 1."""
    if type(vocabulary) is dict and vocabulary:
        columns = list(vocabulary.values())
        size = len(columns)
        if (
            list(map(type, vocabulary)).count(str) == size
            and list(map(type, columns)).count(int) == size
        ):
            columns.sort()
            # Piece by piece: all at once they would be half a megabyte for a moment of the start.
            if all(
                columns[at : at + _PIECE] == list(range(at, min(at + _PIECE, size)))
                for at in range(0, size, _PIECE)
            ):
                return vocabulary
    raise UnsupportedModel(
        f"The {name}'s vocabulary_ does not map terms to the columns 0 to n - 1; fit it again."
    )
