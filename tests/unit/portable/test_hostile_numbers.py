"""Numbers in a state that would make its readers slow or large: refused, and at once."""

from time import thread_time
from typing import Any

import numpy as np
import pytest
from portable.errors import UnsupportedModel
from portable.model import load
from portable.pickles.attributes import MAX_FEATURES
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tests.unit.portable.costly_attacks import MODULUS
from tests.unit.portable.small_models import dumps, fitted_pair
from tests.unit.portable.tabular_models import TREES, fitted, two_classes

# What is timed here runs without the tracer of coverage, which would be timed too.
pytestmark = pytest.mark.no_cover


def seconds_to_refuse(load: Any, *files: bytes) -> float:
    """Of CPU, the best of three."""
    best = float("inf")
    for _ in range(3):
        start = thread_time()
        with pytest.raises(UnsupportedModel):
            load(*files)
        best = min(best, thread_time() - start)
    return best


def labelled(count: int) -> bytes:
    """A classifier whose labels are numbers of one hash."""
    _, classifier = fitted_pair()
    classifier.classes_ = np.array([at * MODULUS for at in range(count)], dtype=object)
    return dumps(classifier)


def test_labels_of_one_hash() -> None:
    vectorizer = dumps(fitted_pair()[0])
    few, many = (seconds_to_refuse(load, vectorizer, labelled(count)) for count in (4_000, 16_000))
    assert many < 9 * few


@pytest.mark.parametrize("features", [MAX_FEATURES + 1, 10**8, 10**15])
def test_more_features_than_there_are_names_for(features: int) -> None:
    rows, labels = two_classes()
    tree = fitted(TREES["tree"], (rows, labels))
    scaler = StandardScaler(with_mean=False, with_std=False).fit(rows)
    scaler.n_features_in_ = features
    with pytest.raises(UnsupportedModel, match="more than 100,000"):
        load(dumps(make_pipeline(scaler, tree)))
    tree.n_features_in_ = features
    with pytest.raises(UnsupportedModel, match="more than 100,000"):
        load(dumps(tree))
