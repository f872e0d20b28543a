"""Compares the portable runtime with scikit-learn, which is the oracle, row by row."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from portable.base import RECORD, SPARSE, TEXT, Features, SparseRow, Transformer
from portable.estimators import fields_of, read_transformer
from portable.model import Model, load
from portable.pickles.unpickler import loads
from sklearn.feature_extraction import DictVectorizer

from model_training.publishing import pickling

TOLERANCE = 1e-9
"""Of a number, relative to the larger of 1 and what is expected; labels are equal."""


def dumped(estimator: Any) -> bytes:
    """The plain pickle of an estimator, as publishing writes it."""
    return pickling.dumps(estimator)


def assert_predicts_alike(estimator: Any, inputs: Any) -> Model:
    """Assert that each input (a text, or a row of an array or a frame) is answered as the fitted
    estimator answers it: predict, and predict_proba or else decision_function."""
    model = load(dumped(estimator))
    answers = [model.predict(one) for one in inputs_one_by_one(inputs)]
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        predicted = estimator.predict(inputs)
        probabilities = _called(estimator, "predict_proba", inputs)
        scores = (
            None if probabilities is not None else _called(estimator, "decision_function", inputs)
        )
    for place, (label, shares, decision) in enumerate(answers):
        expected = predicted[place]
        expected = expected.tolist() if hasattr(expected, "tolist") else expected
        if isinstance(expected, float) or (isinstance(expected, list) and not model.classes_):
            assert_near(label, expected, place)
        else:
            assert label == expected, (place, label, expected)
        for ours, theirs in ((shares, probabilities), (decision, scores)):
            assert (ours is None) == (theirs is None), "a method is missing, or is there in excess"
            if theirs is not None:
                assert_near(ours, _of_row(theirs, place), place)
    return model


def assert_transforms_alike(
    transformer: Any, inputs: Any, *, text: bool = False, sparse: bool = False
) -> Transformer:
    """Assert that a fitted transformer makes of each input what scikit-learn's makes of it.

    `sparse` hands on the rows of a sparse matrix as sparse rows; without it they are dense."""
    names = getattr(transformer, "feature_names_in_", None)
    count = 1 if text else getattr(transformer, "n_features_in_", None)
    form = TEXT if text else SPARSE if sparse else RECORD
    read: Any = loads(dumped(transformer))
    given = inputs
    if isinstance(transformer, DictVectorizer):
        names = fields_of(read)
        count = len(names)
        given = [[record.get(name) for name in names] for record in inputs]
    step = read_transformer(read, Features(form, count, None if names is None else list(names)))
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = transformer.transform(inputs)
    expected = expected.toarray() if hasattr(expected, "toarray") else np.asarray(expected)
    assert step.features.count == expected.shape[1]
    for place, one in enumerate(sparse_rows(given) if sparse else inputs_one_by_one(given)):
        row = step.transform(one)
        assert_near(as_list(row), expected[place].tolist(), place)
    return step


def as_list(row: Any) -> list[Any]:
    """A row that a transformer gives, with its zeros."""
    if not isinstance(row, SparseRow):
        return list(row)
    numbers = [0.0] * row.width
    for column, value in zip(row.columns, row.values, strict=True):
        numbers[column] = value
    return numbers


def assert_near(ours: Any, theirs: Any, place: int) -> None:
    """Assert that numbers, or lists of them, agree within TOLERANCE; what is no number is equal."""
    if isinstance(theirs, Sequence) and not isinstance(theirs, str):
        assert len(ours) == len(theirs), (place, ours, theirs)
        for one, other in zip(ours, theirs, strict=True):
            assert_near(one, other, place)
    elif isinstance(theirs, float) and not isinstance(theirs, bool):
        if math.isnan(theirs):
            assert ours is None or math.isnan(ours), (place, ours, theirs)
        else:
            near = ours == theirs or abs(ours - theirs) <= TOLERANCE * max(1.0, abs(theirs))
            assert near, (place, ours, theirs)
    else:
        assert ours == theirs, (place, ours, theirs)


def _called(estimator: Any, method: str, inputs: Any) -> Any:
    return getattr(estimator, method)(inputs) if hasattr(estimator, method) else None


def _of_row(numbers: Any, place: int) -> Any:
    """The row of an array, or of each array where there is one for each output."""
    if isinstance(numbers, list):
        return [one[place].tolist() for one in numbers]
    return np.atleast_1d(numbers[place]).tolist()


def sparse_rows(inputs: Any) -> list[SparseRow]:
    """The rows of a sparse matrix, as a vectorizer gives them to the next step."""
    rows = inputs.tocsr()
    rows.sort_indices()
    return [
        SparseRow(rows[[at]].indices.tolist(), rows[[at]].data.tolist(), rows.shape[1])
        for at in range(rows.shape[0])
    ]


def inputs_one_by_one(inputs: Any) -> list[Any]:
    """The inputs one by one, as a request brings them: None for what is missing in a frame."""
    if hasattr(inputs, "iloc"):
        return [
            [None if value is None or value != value else _plain(value) for value in row]
            for row in inputs.itertuples(index=False)
        ]
    if hasattr(inputs, "toarray"):
        inputs = inputs.toarray()
    return inputs.tolist() if hasattr(inputs, "tolist") else list(inputs)


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value
