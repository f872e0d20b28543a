"""Tints: pictures on a REST API, in the function's own zip or image."""

from pathlib import Path

from stacks.config.model_service import ModelService, RestRoutes, Route

SERVICE = ModelService(
    name="tints",
    stack_id="Tints",
    summary="Names the colour that a picture has most of.",
    model_folder=Path("model_training/tints/trained"),
    own_handler=True,
    endpoint=RestRoutes(
        routes=(
            Route(path="/tints", methods=("GET", "POST")),
            Route(path="/openapi.json", methods=("GET",)),
        ),
    ),
    runtime="litert",
    model_location="package",
    architecture="x86_64",
    fetches=True,
    memory=1024,
    timeout=28,
)
