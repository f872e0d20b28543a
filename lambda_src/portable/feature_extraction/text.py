"""CountVectorizer and TfidfVectorizer: from a text to the non-zero features of its row."""

from math import log, sqrt

from portable.errors import UnsupportedModel
from portable.feature_extraction.analyzers import build_analyzer
from portable.pickles.attributes import choice, read_state, vector
from portable.pickles.unpickler import CountVectorizer, TfidfTransformer, TfidfVectorizer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterable

_COUNT_REQUIRED = frozenset(
    [
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
    ]
)
_COUNT_KNOWN = frozenset(
    [
        "encoding",
        "decode_error",
        "max_df",
        "min_df",
        "max_features",
        "vocabulary",
        "fixed_vocabulary_",
        "_stop_words_id",
        "stop_words_",
    ]
)
_WEIGHTS = frozenset(("norm", "use_idf", "smooth_idf", "sublinear_tf"))
_DTYPES = ("float64", "float32", "int64", "int32")


class Vectorizer:
    """A fitted vectorizer, compiled for one text at a time.

    `vocabulary` maps a term to its column; `features` gives a text's row in column order, by the
    same floating-point operations in the same order as scikit-learn's.
    """

    __slots__ = ("analyze", "binary", "idf", "narrow", "norm", "sublinear", "vocabulary")

    def __init__(self, estimator: object, transformer: object = None) -> None:
        """`transformer` is the TfidfTransformer that follows a CountVectorizer, if any."""
        if type(estimator) is not TfidfVectorizer and type(estimator) is not CountVectorizer:
            raise UnsupportedModel(
                f"A {type(estimator).__name__} stands where a CountVectorizer or TfidfVectorizer "
                "is expected; give the vectorizer's own file."
            )
        name = type(estimator).__name__
        is_tfidf = type(estimator) is TfidfVectorizer
        required, known = _COUNT_REQUIRED, _COUNT_KNOWN
        if is_tfidf:
            required, known = required | {"_tfidf"}, known | _WEIGHTS
        state = read_state(estimator, required, known)
        self.vocabulary = _vocabulary(name, state["vocabulary_"])
        self.analyze = build_analyzer(name, state, self.vocabulary)
        self.binary = choice(name, state, "binary", (False, True))
        self.narrow = choice(name, state, "dtype", _DTYPES) == "float32"
        self.idf: array[float] | None = None
        self.sublinear = False
        self.norm: object = None
        if is_tfidf:
            self._weigh_by(state["_tfidf"])
        elif transformer is not None:
            self._weigh_by(transformer)

    def _weigh_by(self, transformer: object) -> None:
        if type(transformer) is not TfidfTransformer:
            raise UnsupportedModel("The vectorizer's weights are not a TfidfTransformer's.")
        name = "TfidfTransformer"
        state = read_state(transformer, _WEIGHTS, frozenset(("idf_", "n_features_in_")))
        self.norm = choice(name, state, "norm", ("l2", "l1", None))
        self.sublinear = choice(name, state, "sublinear_tf", (False, True)) is True
        # scikit-learn asks for idf_ itself, not for the option.
        if "idf_" in state:
            self.idf = vector(name, state, "idf_", len(self.vocabulary))
        elif choice(name, state, "use_idf", (True, False)):
            raise UnsupportedModel(f"The {name} lacks 'idf_'; pickle it after fitting it.")

    def counts(self, terms: "Iterable[str]") -> dict[int, int]:
        """How often each known one of a text's terms occurs, by column."""
        column_of = self.vocabulary.get
        columns = [column for column in map(column_of, terms) if column is not None]
        counts = dict.fromkeys(columns, 1)
        if len(counts) != len(columns) and not self.binary:
            counts = dict.fromkeys(columns, 0)
            for column in columns:
                counts[column] += 1
        return counts

    def features(self, text: str) -> tuple[list[int], list[float]]:
        """The columns of a text's non-zero features, ascending, and their values."""
        return self.weigh(self.counts(self.analyze(text)))

    def weigh(self, counts: dict[int, int]) -> tuple[list[int], list[float]]:
        """As `features`, of counted terms."""
        columns = sorted(counts)
        if self.narrow:
            from portable.arithmetic.float32 import weigh

            return columns, weigh(self, [counts[column] for column in columns], columns)
        if self.sublinear:
            values = [
                1.0 if (count := counts[column]) == 1 else log(count) + 1.0 for column in columns
            ]
        else:
            values = [float(counts[column]) for column in columns]
        idf = self.idf
        if idf is not None:
            values = [value * idf[column] for value, column in zip(values, columns, strict=True)]
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
        return columns, values


def _vocabulary(name: str, vocabulary: object) -> dict[str, int]:
    """`vocabulary`, if it maps strings one to one on the columns 0 to len - 1."""
    if type(vocabulary) is dict and vocabulary:
        columns = list(vocabulary.values())
        size = len(columns)
        if (
            list(map(type, vocabulary)).count(str) == size
            and list(map(type, columns)).count(int) == size
            and sorted(columns) == list(range(size))
        ):
            return vocabulary
    raise UnsupportedModel(
        f"The {name}'s vocabulary_ does not map terms to the columns 0 to n - 1; fit it again."
    )
