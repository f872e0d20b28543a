"""Who pays for the layers: who builds them, and nobody else."""

from __future__ import annotations

import subprocess
import sys

from tools import PROJECT


def run(program: str) -> str:
    finished = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def test_building_needs_no_cdk() -> None:
    run("import sys; sys.modules['aws_cdk'] = None; import stacks.packaging.layers.__main__")


def test_a_synthesis_loads_nothing_that_downloads_or_packs() -> None:
    loaded = run("import sys, app; print(sorted(m for m in sys.modules if 'layers' in m))")
    assert "stacks.packaging.layers.built" in loaded
    for module in ("build", "wheels", "packing", "proof"):
        assert f"'stacks.packaging.layers.{module}'" not in loaded
