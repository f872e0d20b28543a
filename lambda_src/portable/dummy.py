"""DummyClassifier and DummyRegressor, from whose answers gradient boosting starts."""

from math import log

from portable.arithmetic.links import clipped, logit
from portable.errors import UnsupportedModel
from portable.pickles.arrays import Array
from portable.pickles.attributes import number, read_state, vector

TYPE_CHECKING = False
if TYPE_CHECKING:
    from portable.base import Features, Predictor
    from portable.pickles.unpickler import Estimator


def read(estimator: "Estimator", features: "Features") -> "Predictor":  # noqa: ARG001
    """A dummy of its own is not served yet."""
    raise UnsupportedModel(f"A {type(estimator).__name__} is no model of its own.")


def starting_scores(estimator: object, size: int, factor: float) -> list[float]:
    """The raw scores of `size` classes a boosting starts from; `factor` is its link's."""
    if type(estimator).__name__ != "DummyClassifier":
        raise UnsupportedModel(
            "The gradient boosting starts from an estimator of its own (init); leave init out."
        )
    state = read_state(estimator, ("class_prior_", "strategy"))  # type: ignore[arg-type]
    if state["strategy"] != "prior":
        raise UnsupportedModel("The gradient boosting does not start from the classes' shares.")
    shares = [clipped(share) for share in vector("DummyClassifier", state, "class_prior_", size)]
    if size == 2:
        return [logit(shares[1]) / factor]
    # The geometric mean of the shares is the reference.
    mean = sum(map(log, shares)) / size
    return [log(share) - mean for share in shares]


def starting_value(estimator: object) -> float:
    """The number that a boosting of a regression starts from."""
    if type(estimator).__name__ != "DummyRegressor":
        raise UnsupportedModel(
            "The gradient boosting starts from an estimator of its own (init); leave init out."
        )
    value = read_state(estimator, ("constant_",))["constant_"]  # type: ignore[arg-type]
    if type(value) is not Array or value.shape != (1, 1):
        raise UnsupportedModel("The gradient boosting does not start from one number.")
    return number("DummyRegressor", {"constant_": value.numbers()[0]}, "constant_")
