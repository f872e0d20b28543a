"""Which globals a tabular model's pickle may name, beyond a text model's: all of them inert."""

from portable.pickles import records
from portable.pickles.unpickler import Estimator, Pipeline, loads

__all__ = ["Estimator", "Pipeline", "read"]


class DecisionTreeClassifier(Estimator):
    __slots__ = ()


class DecisionTreeRegressor(Estimator):
    __slots__ = ()


class ExtraTreeClassifier(Estimator):
    __slots__ = ()


class ExtraTreeRegressor(Estimator):
    __slots__ = ()


class RandomForestClassifier(Estimator):
    __slots__ = ()


class RandomForestRegressor(Estimator):
    __slots__ = ()


class ExtraTreesClassifier(Estimator):
    __slots__ = ()


class ExtraTreesRegressor(Estimator):
    __slots__ = ()


class GradientBoostingClassifier(Estimator):
    __slots__ = ()


class GradientBoostingRegressor(Estimator):
    __slots__ = ()


class DummyClassifier(Estimator):
    __slots__ = ()


class DummyRegressor(Estimator):
    __slots__ = ()


class LogisticRegression(Estimator):
    __slots__ = ()


class SGDClassifier(Estimator):
    __slots__ = ()


class LinearRegression(Estimator):
    __slots__ = ()


class Ridge(Estimator):
    __slots__ = ()


class StandardScaler(Estimator):
    __slots__ = ()


class MinMaxScaler(Estimator):
    __slots__ = ()


class RobustScaler(Estimator):
    __slots__ = ()


class MaxAbsScaler(Estimator):
    __slots__ = ()


_ESTIMATORS: dict[str, tuple[type[Estimator], ...]] = {
    "sklearn.tree._classes": (
        DecisionTreeClassifier,
        DecisionTreeRegressor,
        ExtraTreeClassifier,
        ExtraTreeRegressor,
    ),
    "sklearn.ensemble._forest": (
        RandomForestClassifier,
        RandomForestRegressor,
        ExtraTreesClassifier,
        ExtraTreesRegressor,
    ),
    "sklearn.ensemble._gb": (GradientBoostingClassifier, GradientBoostingRegressor),
    "sklearn.dummy": (DummyClassifier, DummyRegressor),
    "sklearn.linear_model._logistic": (LogisticRegression,),
    "sklearn.linear_model._stochastic_gradient": (SGDClassifier,),
    "sklearn.linear_model._base": (LinearRegression,),
    "sklearn.linear_model._ridge": (Ridge,),
    "sklearn.preprocessing._data": (StandardScaler, MinMaxScaler, RobustScaler, MaxAbsScaler),
}
_LOSS = "sklearn._loss.loss"
# The module called itself _loss until scikit-learn 1.9.
_COMPILED = ("sklearn._loss._loss", "_loss")
_HALVES = (
    "CyHalfBinomialLoss",
    "CyHalfMultinomialLoss",
    "__pyx_unpickle_CyHalfMultinomialLoss",
    "CyExponentialLoss",
    "CyHalfSquaredError",
    "CyAbsoluteError",
    "CyHuberLoss",
    "CyPinballLoss",
)
_LINK = "sklearn._loss.link"
_RANDOM = "numpy.random._pickle"
_GLOBALS: dict[tuple[str, str], object] = {
    (module, kind.__name__): kind for module, kinds in _ESTIMATORS.items() for kind in kinds
}
_GLOBALS |= {(module, half): records.Ignored for module in _COMPILED for half in _HALVES}
_GLOBALS |= {
    ("numpy", "dtype"): records.RecordDType,
    ("sklearn.tree._tree", "Tree"): records.Tree,
    (_LOSS, "HalfBinomialLoss"): records.HalfBinomialLoss,
    (_LOSS, "HalfMultinomialLoss"): records.HalfMultinomialLoss,
    (_LOSS, "ExponentialLoss"): records.ExponentialLoss,
    (_LOSS, "HalfSquaredError"): records.RegressionLoss,
    (_LOSS, "AbsoluteError"): records.RegressionLoss,
    (_LOSS, "HuberLoss"): records.RegressionLoss,
    (_LOSS, "PinballLoss"): records.RegressionLoss,
    # The source of random numbers that a plain pickle of a boosting or a tree may carry.
    (_RANDOM, "__randomstate_ctor"): records.Ignored,
    (_RANDOM, "__bit_generator_ctor"): records.Ignored,
    ("numpy.random._mt19937", "MT19937"): records.Ignored,
    (_LINK, "Interval"): records.Ignored,
    (_LINK, "IdentityLink"): records.Link,
    (_LINK, "LogitLink"): records.LogitLink,
    (_LINK, "HalfLogitLink"): records.HalfLogitLink,
    (_LINK, "MultinomialLogit"): records.MultinomialLogit,
}


def read(data: bytes, *, scanned: bool = False) -> object:
    """The estimator of a protocol 4 pickle; `scanned` and refusals as for `unpickler.loads`."""
    return loads(data, _GLOBALS, scanned=scanned)
