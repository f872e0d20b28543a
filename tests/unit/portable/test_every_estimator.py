"""Every estimator of scikit-learn, XGBoost and LightGBM, and the commonest pipelines: answered as
by their library, or refused; and docs/coverage.md says which."""

from __future__ import annotations

import re

import pytest

from tests.harness.judged import sampled
from tools.coverage.document import DOCUMENT, THE_PIPELINES, counted, pipeline_verdict, row
from tools.coverage.estimators import families
from tools.coverage.pipelines import PIPELINES
from tools.coverage.trials import CRASHED, DIFFERENT, Verdict, verdict

EVERY = [(family, name) for family in families() for name in counted(family)]
# One in eight with every change, which has some of each family, and all of them at night.
ESTIMATORS = sampled(EVERY, EVERY[::8])


@pytest.mark.parametrize(("family", "name"), ESTIMATORS, ids=[name for _, name in EVERY])
def test_an_estimator_is_served_as_the_document_says(family: str, name: str) -> None:
    _check(verdict(family, name))


@pytest.mark.parametrize("name", PIPELINES)
def test_a_pipeline_is_served_as_the_document_says(name: str) -> None:
    found = pipeline_verdict(name)
    if found is None:
        pytest.skip("its library is not installed")
    _check(found)


def test_there_are_forty_pipelines() -> None:
    assert len(PIPELINES) == 40


def test_the_document_adds_up() -> None:
    text = DOCUMENT.read_text()
    tables = re.split(r"^## ", text, flags=re.MULTILINE)
    for title in (THE_PIPELINES, *families()):
        table = next(part for part in tables if part.startswith(title))
        kinds = ("portable", "scikit-learn runtime", "neither")
        served = re.findall(rf"^\| .+? \| ({'|'.join(kinds)}|not tried) \|", table, re.M)
        summary = re.search(rf"^\| {title} \| (\d+) of (\d+) \| (\d+) \| (\d+) \|", text, re.M)
        assert summary is not None
        counts = [served.count(kind) for kind in kinds]
        assert [int(summary[at]) for at in (1, 3, 4)] == counts
        assert int(summary[2]) == len(served)


def _check(found: Verdict) -> None:
    assert found.served not in (DIFFERENT, CRASHED), found
    assert row(found) in DOCUMENT.read_text().splitlines(), (
        "write it anew: python -m tools.coverage"
    )
