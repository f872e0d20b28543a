"""A sample of `python -m tools.reliability pumps`, and proof that it sees what is not linear."""

from __future__ import annotations

import re
from itertools import islice

import pytest

from tools.reliability.models import small, trained
from tools.reliability.pumps.growth import LARGE, SMALL, growth
from tools.reliability.pumps.patterns import text_patterns
from tools.reliability.pumps.run import (
    Trial,
    chosen,
    complaints,
    facts_of,
    prepare,
    slowest,
    try_shapes,
)
from tools.reliability.pumps.served import DEAR, ORDINARY, cpu_ms
from tools.reliability.pumps.shapes import ATOMS, Shape, every_shape, longer_shapes

# What once took seconds, and shapes of its kind.
# What is timed here runs without the tracer of coverage, which would be timed too.
pytestmark = pytest.mark.no_cover
KNOWN = (
    Shape("", "a'", "aa"),
    Shape("", "a\u2019", "aa"),
    Shape("ab'", "a'", "é1"),
    Shape("", "'a", "a"),
    Shape("", "a.", "aa"),
    Shape("", "a''", "aa"),
    Shape("", "a ", "aa"),
    Shape("a", "\u0301\u0323", ""),
    Shape("", "\u0323\u0e48\u0301", "a"),
    Shape("text/plain;", "a", ""),
    Shape("", "; ", "="),
)


@pytest.fixture(scope="module", autouse=True)
def _prepared() -> None:
    prepare(small())


@pytest.mark.parametrize("shape", KNOWN, ids=str)
def test_what_once_was_slow_is_linear(shape: Shape) -> None:
    (trial,) = try_shapes([shape])
    assert trial.superlinear == ()


def test_any_shape_is_linear() -> None:
    """A few; `make reliability` tries them all."""
    shapes = [*chosen(12, seed=20), *islice(longer_shapes(20), 6)]
    outcome = facts_of(try_shapes(shapes))
    assert complaints(outcome) == []
    assert outcome["shapes"] == 18


@pytest.mark.parametrize(
    ("pattern", "shape"),
    [
        pytest.param(r"4[4a]+!", Shape("", "4" + "a" * 63, ""), id="given back letter by letter"),
        pytest.param(r"<!--.*?-->", Shape("", "<!--" + "a" * 250, ""), id="never closed"),
    ],
)
def test_a_quadratic_pattern_is_seen(pattern: str, shape: Shape) -> None:
    assert not growth(re.compile(pattern).findall, shape).is_linear
    # The same pattern is linear where it matches: it takes the suffix to see it.
    closed = Shape("", shape.unit, {"!": "!", ">": "-->"}[pattern[-1]])
    assert growth(re.compile(pattern).findall, closed).is_linear


def test_what_is_not_linear_is_told() -> None:
    shape = Shape("", "a", "")
    trials = [Trial(shape, 0.5, ("predict: grew",)), Trial(Shape("", "b", ""), 0.7, ())]
    assert complaints(facts_of(trials)) == ["more than linear: predict: grew"]
    assert slowest(trials) == [trials[1].shape, shape]


def test_the_dearest_texts_cost_little_more_than_ordinary_ones() -> None:
    costs = cpu_ms(trained(), [ORDINARY, *DEAR[:2]])
    ordinary = costs.pop(str(ORDINARY))
    # The largest ordinary text takes about a thirtieth of what any may: a tenth of the timeout
    # of 15 s at 29 % of a core, which is what Lambda gives for 512 MB.
    for shape, cost in costs.items():
        assert max(cost.values()) <= 16 * ordinary["explained"], shape


def test_patterns_are_found_where_they_are() -> None:
    patterns = text_patterns()
    assert {
        "spam_or_ham.obfuscation.spacing._MARKED",
        "spam_or_ham.normalisation._apart",
        "serving.http.media_types._TYPE",
        "portable.feature_extraction.character_terms._white_spaces",
    } <= patterns.keys()


def test_every_shape_is_tried_once_and_has_the_size_asked_for() -> None:
    shapes = every_shape()
    assert len(set(shapes)) == len(shapes) >= 59_000
    assert len(set(ATOMS)) == len(ATOMS)
    assert set(chosen(len(shapes) + 2, seed=1)[:-2]) == set(shapes)
    for shape in (*KNOWN, *shapes[::997]):
        for size in (SMALL, LARGE):
            assert size - 20 < len(shape.text(size).encode()) <= size
