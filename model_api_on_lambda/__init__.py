"""Trained models behind HTTP APIs on AWS Lambda, for any app of the AWS CDK.

    from model_api_on_lambda import ModelEndpoint

    ModelEndpoint(self, "Wine", model="models/wine", route="/wine")

A wheel holds `stacks`, which makes the resources, and `lambda_src`, which runs in the functions,
inside of this package. Nothing else becomes importable where it is installed.
"""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent
if not (_HERE / "stacks").is_dir():
    # In a checkout they lie beside this folder.
    __path__.append(str(_HERE.parent))

from .stacks.config.endpoint_service import ServiceOptions  # noqa: E402
from .stacks.config.model_service import FunctionUrl  # noqa: E402
from .stacks.config.stages import STAGES, Stage  # noqa: E402
from .stacks.constructs.model_endpoint import ModelEndpoint  # noqa: E402
from .stacks.gates import register_gates  # noqa: E402

__all__ = ["STAGES", "FunctionUrl", "ModelEndpoint", "ServiceOptions", "Stage", "register_gates"]
