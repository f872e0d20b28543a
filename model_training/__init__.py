"""Training: what turns labelled messages into published artifacts.

Training shares code with what serves (the portable runtime proves every artifact before it is
published), so the root of the function's archive is put on the import path here, as Lambda has it.
"""

import sys
from pathlib import Path

_RUNTIME_ROOT = str(Path(__file__).resolve().parent.parent / "lambda_src")
if _RUNTIME_ROOT not in sys.path:
    sys.path.append(_RUNTIME_ROOT)
