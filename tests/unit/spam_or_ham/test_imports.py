"""What a cold start imports, in a process of its own: counts, because seconds vary."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

LAMBDA_SRC = Path(__file__).parents[3] / "lambda_src"
HEAVY = {
    "boto3", "dataclasses", "datetime", "email", "http", "inspect", "numpy", "random", "sklearn",
    "ssl", "tempfile", "typing", "urllib", "uuid",
}  # fmt: skip
BUDGET = 50
"""Modules on top of those that AWS's runtime client has imported itself."""
PROGRAM = """
import json, sys
from awslambdaric import bootstrap
before = set(sys.modules)
import spam_or_ham.handler, serving.runtimes.portable, serving.loading.s3
print(json.dumps(sorted(set(sys.modules) - before)))
"""


def _imported() -> set[str]:
    output = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=LAMBDA_SRC,
        env={"PYTHONPATH": str(LAMBDA_SRC)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return set(json.loads(output))


def test_a_cold_start_imports_little_and_nothing_heavy() -> None:
    imported = _imported()
    assert {name.partition(".")[0] for name in imported} & HEAVY == set()
    assert len(imported) <= BUDGET, sorted(imported)


def test_the_module_imports_without_aws_network_or_settings() -> None:
    program = "import spam_or_ham.handler as h; print(h.handler({'httpMethod': 'GET'}, None))"
    result = subprocess.run(
        [
            sys.executable,
            "-I",
            "-c",
            f"import sys; sys.path[:0] = [{str(LAMBDA_SRC)!r}]; {program}",
        ],
        env={},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "'statusCode': 503" in result.stdout
    assert "MODEL_BUCKET is not set" in result.stdout
