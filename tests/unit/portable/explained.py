"""The comparison of explanations of boosted trees with what a library, or its own nodes, say."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum
from typing import Any

import pytest
from portable.model import load

TOLERANCE = 1e-9


def assert_explained(
    file: bytes,
    asked: Sequence[Any],
    unit: str,
    contributions: Any,
    raw: Any,
    *,
    rounding: float = TOLERANCE,
) -> None:
    """Parts and base are the library's, and add up to its raw scores.

    `contributions` has for each row and score what each column adds, and last the base, as near as
    `rounding`; `raw` each row's scores. Of several, the highest is told against the next.
    """
    model = load(file)
    raw = raw.reshape(len(asked), -1).astype(float)
    contributions = contributions.reshape(*raw.shape, -1).astype(float)
    assert len(asked)
    for row, scores, by_score in zip(asked, raw, contributions, strict=True):
        explanation: Any = model.explain(row)
        score, expected = scores[0], by_score[0]
        if len(scores) > 1:
            against, label = scores.argsort()[-2:].tolist()
            assert explanation.label == model.classes_[label]
            assert explanation.against == model.classes_[against]
            score, expected = scores[label] - scores[against], by_score[label] - by_score[against]
        parts = {name: part for name, _, part in explanation.contributions}
        assert explanation.unit == unit
        assert explanation.score == pytest.approx(score, abs=TOLERANCE)
        assert explanation.base + fsum(parts.values()) == pytest.approx(score, abs=TOLERANCE)
        ours = [*(parts[name] for name in model.feature_names), explanation.base]
        assert ours == pytest.approx(expected.tolist(), abs=rounding)
