"""Batch from the command line: `make score` on this machine, `make batch` on Step Functions.

Both share their code with the functions, so the root of the functions' packages is put on the
import path here, as Lambda has it.
"""

from __future__ import annotations

import sys
from pathlib import Path

_RUNTIME_ROOT = str(Path(__file__).resolve().parents[2] / "lambda_src")
if _RUNTIME_ROOT not in sys.path:
    sys.path.append(_RUNTIME_ROOT)
