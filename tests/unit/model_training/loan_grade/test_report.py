"""The report page: whole, self-contained, with the figures it was given."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model_training.loan_grade import report, train
from model_training.loan_grade.evaluate import OURS, Evaluation
from model_training.loan_grade.fields import LEFT_OUT
from model_training.loan_grade.measures import measure
from tests.unit.model_training.loan_grade.loans import made_up
from tests.unit.model_training.reports.test_pictures import drawings


@pytest.fixture
def evaluation() -> Evaluation:
    chances = np.random.default_rng(1).dirichlet(np.ones(7), size=140)
    actual = np.arange(140) % 7
    figures = {OURS: measure(chances, actual), "<b>other</b>": measure(chances[::-1], actual)}
    return Evaluation(
        columns=[],
        model=None,
        train=list(range(560)),
        test=list(range(140)),
        cross_validation=figures,
        held_out=figures,
        leaked=measure(np.eye(7)[actual], actual),
    )


def test_the_page(evaluation: Evaluation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(report, "trained_with", lambda: {"keras": "0.0"})
    page = report.write(tmp_path / "new", made_up(140), evaluation).read_text(encoding="utf-8")
    ours = evaluation.held_out[OURS]
    assert f"quadratic kappa {ours.kappa:.3f}" in page
    assert "accuracy of 1.000" in page
    assert "&lt;b&gt;other" in page
    assert "<b>" not in page
    assert "http://" not in page
    assert "default-src 'none'" in page
    assert all(f"<td>{name}</td>" in page for name in LEFT_OUT)


def test_the_picture_holds_every_count(
    evaluation: Evaluation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(report, "trained_with", lambda: {"keras": "0.0"})
    counts = evaluation.held_out[OURS].confusion
    page = report.write(tmp_path, made_up(140), evaluation).read_text(encoding="utf-8")
    (picture,) = drawings(page)
    said = picture.attrib["aria-label"]
    assert f"{counts.trace()} of 140 right" in said
    assert all(
        f"{counts[row, column]} {actual} called {predicted}" in said
        for row, actual in enumerate("ABCDEFG")
        for column, predicted in enumerate("ABCDEFG")
        if counts[row, column]
    )


def test_the_terminal_s_figures(evaluation: Evaluation) -> None:
    printed = train.summary(made_up(140), evaluation)
    assert f"{evaluation.held_out[OURS].kappa:.3f}" in printed
    assert "accuracy 1.000, kappa 1.000" in printed
    assert evaluation.manifest_entry()["test"]["rows"] == 140
    assert OURS not in evaluation.manifest_entry()["baselines"]["test"]
