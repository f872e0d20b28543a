"""Selectors by a fitted estimator: RFE, RFECV, SequentialFeatureSelector and SelectFromModel."""

from __future__ import annotations

from portable.base import Features, Predictor, Transformer
from portable.errors import UnsupportedModel
from portable.estimators import PredictorPipeline, read_predictor
from portable.feature_selection import Selector, takes_nan
from portable.pickles.arrays import Array
from portable.pickles.attributes import column_count, read_state
from portable.pickles.unpickler import Estimator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from portable.pickles.attributes import State


def read(estimator: Estimator, features: Features) -> Transformer | Predictor:
    """An RFE or RFECV, which answers by the estimator fitted on what it chose; another selector
    answers nothing."""
    selector = read_transforming(estimator, features)
    if type(estimator).__name__ not in ("RFE", "RFECV"):
        return selector
    fitted = read_state(estimator, ("estimator_",))["estimator_"]
    return PredictorPipeline([selector], read_predictor(fitted, selector.features))


def read_transforming(estimator: Estimator, features: Features) -> Selector:
    """Any of them as a step that others follow."""
    name = type(estimator).__name__
    state = read_state(estimator, ())
    if name == "SelectFromModel":
        from portable.feature_selection.importances import chosen_by_importance

        module, chosen = chosen_by_importance(state)
    else:
        count = column_count(name, read_state(estimator, ("n_features_in_",)), features)
        module = getattr(state.get("estimator"), "module", "")
        chosen = _support(name, state, count)
    return Selector(name, chosen, features, nan=takes_nan(module))


def _support(name: str, state: State, count: int) -> list[bool]:
    support = state.get("support_")
    if type(support) is Array and support.shape == (count,) and support.dtype.code == "b1":
        return list(map(bool, support.integers()))
    raise UnsupportedModel(f"The {name} lacks its support_ of {count} columns; fit it again.")
