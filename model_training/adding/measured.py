"""What a model needs of a function: memory, seconds to start, and what a million answers cost."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from batch import prices

from model_training.publishing import layer_contents, proof, runtimes
from model_training.publishing.manifests import MANIFEST, ArtifactError, describe, encode

MIB_OF_A_CORE = 1769
"""Memory at which a function has one whole core (AWS's documentation, memory and computing power);
below it has a share."""
_ANSWERS = 50
_LEAST = {"portable": 512, "scikit-learn": 1024}
_MOST = 10_240
_LONGEST = 28


@dataclass(frozen=True)
class Needs:
    """`memory` in MiB and `timeout` in seconds for the entry; `start` and `call` in seconds on that
    memory's share of a core, from a run on this machine."""

    memory: int
    timeout: int
    start: float
    call: float

    @property
    def dollars(self) -> float:
        """A million requests of one input through a REST API, one in a hundred to a new start."""
        billed = 0.99 * self.call + 0.01 * self.start
        gb_seconds = 1e6 * self.memory / 1024 * math.ceil(billed * 1000) / 1000
        compute = gb_seconds * prices.GB_SECOND["arm64"]
        return prices.MILLION_INVOCATIONS + prices.MILLION_REST_REQUESTS + compute


def needs(
    files: Mapping[str, bytes], manifest: Mapping[str, Any], runtime: str, inputs: Sequence[Any]
) -> Needs:
    """Measure a model in a process of its own, as a function starts it and asks it one input at a
    time, with nothing to import but what its layers hold. Raises `ArtifactError` where it fails."""
    described = {**manifest, "runtime": runtime, "artifacts": describe(files)}
    asked = [inputs[at % len(inputs)] for at in range(_ANSWERS)]
    with tempfile.TemporaryDirectory() as folder:
        for name, content in {
            **files,
            MANIFEST: encode(described),
            "inputs.json": json.dumps(asked).encode(),
        }.items():
            (Path(folder) / name).write_bytes(content)
        reader = str(runtimes.reader(runtime, described))
        held = sorted(layer_contents.importable(frame="frame" in described))
        layers = held if runtime == "scikit-learn" else []
        command = [sys.executable, str(proof.CHILD), str(proof.RUNTIME_ROOT), folder, reader]
        child = subprocess.run(  # noqa: S603 - this Python, and a script of this project
            [*command, ",".join(layers)],
            capture_output=True, text=True, check=False,
            # A function has a share of a core; threads for more would only wait for each other.
            env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )  # fmt: skip
    if child.returncode:
        said = child.stderr.strip().splitlines()[-1:] or ["no message"]
        raise ArtifactError(f"The model does not start as a function starts it: {said[0][:200]}")
    measured = json.loads(child.stdout)
    peak = measured["peak_kib"] / 1024
    memory = max(_LEAST[runtime], 64 * math.ceil((1.5 * peak + 64) / 64))
    if memory > _MOST:
        raise ArtifactError(
            f"The model takes {peak:,.0f} MiB and a function has at most {_MOST:,}; fit a smaller "
            "one"
        )
    share = min(1.0, memory / MIB_OF_A_CORE)
    # Seconds of a processor, which other programs of this machine do not lengthen.
    start = measured["start"] / share
    return Needs(
        memory=memory,
        timeout=min(_LONGEST, max(15, math.ceil(4 * start))),
        start=start,
        call=measured["answering"] / _ANSWERS / share,
    )
