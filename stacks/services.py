"""The registry of model services: a new service is one more declaration here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

# API Gateway gives an integration 29 seconds unless a quota is raised.
_GATEWAY_SECONDS = 29
_METHODS = ("GET", "POST")


@dataclass(frozen=True, kw_only=True)
class Route:
    """A path below the stage and the methods the function answers there."""

    path: str
    methods: tuple[str, ...]

    def __post_init__(self) -> None:
        if not re.fullmatch(r"/[a-z0-9_.-]*", self.path):
            raise ValueError(f"route path {self.path!r} must be '/' or one segment, like '/name'")
        if not self.methods or not set(self.methods) <= set(_METHODS):
            raise ValueError(f"route {self.path!r}: methods {self.methods} are not of {_METHODS}")


@dataclass(frozen=True, kw_only=True)
class ModelService:
    """One model behind one API.

    `name` names the folder in lambda_src, the model and the prefix of its keys.
    `model_folder` is where training left the model, relative to the repository.
    `packages` are the shared folders of lambda_src that the function needs.
    `routes`: the first is the one that predicts. `memory` in MiB, `timeout` in seconds.
    """

    name: str
    stack_id: str
    model_folder: Path
    packages: tuple[str, ...]
    routes: tuple[Route, ...]
    memory: int
    timeout: int

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", self.name):
            raise ValueError(f"service name {self.name!r} must be snake_case")
        if not re.fullmatch(r"([A-Z][a-z0-9]*)+", self.stack_id):
            raise ValueError(f"service {self.name!r}: stack_id {self.stack_id!r} is not CamelCase")
        if not self.routes or "POST" not in self.routes[0].methods:
            raise ValueError(f"service {self.name!r}: the first route must answer POST")
        if len({route.path for route in self.routes}) != len(self.routes):
            raise ValueError(f"service {self.name!r}: a path is routed twice")
        if not 128 <= self.memory <= 10_240:
            raise ValueError(f"service {self.name!r}: memory is 128 to 10240 MiB")
        if not 1 <= self.timeout < _GATEWAY_SECONDS:
            raise ValueError(f"service {self.name!r}: timeout is 1 to {_GATEWAY_SECONDS - 1} s")

    @property
    def handler(self) -> str:
        """The Lambda handler string."""
        return f"{self.name}.handler.handler"

    @property
    def slug(self) -> str:
        """The name as it appears in stack names."""
        return self.name.replace("_", "-")


SERVICES = (
    ModelService(
        name="spam_or_ham",
        stack_id="SpamOrHam",
        model_folder=Path("build/models/spam_or_ham"),
        packages=("serving", "portable"),
        routes=(
            Route(path="/spamorham", methods=("GET", "POST")),
            Route(path="/", methods=("GET",)),
            Route(path="/openapi.json", methods=("GET",)),
        ),
        memory=512,
        timeout=15,
    ),
)
