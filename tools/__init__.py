"""What people run.

Commands share code with the functions, so the root of the functions' packages is put on the import
path here, as Lambda has it.
"""

import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
"""The folder of the project."""
_RUNTIME_ROOT = str(PROJECT / "lambda_src")
if _RUNTIME_ROOT not in sys.path:
    sys.path.append(_RUNTIME_ROOT)
