"""Advert: texts on a REST API."""

from pathlib import Path

from stacks.config.model_service import ModelService, RestRoutes, Route

SERVICE = ModelService(
    name="advert",
    stack_id="Advert",
    summary="Tells adverts from letters.",
    model_folder=Path("build/models/advert"),
    endpoint=RestRoutes(
        routes=(
            Route(path="/advert", methods=("GET", "POST")),
            Route(path="/openapi.json", methods=("GET",)),
        ),
    ),
    memory=512,
    timeout=15,
)
