"""Deliberate mistakes in the templates: all can still be planted, and a sample is caught.

`python -m tools.reliability defects` plants every one of them.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.stacks import test_exposure, test_model_store, test_monitoring
from tools.reliability.defects.assembly import Assembly
from tools.reliability.defects.template_defects import TEMPLATE_DEFECTS, TemplateDefect
from tools.reliability.defects.template_gates import findings

BY_NAME = {defect.name: defect for defect in TEMPLATE_DEFECTS}
BY_RULE = {
    "public bucket": "BUCKET_IS_PRIVATE",
    "digests removed": "INFERENCE_PINS_ITS_MODEL",
    "function reads any object": "ROLE_NAMES_ACTIONS_AND_RESOURCES",
}
BY_ASSERTION: dict[str, Callable[[Assembly], None]] = {
    "versioning off": test_model_store.test_models_are_versioned_logged_and_cleaned_up,
    "open Function URL": test_exposure.test_the_api_is_the_only_door,
    "topic without TLS": test_monitoring.test_alarms_may_publish_and_only_over_tls,
}


def mutated(assembly: Assembly, defect: TemplateDefect) -> dict[str, Any]:
    template = copy.deepcopy(assembly.template(defect.stack))
    defect.change(template)
    return template


@pytest.mark.parametrize("defect", TEMPLATE_DEFECTS, ids=lambda defect: defect.name)
def test_it_can_be_planted(dev: Assembly, prod: Assembly, defect: TemplateDefect) -> None:
    assembly = {"dev": dev, "prod": prod}[defect.stage]
    assert mutated(assembly, defect) != assembly.template(defect.stack)


def test_a_sample_is_caught_by_the_gates(dev: Assembly, tmp_path: Path) -> None:
    mutants = {f"M{i}": mutated(dev, BY_NAME[name]) for i, name in enumerate(BY_RULE)}
    good = {f"Good{stack}": dev.template(stack) for stack in ("ModelStore", "SpamOrHam")}
    by_template = findings({**mutants, **good}, tmp_path)
    for mutant, rule in zip(mutants, BY_RULE.values(), strict=True):
        assert rule in {name for name, _ in by_template[mutant]}
    accepted = {name for stack in good for name, _ in by_template[stack]}
    assert accepted.isdisjoint(BY_RULE.values())


@pytest.mark.parametrize("name", BY_ASSERTION)
def test_a_sample_is_caught_by_an_assertion(dev: Assembly, tmp_path: Path, name: str) -> None:
    defect = BY_NAME[name]
    for stack in ("ModelStore", "SpamOrHam"):
        template = mutated(dev, defect) if stack == defect.stack else dev.template(stack)
        (tmp_path / f"{stack}.template.json").write_text(json.dumps(template))
    BY_ASSERTION[name](dev)
    with pytest.raises((AssertionError, KeyError)):
        BY_ASSERTION[name](Assembly(tmp_path))
