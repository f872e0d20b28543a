"""Topics: Classifies a text with a LogisticRegression."""

# Written by `make add`; `make remove` takes it back.

from pathlib import Path

from stacks.config.model_service import ModelService, RestRoutes, Route

SERVICE = ModelService(
    name="topics",
    stack_id="Topics",
    summary="Classifies a text with a LogisticRegression.",
    model_folder=Path("model_training/topics/trained"),
    endpoint=RestRoutes(
        routes=(
            Route(path="/topics", methods=("GET", "POST")),
            Route(path="/", methods=("GET",)),
            Route(path="/openapi.json", methods=("GET",)),
        ),
    ),
    runtime="portable",
    memory=512,
    timeout=15,
)
