"""Scalers, Normalizer and Binarizer, against scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from portable.base import SPARSE, Features, SparseRow, UnusableRow
from portable.errors import UnsupportedModel
from portable.estimators import read_transformer
from portable.pickles.unpickler import loads
from sklearn.preprocessing import (
    Binarizer,
    MaxAbsScaler,
    MinMaxScaler,
    Normalizer,
    RobustScaler,
    StandardScaler,
)

from tests.unit.portable.parity import assert_transforms_alike, dumped
from tests.unit.portable.preprocessing.rows import asked, holed, signed, thin

SCALERS = [
    StandardScaler(),
    StandardScaler(with_mean=False),
    StandardScaler(with_std=False),
    StandardScaler(with_mean=False, with_std=False),
    RobustScaler(),
    RobustScaler(with_centering=False, unit_variance=True),
    RobustScaler(with_scaling=False),
    MinMaxScaler(),
    MinMaxScaler((-2, 3), clip=True),
    MaxAbsScaler(),
    MaxAbsScaler(clip=True),
]
OF_SPARSE = [
    StandardScaler(with_mean=False),
    RobustScaler(with_centering=False),
    MaxAbsScaler(),
    MaxAbsScaler(clip=True),
    *map(Normalizer, ("l1", "l2", "max")),
    Binarizer(),
    Binarizer(threshold=1.5),
]


@pytest.mark.parametrize("scaler", SCALERS, ids=repr)
def test_numbers_and_nan_are_scaled(scaler: Any) -> None:
    rows = signed()
    assert_transforms_alike(scaler.fit(rows), asked(rows))
    assert_transforms_alike(scaler.fit(holed(rows)), holed(rows))
    step = assert_transforms_alike(scaler.fit(rows.astype(np.float32)), rows)
    with pytest.raises(UnusableRow, match="infinite"):
        step.transform([1.0, float("inf"), 2.0, 3.0])


@pytest.mark.parametrize("scaler", OF_SPARSE, ids=repr)
def test_sparse_rows_stay_sparse(scaler: Any) -> None:
    step = assert_transforms_alike(scaler.fit(thin()), thin(), sparse=True)
    assert step.features.form == SPARSE
    assert_transforms_alike(scaler, thin().toarray())


@pytest.mark.parametrize("scaler", [*map(Normalizer, ("l1", "l2", "max")), Binarizer()], ids=repr)
def test_rows_by_themselves(scaler: Any) -> None:
    rows = signed()
    tiny = np.vstack([np.full(4, 1e-16), np.full(4, -3e-15), [0, 0, 0, -2]])
    step = assert_transforms_alike(scaler.fit(rows), np.vstack([asked(rows)[:-1], tiny]))
    with pytest.raises(UnusableRow, match="NaN"):
        step.transform([1.0, None, 2.0, 3.0])


def test_binarizer_compares_strictly() -> None:
    rows = np.array([[0.3], [np.nextafter(0.3, 1)], [0.1 + 0.2], [np.nextafter(0.3, 0)]])
    assert_transforms_alike(Binarizer(threshold=0.3).fit(rows), rows)


def test_single_precision_is_refused() -> None:
    pickled = loads(dumped(MaxAbsScaler().fit(thin())))
    with pytest.raises(UnsupportedModel, match="single precision"):
        read_transformer(pickled, Features(SPARSE, 5, single=True))


def test_sparse_row_of_another_width_is_refused() -> None:
    step = read_transformer(loads(dumped(MaxAbsScaler().fit(thin()))), Features(SPARSE, 5))
    with pytest.raises(UnusableRow, match="5"):
        step.transform(SparseRow([8], [1.0], 9))
