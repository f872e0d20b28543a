"""The registry of model services: a new service is one more declaration here."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

from stacks.config.stages import Stage
from stacks.packaging.layers.target import Architecture

Runtime = Literal["portable", "scikit-learn", "litert"]
ModelLocation = Literal["s3", "package"]
Package = Literal["zip", "image"]

# API Gateway gives an integration 29 seconds unless a quota is raised.
_GATEWAY_SECONDS = 29
_METHODS = ("GET", "POST")
# What `python -m tools.openapi` writes of the requests that services take.
_SCHEMAS = Path(__file__).parent / "schemas"


class UnknownChoice(ValueError):
    """A context asks a service for something there is not."""


@dataclass(frozen=True, kw_only=True)
class Route:
    """A path below the stage and the methods the function answers there.

    `schema` is a file with the JSON Schema of what is posted there; a gateway publishes it as the
    method's model, and the function checks by it.
    """

    path: str
    methods: tuple[str, ...]
    schema: Path | None = None

    def __post_init__(self) -> None:
        if not re.fullmatch(r"/|(/[a-z0-9_.-]+)+", self.path):
            raise ValueError(f"route path {self.path!r} must be '/' or segments, like '/one/two'")
        if not self.methods or not set(self.methods) <= set(_METHODS):
            raise ValueError(f"route {self.path!r}: methods {self.methods} are not of {_METHODS}")
        if self.schema is not None and "POST" not in self.methods:
            raise ValueError(f"route {self.path!r}: a schema is of what is posted, and nothing is")


@dataclass(frozen=True, kw_only=True)
class RestRoutes:
    """A REST API that declares every path and method; the first route is the one that predicts."""

    routes: tuple[Route, ...]

    def __post_init__(self) -> None:
        if not self.routes or "POST" not in self.routes[0].methods:
            raise ValueError("RestRoutes: the first route must answer POST")
        if len({route.path for route in self.routes}) != len(self.routes):
            raise ValueError("RestRoutes: a path is routed twice")


@dataclass(frozen=True, kw_only=True)
class FunctionUrl:
    """The function's own URL, without a gateway in front.

    `open_to_all`: anybody may call, where the stage is open too. Otherwise callers sign with AWS
    credentials; a Function URL knows no API keys.
    """

    open_to_all: bool = False
    routes: tuple[Route, ...] = (Route(path="/", methods=("GET", "POST")),)


@dataclass(frozen=True, kw_only=True)
class ModelService:
    """One model behind one endpoint.

    `name` names the folder in lambda_src, the model and the prefix of its keys.
    `model_folder` is where training left the model, relative to the repository.
    `packages` are the shared folders of lambda_src that the function needs.
    `runtime` reads the model: ours, or the libraries scikit-learn or LiteRT. `model_location` is
    where the function finds it: in the model bucket, or in its own package.
    `package` is what carries the code: a zip with the runtime's libraries in layers, or a container
    image with all of it. `architecture` is the machine it runs on.
    `fetches`: it opens addresses that its callers name.
    `memory` in MiB, `timeout` in seconds. `reserved_concurrency` is how many requests are
    answered at once at most, taken out of the account's quota, in a stage that reserves any; None
    leaves the number to the stage.
    """

    name: str
    stack_id: str
    model_folder: Path
    packages: tuple[str, ...]
    endpoint: RestRoutes | FunctionUrl
    runtime: Runtime = "portable"
    model_location: ModelLocation = "s3"
    package: Package = "zip"
    architecture: Architecture = "arm64"
    fetches: bool = False
    memory: int
    timeout: int
    reserved_concurrency: int | None = None

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", self.name):
            raise ValueError(f"service name {self.name!r} must be snake_case")
        for value, allowed in (
            (self.runtime, get_args(Runtime)),
            (self.model_location, get_args(ModelLocation)),
            (self.package, get_args(Package)),
            (self.architecture, get_args(Architecture)),
        ):
            if value not in allowed:
                raise ValueError(f"service {self.name!r}: {value!r} is none of {allowed}")
        if not re.fullmatch(r"([A-Z][a-z0-9]*)+", self.stack_id):
            raise ValueError(f"service {self.name!r}: stack_id {self.stack_id!r} is not CamelCase")
        if not 128 <= self.memory <= 10_240:
            raise ValueError(f"service {self.name!r}: memory is 128 to 10240 MiB")
        if not 1 <= self.timeout < _GATEWAY_SECONDS:
            raise ValueError(f"service {self.name!r}: timeout is 1 to {_GATEWAY_SECONDS - 1} s")
        if self.reserved_concurrency is not None and self.reserved_concurrency < 1:
            raise ValueError(f"service {self.name!r}: reserved_concurrency starts at 1")

    @property
    def routes(self) -> tuple[Route, ...]:
        """The paths and methods it answers; the first is the one that predicts."""
        return self.endpoint.routes

    def is_open(self, stage: Stage) -> bool:
        """Whether anybody may call it in a stage, without credentials or a key."""
        declared = not isinstance(self.endpoint, FunctionUrl) or self.endpoint.open_to_all
        return declared and stage.auth == "open"

    def configured(self, context: Callable[[str], str | None]) -> ModelService:
        """The entry with what a context says of it: runtime:NAME, model_location:NAME and
        package:NAME.

        Raises `UnknownChoice` for a value there is not.
        """
        chosen: dict[str, Any] = {}
        for field, choices in (
            ("runtime", Runtime),
            ("model_location", ModelLocation),
            ("package", Package),
        ):
            key, allowed = f"{field}:{self.name}", get_args(choices)
            value = context(key)
            if value is not None and value not in allowed:
                raise UnknownChoice(
                    f"There is no {field} {value!r}: choose -c {key}={'|'.join(allowed)}."
                )
            if value is not None:
                chosen[field] = value
        return replace(self, **chosen)

    def packaged_for(self, stage: Stage) -> ModelService:
        """The entry as a stage can run it: as a zip where there are no container images."""
        return self if stage.container_images else replace(self, package="zip")

    @property
    def handler(self) -> str:
        """The Lambda handler string."""
        return f"{self.name}.handler.handler"

    @property
    def slug(self) -> str:
        """The name as it appears in stack names."""
        return self.name.replace("_", "-")

    def stack_name(self, stage: Stage) -> str:
        """The name of its stack in an account."""
        return f"{stage.name}-{self.slug}"


SERVICES = (
    ModelService(
        name="spam_or_ham",
        stack_id="SpamOrHam",
        model_folder=Path("build/models/spam_or_ham"),
        packages=("serving", "portable"),
        endpoint=RestRoutes(
            routes=(
                Route(path="/spamorham", methods=("GET", "POST")),
                Route(path="/", methods=("GET",)),
                Route(path="/openapi.json", methods=("GET",)),
            ),
        ),
        memory=512,
        timeout=15,
    ),
    ModelService(
        name="breast_cancer",
        stack_id="BreastCancer",
        model_folder=Path("build/models/breast_cancer"),
        packages=("serving", "portable"),
        endpoint=FunctionUrl(open_to_all=True),
        runtime="portable",
        # More than the portable runtime needs: CPU comes with memory, and scikit-learn, which one
        # word above would bring, takes seconds of it to import.
        memory=1024,
        timeout=15,
        # A Function URL has no throttle.
        reserved_concurrency=10,
    ),
    ModelService(
        name="loan_grade",
        stack_id="LoanGrade",
        model_folder=Path("model_training/loan_grade/trained"),
        packages=("serving", "portable"),
        endpoint=RestRoutes(
            routes=(
                Route(
                    path="/predict/loan-grade",
                    methods=("GET", "POST"),
                    schema=_SCHEMAS / "loan_grade.json",
                ),
                Route(path="/openapi.json", methods=("GET",)),
            ),
        ),
        memory=512,
        timeout=15,
    ),
    ModelService(
        name="clothes",
        stack_id="Clothes",
        model_folder=Path("model_training/clothes/trained"),
        packages=("serving",),
        endpoint=RestRoutes(
            routes=(
                Route(path="/predict", methods=("GET", "POST")),
                Route(path="/", methods=("GET",)),
                Route(path="/openapi.json", methods=("GET",)),
            ),
        ),
        runtime="litert",
        # In an image it costs nothing to fetch, and a zip has room for it.
        model_location="package",
        package="image",
        # On arm64 LiteRT may run without its fast kernels and say nothing.
        architecture="x86_64",
        fetches=True,
        memory=1024,
        timeout=28,
        # A caller's own server may hold its request for as long as a fetch may take.
        reserved_concurrency=20,
    ),
)
