"""The OpenAPI description, written from the code that it describes: `python -m tools.openapi`.

Limits, media types and problems are read from the runtime and from the gateway's responses, so
they are stated once. The root of the function's archive goes on the import path, as Lambda has it.
"""

import sys
from pathlib import Path

_RUNTIME_ROOT = str(Path(__file__).resolve().parents[2] / "lambda_src")
if _RUNTIME_ROOT not in sys.path:
    sys.path.append(_RUNTIME_ROOT)
