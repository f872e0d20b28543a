"""Histogram gradient boosting: a baseline plus each tree's answer, in double precision."""

from __future__ import annotations

from array import array
from functools import reduce
from math import exp, inf, isfinite
from operator import add
from struct import iter_unpack

from portable.arithmetic.links import expit, softmax
from portable.base import Predictor, UnusableRow, dense
from portable.errors import UnsupportedModel
from portable.nodes import LEAF, Categories, Nodes
from portable.pickles import records
from portable.pickles.arrays import Array
from portable.pickles.attributes import State, column_count, read_labels, read_state
from portable.pickles.unpickler import Estimator
from portable.quick_scorer import scorer
from portable.tree import MAX_NODES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from portable.attribution import Attribution
    from portable.base import Features, Row
    from portable.path_attribution import Paths

    Codes = dict[object, float]

_REQUIRED = ("_baseline_prediction", "_loss", "_predictors", "_preprocessor", "n_features_in_")
_BITS = 256
"""Categories of a feature; its bitsets are eight integers of 32 bits."""
_NAN = float("nan")


def read(estimator: Estimator, features: Features) -> Predictor:
    """A HistGradientBoostingClassifier or HistGradientBoostingRegressor."""
    if type(estimator).__name__ == "HistGradientBoostingRegressor":
        return HistBoostingRegressor(estimator, features)
    return HistBoostingClassifier(estimator, features)


class HistBoosting:
    """The raw scores, one per class or a single one, added up in scikit-learn's order.

    `baseline` is what they start from; the `trees`, for rows of `count` values, add to each score
    in turn.
    """

    __slots__ = ("_codes", "_order", "_paths", "_trees", "baseline", "count", "name", "trees")

    def __init__(self, name: str, state: State, features: Features, scores: int) -> None:
        self.name = name
        self.count = column_count(name, state, features)
        baseline = state["_baseline_prediction"]
        if (
            type(baseline) is not Array
            or baseline.shape != (1, scores)
            or baseline.dtype.code != "f8"
        ):
            raise UnsupportedModel(f"The {name}'s baseline is not {scores} numbers.")
        self.baseline = baseline.numbers().tolist()
        self._read_categories(name, state)
        stages = state["_predictors"]
        if type(stages) is not list or not stages:
            raise UnsupportedModel(f"The {name} has no trees; fit it again.")
        if any(type(stage) is not list or len(stage) != scores for stage in stages):
            raise UnsupportedModel(f"A stage of the {name} does not have {scores} trees.")
        self.trees: list[records.TreePredictor] = [tree for stage in stages for tree in stage]
        nodes: list[Nodes] = []
        total = 0
        for tree in self.trees:
            nodes.append(nodes_of(name, tree, self.count))
            total += len(nodes[-1].left)
            if total > MAX_NODES:
                raise UnsupportedModel(f"The {name}'s trees have over {MAX_NODES:,} nodes.")
        self._trees = scorer(nodes)
        self._paths: Paths | None = None

    def _read_categories(self, name: str, state: State) -> None:
        """Which columns hold categories: those come first in the trees' eyes, as codes."""
        self._codes: dict[int, Codes] = {}
        self._order = list(range(self.count))
        encoder = state["_preprocessor"]
        if encoder is None:
            return
        mask = state.get("is_categorical_")
        transformers = getattr(encoder, "state", {}).get("transformers_")
        if type(mask) is not Array or mask.dtype.code != "b1" or mask.shape != (self.count,):
            raise UnsupportedModel(f"The {name} does not say which columns hold categories.")
        columns = [column for column, chosen in enumerate(mask.raw) if chosen]
        ordinal = transformers[0][1] if type(transformers) is list and transformers else None
        if not isinstance(ordinal, Estimator) or type(ordinal).__name__ != "OrdinalEncoder":
            raise UnsupportedModel(f"The {name}'s categories are not encoded by an OrdinalEncoder.")
        categories = read_state(ordinal, ("categories_",))["categories_"]
        if type(categories) is not list or len(categories) != len(columns):
            raise UnsupportedModel(f"The {name} does not have the categories of each column.")
        for column, one in zip(columns, categories, strict=True):
            self._codes[column] = _codes_of(name, one)
        self._order = columns + [at for at in self._order if at not in self._codes]

    def scores(self, row: Row) -> list[float]:
        """The raw score of each class; raises UnusableRow."""
        return self._scores(self._values(row))

    def _scores(self, row: Sequence[float]) -> list[float]:
        values = self._trees.values(row)
        scores = len(self.baseline)
        return [reduce(add, values[at::scores], first) for at, first in enumerate(self.baseline)]

    def explain(self, row: Row, *, classifies: bool) -> Attribution | None:
        """The raw scores in parts by column of the row; raises UnusableRow."""
        values = self._values(row)
        if self._paths is None:
            # No start waits for it, and until then the pickled nodes are all that is kept for it.
            from portable.ensemble.hist_gradient_boosting_paths import read_paths

            self._paths = read_paths(self, nodes_of, classifies=classifies)
        attribution = self._paths.attribution(values, self._scores(values))
        return attribution and attribution.of_columns(self._order)

    def _values(self, row: Row) -> array[float] | list[float]:
        if not self._codes:
            return dense(row, self.count)
        if type(row) is not list:
            row = dense(row, self.count).tolist()
        if len(row) != self.count:
            raise UnusableRow(f"The row has {len(row)} values where the model takes {self.count}.")
        codes = self._codes
        numbers = [0.0 if at in codes else value for at, value in enumerate(row)]
        values = dense(numbers, self.count).tolist()
        for column, by_category in codes.items():
            values[column] = by_category.get(row[column], _NAN)
        return [values[column] for column in self._order]


def _codes_of(name: str, categories: object) -> Codes:
    """The code of each category; whatever is not among them counts as missing."""
    if type(categories) is not Array or len(categories.shape) != 1:
        raise UnsupportedModel(f"The {name}'s categories are not arrays.")
    if categories.dtype.code[0] == "f":
        found: list[object] = list(categories.numbers())
    elif type(categories.raw) is list:
        found = categories.raw
    else:
        found = list(categories.labels())
    if len(found) > _BITS or any(type(one) not in (str, int, float, bool) for one in found[:-1]):
        raise UnsupportedModel(f"The {name}'s categories are no texts or numbers.")
    return {one: float(code) for code, one in enumerate(found) if one is not None and one == one}


def nodes_of(name: str, tree: object, features: int) -> Nodes:
    """One tree by columns, each bitset read as the codes in it."""
    if (
        type(tree) is not records.TreePredictor
        or tree.nodes.dtype.code != f"V{records.PREDICTOR_BYTES}"
        or type(tree.nodes.raw) is not bytes
        or tree.bitsets.dtype.code != "u4"
        or tree.bitsets.shape[1:] != (8,)
        or type(tree.bitsets.raw) is not bytes
    ):
        raise UnsupportedModel(f"A tree of the {name} is not one of scikit-learn 1.6 to 1.x.")
    bitsets = [
        int.from_bytes(tree.bitsets.raw[at : at + _BITS // 8], "little")
        for at in range(0, len(tree.bitsets.raw), _BITS // 8)
    ]
    columns = list(zip(*iter_unpack(records.PREDICTOR_FORMAT, tree.nodes.raw), strict=True))
    if not columns:
        raise UnsupportedModel(f"A tree of the {name} has no nodes; fit it again.")
    value, feature, threshold, missing, left, right, leaf, categorical, bitset = map(list, columns)
    if not all(map(isfinite, value)):
        raise UnsupportedModel(f"A leaf of the {name} is no finite number; fit it again.")
    for at, is_leaf in enumerate(leaf):
        if is_leaf:
            left[at] = right[at] = LEAF
        elif categorical[at]:
            if bitset[at] >= len(bitsets):
                raise UnsupportedModel(f"A split of the {name} lacks its categories.")
            bits = bitsets[bitset[at]]
            codes = frozenset(float(code) for code in range(_BITS) if bits >> code & 1)
            threshold[at] = Categories(codes, left=True)
        elif not -inf <= threshold[at] <= inf:
            raise UnsupportedModel(f"A threshold of the {name} is no number; fit it again.")
    return Nodes(feature, threshold, left, right, missing, value, features)


class HistBoostingClassifier(Predictor):
    """HistGradientBoostingClassifier: log_loss of two and more classes."""

    __slots__ = ("_boosting",)
    proba = True
    decision = True

    def __init__(self, estimator: Estimator, features: Features) -> None:
        name = type(estimator).__name__
        state = read_state(estimator, (*_REQUIRED, "classes_"))
        self.classes_ = read_labels(name, state)
        size = len(self.classes_)
        scores = 1 if size == 2 else size
        loss = records.HalfBinomialLoss if size == 2 else records.HalfMultinomialLoss
        if size < 2 or type(state["_loss"]) is not loss:
            raise UnsupportedModel(f"The {name}'s loss is not the log_loss of its {size} classes.")
        self._boosting = HistBoosting(name, state, features, scores)

    def predict(self, row: Row) -> int:
        """The place of the label."""
        return self.answer(row)[0]

    def predict_proba(self, row: Row) -> list[float]:
        """The probability of each class."""
        return self.answer(row)[1]

    def decision_function(self, row: Row) -> list[float]:
        """The raw score of the second of two classes, or of each."""
        return self._boosting.scores(row)

    def answer(self, row: Row) -> tuple[int, list[float], None]:
        """The place of the label and the probabilities; raises UnusableRow."""
        scores = self._boosting.scores(row)
        if len(scores) > 1:
            return scores.index(max(scores)), softmax(scores), None
        probability = expit(scores[0])
        return int(scores[0] > 0.0), [1.0 - probability, probability], None

    def explain(self, row: Row) -> Attribution | None:
        """The log-odds in parts."""
        return self._boosting.explain(row, classifies=True)


class HistBoostingRegressor(Predictor):
    """HistGradientBoostingRegressor with any of its losses."""

    __slots__ = ("_boosting", "_exponential")

    def __init__(self, estimator: Estimator, features: Features) -> None:
        name = type(estimator).__name__
        state = read_state(estimator, _REQUIRED)
        loss = state["_loss"]
        if type(loss) not in (records.RegressionLoss, records.ExponentialMeanLoss):
            raise UnsupportedModel(f"The {name}'s loss is not one of a regression.")
        self.classes_ = ()
        self._exponential = type(loss) is records.ExponentialMeanLoss
        self._boosting = HistBoosting(name, state, features, 1)

    def predict(self, row: Row) -> float:
        """The value; raises UnusableRow."""
        score = self._boosting.scores(row)[0]
        if not self._exponential:
            return score
        try:
            return exp(score)
        except OverflowError:
            return inf

    def explain(self, row: Row) -> Attribution | None:
        """The value in parts; None where they add up to its logarithm."""
        return None if self._exponential else self._boosting.explain(row, classifies=False)
