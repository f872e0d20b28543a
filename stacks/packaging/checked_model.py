"""A model folder, checked and described by a process of its own.

Checking runs the functions' own code, whose packages have names as a Lambda has them. They are
importable in that process, and not in the app that deploys the model.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..config.endpoint_service import ServiceOptions, endpoint_service
from ..config.model_service import FunctionUrl, ModelService
from ..config.published_model import Artifact, PublishedModel, Reference
from ..lambda_source import LAMBDA_SOURCE, ROOT


class RefusedModel(ValueError):
    """A model that cannot be served so; one sentence that says what to do."""


def checked_model(
    folder: Path, route: str | FunctionUrl, options: ServiceOptions, described: Path
) -> tuple[ModelService, PublishedModel]:
    """The service of a published model folder, and the model.

    `described` is an empty folder for what the function serves of its description. Raises
    `RefusedModel`.
    """
    question = {
        "folder": str(folder.absolute()),
        "route": route if isinstance(route, str) else None,
        "open_to_all": not isinstance(route, str) and route.open_to_all,
        "options": asdict(options),
        "described": str(described),
    }
    # -P: a folder of the app may have the name of one of ours.
    outcome = subprocess.run(
        [sys.executable, "-P", "-m", "tools.verified_model"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(LAMBDA_SOURCE)])},
        input=json.dumps(question),
        capture_output=True,
        text=True,
        check=False,
    )
    if outcome.returncode:
        lines = outcome.stderr.strip().splitlines() or ["The model could not be checked."]
        raise RefusedModel(lines[-1])
    service = endpoint_service(folder / "manifest.json", route, options, described)
    return service, _published(json.loads(outcome.stdout))


def _published(facts: Mapping[str, Any]) -> PublishedModel:
    artifacts = {name: Artifact(**file) for name, file in facts["artifacts"].items()}
    known = facts["reference"]
    return PublishedModel(
        **{
            **facts,
            "folder": Path(facts["folder"]),
            "artifacts": artifacts,
            "modules": tuple(facts["modules"]),
            "reference": known and Reference(**known),
        }
    )
