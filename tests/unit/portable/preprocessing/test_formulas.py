"""Polynomials, splines, powers, quantiles, named functions and kernels, against scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from portable.base import SPARSE, Features, SparseRow, UnusableRow
from portable.errors import UnsupportedModel
from portable.estimators import read_transformer
from portable.pickles.unpickler import loads
from portable.preprocessing.functions import _OF_ZERO, FUNCTIONS
from sklearn.preprocessing import (
    FunctionTransformer,
    KernelCenterer,
    PolynomialFeatures,
    PowerTransformer,
    QuantileTransformer,
    SplineTransformer,
)

from tests.unit.portable.parity import assert_transforms_alike, dumped
from tests.unit.portable.preprocessing.rows import asked, holed, people, positive, signed, thin


@pytest.mark.parametrize("degree", [0, 1, 2, 3, 4, (0, 2), (2, 3), (3, 3), (0, 0)], ids=repr)
@pytest.mark.parametrize("interaction_only", [False, True])
@pytest.mark.parametrize("include_bias", [False, True])
def test_polynomials(degree: Any, interaction_only: bool, include_bias: bool) -> None:
    if degree in (0, (0, 0)) and not include_bias:
        return
    polynomial = PolynomialFeatures(
        degree, interaction_only=interaction_only, include_bias=include_bias
    )
    assert_transforms_alike(polynomial.fit(signed()), signed())
    assert_transforms_alike(polynomial.fit(signed(columns=3)[:, :1]), signed()[:, :1])
    if degree not in (0, (0, 0)):
        assert_transforms_alike(polynomial.fit(thin()), thin(), sparse=True)


def test_too_many_products_are_refused() -> None:
    wide = np.ones((2, 600))
    with pytest.raises(UnsupportedModel, match="100,000 columns"):
        assert_transforms_alike(PolynomialFeatures(2).fit(wide), wide)
    pickled = loads(dumped(PolynomialFeatures(2).fit(np.ones((2, 3000)))))
    step = read_transformer(pickled, Features(SPARSE, 3000))
    with pytest.raises(UnusableRow, match="products"):
        step.transform(SparseRow(list(range(3000)), [1.0] * 3000, 3000))


@pytest.mark.parametrize("extrapolation", ["error", "constant", "linear", "continue", "periodic"])
@pytest.mark.parametrize("degree", [0, 1, 2, 3, 5])
def test_splines(extrapolation: str, degree: int) -> None:
    rows = signed()
    rows[:, 2] = np.arange(60) // 7
    for options in (
        {},
        {"knots": "quantile", "include_bias": False},
        {"n_knots": 9, "sparse_output": True},
    ):
        if (extrapolation, degree) == ("periodic", 0) and "sparse_output" in options:
            continue  # scikit-learn fails
        splines = SplineTransformer(
            **{"n_knots": 7, **options}, degree=degree, extrapolation=extrapolation
        ).fit(rows)
        knots = np.array([one.t[degree : len(one.t) - degree] for one in splines.bsplines_]).T
        inside = np.vstack([rows, np.clip(asked(knots)[:-2], rows.min(0), rows.max(0))])
        if extrapolation == "error":
            step = assert_transforms_alike(splines, inside)
            with pytest.raises(UnusableRow, match="beyond the knots"):
                step.transform([100.0] * 4)
        elif (extrapolation, degree) == ("constant", 0):
            with pytest.raises(UnsupportedModel, match="degree 0"):
                assert_transforms_alike(splines, inside)
        else:
            assert_transforms_alike(splines, np.vstack([inside, asked(rows)[:-1]]))


def test_splines_of_missing_values() -> None:
    splines = SplineTransformer(handle_missing="zeros").fit(holed(positive()))
    assert_transforms_alike(splines, holed(positive()) * 1.5)
    step = assert_transforms_alike(SplineTransformer().fit(positive()), positive())
    with pytest.raises(UnusableRow, match="NaN"):
        step.transform([None] * 4)


@pytest.mark.parametrize("standardize", [True, False])
def test_powers(standardize: bool) -> None:
    yeo_johnson = PowerTransformer(standardize=standardize)
    rows = signed()
    rows[:, 2] = np.exp(rows[:, 0] / 3)
    assert_transforms_alike(yeo_johnson.fit(rows), asked(rows)[:-1])
    assert_transforms_alike(yeo_johnson.fit(holed(rows)), holed(rows))
    box_cox = PowerTransformer("box-cox", standardize=standardize).fit(holed(positive()))
    step = assert_transforms_alike(box_cox, np.vstack([holed(positive()), positive() * 9]))
    with pytest.raises(UnusableRow, match="above 0"):
        step.transform([1.0, 0.0, 1.0, 1.0])


def test_powers_of_special_exponents() -> None:
    for method, exponents in (
        ("yeo-johnson", [0.0, 2.0, 1.0, -1.5]),
        ("box-cox", [0.0, 1e-20, 400.0, -0.5]),
    ):
        power = PowerTransformer(method, standardize=False).fit(positive())
        power.lambdas_ = np.array(exponents)
        rows = positive() * 3 if method == "box-cox" else np.vstack([signed(), positive()])
        assert_transforms_alike(power, rows[(rows[:, 2] < 5.5)])


@pytest.mark.parametrize("output", ["uniform", "normal"])
def test_quantiles(output: str) -> None:
    rows = signed()
    for size in (2, 10, 60):
        quantiles = QuantileTransformer(n_quantiles=size, output_distribution=output).fit(rows)
        assert_transforms_alike(quantiles, np.vstack([asked(rows), asked(quantiles.quantiles_)]))
        for distance in (-1e-7, 9e-8, 1e-7):
            assert_transforms_alike(quantiles, quantiles.quantiles_ + distance)
    assert_transforms_alike(quantiles.fit(holed(rows)), holed(rows))
    for ignore in (False, True):
        of_sparse = QuantileTransformer(
            n_quantiles=9, output_distribution=output, ignore_implicit_zeros=ignore
        ).fit(thin())
        step = assert_transforms_alike(of_sparse, thin(), sparse=True)
    assert step.features.form == SPARSE


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_named_functions(name: str) -> None:
    rows = np.vstack([asked(signed())[:-1], positive(), [[0.0, 1.0, -1.0, 0.5]]])
    if name in ("sin", "cos", "tan"):
        rows = rows[(abs(rows) < 1e5).all(axis=1)]
    with np.errstate(all="ignore"):
        assert_transforms_alike(FunctionTransformer(getattr(np, name)).fit(rows), rows)
    if name in _OF_ZERO:
        assert_transforms_alike(
            FunctionTransformer(getattr(np, name)).fit(thin()), thin(), sparse=True
        )
    else:
        pickled = loads(dumped(FunctionTransformer(getattr(np, name))))
        with pytest.raises(UnsupportedModel, match="sparse"):
            read_transformer(pickled, Features(SPARSE, 5))


def test_no_function_passes_the_row_on() -> None:
    step = assert_transforms_alike(FunctionTransformer().fit(signed()), holed(signed()))
    assert step.transform(row := [1.0, 2.0, None, 3.0]) is row
    words = people()[["city", "kind"]].dropna()
    assert_transforms_alike(FunctionTransformer().fit(words), words)
    step = assert_transforms_alike(FunctionTransformer(validate=True).fit(signed()), signed())
    with pytest.raises(UnusableRow, match="NaN"):
        step.transform([1.0, 2.0, None, 3.0])
    with pytest.raises(UnsupportedModel, match="arguments"):
        assert_transforms_alike(
            FunctionTransformer(np.nan_to_num, kw_args={"nan": 1.0}).fit(signed()), signed()
        )


def test_kernels_are_centred() -> None:
    rows = signed()
    step = assert_transforms_alike(KernelCenterer().fit(rows @ rows.T), signed(9, seed=5) @ rows.T)
    assert step.origins is None
