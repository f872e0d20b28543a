"""docs/reliability.md is what the runs say, and names every defect there is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tools.reliability import report
from tools.reliability.defects.code_defects import CODE_DEFECTS
from tools.reliability.defects.picture_defects import PICTURE_DEFECTS
from tools.reliability.defects.template_defects import TEMPLATE_DEFECTS
from tools.reliability.report import DOCUMENT, keep_fuzzing, render

LOG = (
    "fuzzing with atheris 3\n#9\tREDUCE cov: 31 ft: 67 corp: 10/1Kb lim: 9\n"
    "Done 24809 runs in 600 second(s)\n"
)
LOAD = {
    "requests": 100_000,
    "processes": 4,
    "hostile": 0.15,
    "wrong": 0,
    "restarts": 0,
    "killed": 3,
    "lost": 2,
    "growth_kb": [12, -7],
    "largest_kb": 51_200,
    "statuses": {"200": 90_000, "400": 10_000},
    "latency_ms": {"p50": 1.0, "p90": 2.0, "p99": 3.0, "longest": 4.0},
    "per_second": 1_500,
}
DEFECT = {"kind": "template", "name": "public bucket", "rules": ["A-S1[x]", "B"], "test": "t[y]"}


def _results(**facts: dict[str, Any]) -> dict[str, Any]:
    return {
        name.replace("_", "-"): {"command": f"run {name}", "machine": "a machine", "facts": found}
        for name, found in facts.items()
    }


@pytest.fixture
def fuzzed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(report, "FUZZED", tmp_path / "fuzzed.json")
    return tmp_path / "fuzzed.json"


def test_what_was_run_is_told(fuzzed: Path) -> None:
    keep_fuzzing(LOG)
    results = _results(
        load_steady=LOAD,
        load_killed=LOAD,
        events={"events": 100_000, "statuses": {"400": 100_000}},
        defects={"defects": [DEFECT, {**DEFECT, "rules": [], "test": None}], "survivors": ["x"]},
        fuzzed=json.loads(fuzzed.read_text())["facts"],
    )
    document = render(results)
    assert "## Pumped texts" not in document
    pumped = {
        "shapes": 60_000,
        "targets": 40,
        "superlinear": [],
        "served_ms": {"'a' * n": {"plain": 1.0, "explained": 2.0}},
    }
    assert "| `'a' * n` | 1.0 | 2.0 |" in render({**results, **_results(pumps=pumped)})
    assert "| processes killed at random | 100,000 | 4 | 0 | 0 | 3 | 2 | – |" in document
    assert "| all processes left alone | 100,000 | 4 | 0 | 0 | 3 | 2 | 12 kB |" in document
    assert "24,809 inputs in 10 minutes" in document
    assert "| template | public bucket | `A-S1`, `B`, `t` |" in document
    assert "**nothing**" in document
    assert "2 deliberate mistakes, one at a time; 1 are caught" in document
    assert "| a new model published meanwhile |" not in document


def test_a_fuzzing_run_that_did_not_end_is_no_result(fuzzed: Path) -> None:
    with pytest.raises(ValueError, match="not the log of a run that ended"):
        keep_fuzzing("#9\tREDUCE cov: 31 ft: 67 corp: 10/1Kb\n==1== ERROR: libFuzzer: timeout\n")
    assert not fuzzed.exists()


@pytest.mark.parametrize(
    "name",
    [defect.name for defect in (*TEMPLATE_DEFECTS, *CODE_DEFECTS, *PICTURE_DEFECTS)],
    ids=str,
)
def test_every_defect_is_in_the_document(name: str) -> None:
    lines = [line for line in DOCUMENT.read_text("utf-8").splitlines() if f"| {name} |" in line]
    assert len(lines) == 1
    assert "**nothing**" not in lines[0]
