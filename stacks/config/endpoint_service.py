"""The entry of a model that no registry has: its manifest says the most of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ..lambda_source import LAMBDA_SOURCE
from .model_service import Architecture, FunctionUrl, ModelService, RestRoutes, Route

DOCUMENT, SCHEMA = "openapi.json", "schema.json"
"""Files of a folder: the document that the function serves, and what a gateway checks bodies by."""


@dataclass(frozen=True, kw_only=True)
class ServiceOptions:
    """What of a service its model does not say; each means what it does in `ModelService`."""

    memory: int = 512
    timeout: int = 15
    architecture: Architecture = "arm64"
    reserved_concurrency: int | None = None
    summary: str = ""
    response_headers: Mapping[str, str] = field(default_factory=dict)
    invocations: bool = False
    batch: bool = False
    batch_input: str = ""


def endpoint_service(
    manifest: Path, route: str | FunctionUrl, options: ServiceOptions, described: Path
) -> ModelService:
    """The entry of the model of a manifest, whose form was checked.

    `route` is the path of a REST API that predicts, or the function's own URL. `described` is the
    folder of `DOCUMENT` and `SCHEMA`. Raises `ValueError` for what no service may be.
    """
    facts: dict[str, Any] = json.loads(manifest.read_bytes())
    outside = {entry["outside"] for entry in facts.get("fields", ()) if "outside" in entry}
    schema = described / SCHEMA if facts["kind"] == "fields" else None
    own = facts.get("normalisation") is not None
    return ModelService(
        name=facts["name"],
        endpoint=_routes(route, schema) if isinstance(route, str) else route,
        runtime=facts["runtime"],
        outside_range=outside.pop() if len(outside) == 1 else "answer",
        own_handler=own and (LAMBDA_SOURCE / facts["name"] / "handler.py").is_file(),
        document_file=described / DOCUMENT,
        **asdict(options),
    )


def _routes(path: str, schema: Path | None) -> RestRoutes:
    predicting = Route(path=path, methods=("GET", "POST"), schema=schema)
    others = [Route(path=each, methods=("GET",)) for each in ("/", "/openapi.json")]
    return RestRoutes(routes=(predicting, *(each for each in others if each.path != path)))
