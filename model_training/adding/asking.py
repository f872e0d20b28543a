"""Asks a model that was read, as a person calls it and as a function does."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from model_training.adding.model_files import GivenModel
from model_training.publishing import proof
from model_training.publishing.parity import Answers

if TYPE_CHECKING:
    from pandas import DataFrame


def predicted(model: GivenModel, rows: DataFrame) -> list[Any]:
    """What the estimators themselves say of rows, as a person calls them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        *transformers, last = model.estimators
        asked = as_taken(model, rows)
        for transformer in transformers:
            asked = transformer.transform(asked)
        said: list[Any] = last.predict(asked).tolist()
        return said


def as_taken(model: GivenModel, rows: DataFrame) -> Any:
    """Rows as the model was fitted on them: a data frame, or an array if it knows no names."""
    names = getattr(model.estimators[0], "feature_names_in_", None)
    if names is not None or any(dtype.kind not in "biuf" for dtype in rows.dtypes):
        return rows
    return rows.to_numpy(dtype=float)


def answered(
    model: GivenModel, entries: Mapping[str, Any], inputs: list[Any]
) -> tuple[list[Any], Answers]:
    """The inputs that the library answers, and its answers; what it refuses is left out."""
    from serving.http.problems import Problem
    from threadpoolctl import threadpool_limits

    try:
        # Threads wait for each other on small batches, and for other programs.
        with threadpool_limits(1):
            return inputs, proof.oracle(model.estimators, entries, inputs)
    except Problem:
        if len(inputs) < 2:
            return [], Answers([], [])
    half = len(inputs) // 2
    first, said = answered(model, entries, inputs[:half])
    second, more = answered(model, entries, inputs[half:])
    return first + second, Answers(said.predicted + more.predicted, said.numbers + more.numbers)
