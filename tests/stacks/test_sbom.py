"""The bills of materials say what functions ship, file by file, and are CycloneDX."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from stacks.config.services import SERVICES
from stacks.packaging.layers.libraries import LIBRARIES
from tools.reliability.defects.assembly import Assembly
from tools.sbom.functions import asset


@pytest.fixture(scope="module")
def bills(dev: Assembly, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Name → bill, as the command writes them of the development stage."""
    output = tmp_path_factory.mktemp("sbom")
    command = [sys.executable, "-m", "tools.sbom", "--assembly", dev.folder, "--output", output]
    subprocess.run(command, check=True)
    return {
        file.name.removesuffix(".cdx.json"): json.loads(file.read_text())
        for file in output.glob("*.cdx.json")
    }


def test_every_function_has_a_bill_of_the_very_files_it_ships(
    dev: Assembly, bills: dict[str, dict[str, Any]]
) -> None:
    functions = {
        f"{stack}-{id_}": function["Properties"]
        for stack in ("ModelStore", *(service.stack_id for service in SERVICES))
        for id_, function in dev.resources(stack, "AWS::Lambda::Function").items()
    }
    assert len(functions) > len(SERVICES), "a function a service, and those of the store"
    assert {name for name in bills if not name.startswith("tools-")} == functions.keys()
    for name, function in functions.items():
        folder = asset(dev.folder, function["Code"])
        shipped = {
            path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in folder.rglob("*")
            if path.is_file()
        }
        assert shipped
        assert shipped == {
            each["name"]: each["hashes"][0]["content"]
            for each in bills[name]["components"]
            if each["type"] == "file"
        }


def test_the_bill_of_a_service_has_its_model_and_its_libraries(
    bills: dict[str, dict[str, Any]],
) -> None:
    for service in SERVICES:
        [bill] = [
            bill
            for name, bill in bills.items()
            if re.fullmatch(rf"{service.stack_id}-Inference.*", name)
        ]
        by_type = {each["type"]: each for each in bill["components"]}
        model = by_type["machine-learning-model"]
        assert model["name"] == service.name
        assert {each["name"] for each in model["components"]} >= {"manifest.json"}
        needs = service.runtime in LIBRARIES
        assert ("library" in by_type) is needs
        if needs:
            assert by_type["library"]["purl"].startswith("pkg:pypi/")


def test_every_lock_has_a_bill(bills: dict[str, dict[str, Any]]) -> None:
    names = {each["name"] for each in bills["tools-requirements"]["components"]}
    assert {"aws-cdk-lib", "scikit-learn", "numpy"} <= names
    [cdk] = [each for each in bills["tools-npm"]["components"] if each["name"] == "aws-cdk"]
    assert cdk["purl"] == f"pkg:npm/aws-cdk@{cdk['version']}"
    assert cdk["hashes"][0]["alg"] == "SHA-512"


def test_what_is_not_cyclonedx_is_noticed(bills: dict[str, dict[str, Any]]) -> None:
    # Loads validators of JSON Schema, seconds of importing, which every process would spend.
    from tools.sbom.__main__ import invalid

    bill = bills["tools-requirements"]
    assert invalid(json.dumps(bill)) is None
    assert invalid(json.dumps({**bill, "components": [{"name": "x"}]})) is not None


def test_without_templates_it_says_what_to_run(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tools.sbom", "--assembly", tmp_path]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (finished.returncode, finished.stdout) == (1, "")
    assert finished.stderr == f"There are no templates in {tmp_path}; run: make synth\n"
