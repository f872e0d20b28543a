"""docs/loan-grades.md says of the model what its manifest says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from model_training.loan_grade.__main__ import OUT
from model_training.loan_grade.fields import FIELDS, LEFT_OUT
from model_training.publishing import artifacts

PAGE = Path(__file__).resolve().parents[4] / "docs" / "loan-grades.md"


@pytest.fixture(scope="module")
def page() -> str:
    return PAGE.read_text(encoding="utf-8")


def row(name: str, figures: dict[str, Any]) -> str:
    keys = ("accuracy", "within_one_grade", "quadratic_kappa", "log_loss", "calibration_error")
    return f"| {name} | " + " | ".join(f"{figures[key]:.3f}" for key in keys) + " |"


def test_every_field_and_every_column_that_is_left_out_is_named(page: str) -> None:
    known, left_out = page.split("## What it must not know")
    assert [f.name for f in FIELDS if f"\n| `{f.name}` |" not in known] == []
    missing = [name for name, why in LEFT_OUT.items() if f"| `{name}` | {why} |" not in left_out]
    assert missing == []


def test_figures_are_the_manifest_s(page: str) -> None:
    metrics = artifacts.read_manifest(OUT)["metrics"]
    for part in ("test", "cross_validation"):
        assert row("**this network**", metrics[part]) in page
        for name, figures in metrics["baselines"][part].items():
            assert row(name, figures) in page
    for grade, counts in zip("ABCDEFG", metrics["test"]["confusion"], strict=True):
        assert f"| {grade} | " + " | ".join(map(str, counts)) + " |" in page
    leaked = metrics["with_the_leak"]
    assert f"accuracy of {leaked['accuracy']:.3f}" in page
