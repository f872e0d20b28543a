"""Clothes: pictures on a REST API."""

from pathlib import Path

from stacks.config.model_service import ModelService, RestRoutes, Route

SERVICE = ModelService(
    name="clothes",
    stack_id="Clothes",
    summary="Names the piece of clothing in a picture, with a neural network.",
    model_folder=Path("model_training/clothes/trained"),
    own_handler=True,
    endpoint=RestRoutes(
        routes=(
            Route(path="/predict", methods=("GET", "POST")),
            Route(path="/", methods=("GET",)),
            Route(path="/openapi.json", methods=("GET",)),
        ),
    ),
    runtime="litert",
    # There is room for it in the zip, and it costs nothing to fetch.
    model_location="package",
    # On arm64 LiteRT may run without its fast kernels and say nothing.
    architecture="x86_64",
    fetches=True,
    memory=1024,
    timeout=28,
    # A caller's own server may hold its request for as long as a fetch may take.
    reserved_concurrency=20,
)
