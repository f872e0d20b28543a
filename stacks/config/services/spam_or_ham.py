"""Spam or ham: raw text on a REST API."""

from pathlib import Path

from stacks.config.model_service import ModelService, RestRoutes, Route

SERVICE = ModelService(
    name="spam_or_ham",
    stack_id="SpamOrHam",
    summary="Classifies text messages with a model trained by scikit-learn.",
    model_folder=Path("build/models/spam_or_ham"),
    own_handler=True,
    endpoint=RestRoutes(
        routes=(
            Route(path="/spamorham", methods=("GET", "POST")),
            Route(path="/", methods=("GET",)),
            Route(path="/openapi.json", methods=("GET",)),
        ),
    ),
    memory=512,
    timeout=15,
)
