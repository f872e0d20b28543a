"""What an entry of the registry says of a model service."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, get_args

from ..lambda_source import ROOT
from .stages import Stage

Runtime = Literal["portable", "scikit-learn", "litert"]
ModelLocation = Literal["s3", "package"]
Package = Literal["zip", "image"]
Architecture = Literal["arm64", "x86_64"]
OutsideRange = Literal["answer", "refuse"]
"""The machine of a function, by Lambda's names."""

# API Gateway gives an integration 29 seconds unless a quota is raised.
_GATEWAY_SECONDS = 29
_METHODS = ("GET", "POST")
_YES_OR_NO = ("yes", "no")
_S3_PREFIX = r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/([A-Za-z0-9!_.'()/-]+/)?"
# What `python -m tools.openapi` writes of the requests that services take.
SCHEMAS = Path(__file__).parent / "schemas"
_DOCUMENTS = ROOT / "docs" / "openapi"


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


INVOCATIONS_ROUTES = (
    Route(path="/invocations", methods=("POST",)),
    Route(path="/ping", methods=("GET",)),
)
"""Where clients of MLflow's and SageMaker's servers ask."""


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

    `name` names the model and the prefix of its keys, and the folder in lambda_src where there is
    one (`own_handler`). Without a `stack_id` it is the name in CamelCase. `model_folder` is where
    training left the model, relative to the repository. `response_headers` go on every prediction.
    `summary` is a sentence for the document.
    `runtime` reads the model: ours, or the libraries scikit-learn or LiteRT. `model_location` is
    where the function finds it: in the model bucket, or in its own package.
    `package` is what carries the code: a zip with the runtime's libraries in layers, or a container
    image with all of it. `architecture` is the machine it runs on.
    `invocations`: it answers `/invocations` and `/ping` too, as MLflow's and SageMaker's servers.
    `fetches`: it opens addresses that its callers name.
    `outside_range`: what `make add` has the model do with a number outside of the range seen.
    `batch`: rows in S3 are scored too, by functions of `batch_memory` MiB; `batch_input` is the
    s3:// prefix that they may be in, one of the results' own bucket without it.
    `memory` in MiB, `timeout` in seconds. `reserved_concurrency` is how many requests are
    answered at once at most, taken out of the account's quota, in a stage that reserves any; None
    leaves the number to the stage. `document_file` is the OpenAPI document, if it is not where
    those of the registry are.
    """

    name: str
    stack_id: str = ""
    model_folder: Path = Path()
    own_handler: bool = False
    summary: str = ""
    response_headers: Mapping[str, str] = field(default_factory=dict)
    endpoint: RestRoutes | FunctionUrl
    runtime: Runtime = "portable"
    model_location: ModelLocation = "s3"
    package: Package = "zip"
    architecture: Architecture = "arm64"
    invocations: bool = False
    fetches: bool = False
    outside_range: OutsideRange = "answer"
    batch: bool = False
    batch_input: str = ""
    # With so much a function has one whole processor.
    batch_memory: int = 1769
    memory: int
    timeout: int
    reserved_concurrency: int | None = None
    document_file: Path | None = None

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", self.name):
            raise ValueError(f"service name {self.name!r} must be snake_case")
        if not self.stack_id:
            camel = "".join(word.capitalize() for word in self.name.split("_"))
            object.__setattr__(self, "stack_id", camel)
        for value, allowed in (
            (self.runtime, get_args(Runtime)),
            (self.model_location, get_args(ModelLocation)),
            (self.package, get_args(Package)),
            (self.architecture, get_args(Architecture)),
            (self.outside_range, get_args(OutsideRange)),
        ):
            if value not in allowed:
                raise ValueError(f"service {self.name!r}: {value!r} is none of {allowed}")
        if not re.fullmatch(r"([A-Z][a-z0-9]*)+", self.stack_id):
            raise ValueError(f"service {self.name!r}: stack_id {self.stack_id!r} is not CamelCase")
        if not 128 <= self.memory <= 10_240:
            raise ValueError(f"service {self.name!r}: memory is 128 to 10240 MiB")
        if not 1 <= self.timeout < _GATEWAY_SECONDS:
            raise ValueError(f"service {self.name!r}: timeout is 1 to {_GATEWAY_SECONDS - 1} s")
        if len({route.path for route in self.routes}) != len(self.routes):
            raise ValueError(f"service {self.name!r}: a path is routed twice")
        if self.reserved_concurrency is not None and self.reserved_concurrency < 1:
            raise ValueError(f"service {self.name!r}: reserved_concurrency starts at 1")
        if self.batch and self.package == "image":
            raise ValueError(f"service {self.name!r}: batch runs from a zip, not from an image")
        if self.batch_input and not re.fullmatch(_S3_PREFIX, self.batch_input):
            raise ValueError(f"service {self.name!r}: batch_input is s3://bucket/prefix/")

    @property
    def routes(self) -> tuple[Route, ...]:
        """The paths and methods it answers; the first is the one that predicts."""
        return (*self.endpoint.routes, *(INVOCATIONS_ROUTES if self.invocations else ()))

    @property
    def has_page(self) -> bool:
        """Whether the root shows a browser a page to try the service."""
        return any(route.path == "/" and "GET" in route.methods for route in self.routes)

    def is_open(self, stage: Stage) -> bool:
        """Whether anybody may call it in a stage, without credentials or a key."""
        declared = not isinstance(self.endpoint, FunctionUrl) or self.endpoint.open_to_all
        return declared and stage.auth == "open"

    def configured(self, context: Callable[[str], str | None]) -> ModelService:
        """The entry with what a context says of it: runtime:NAME, model_location:NAME,
        package:NAME, batch:NAME (yes or no) and batch_input:NAME.

        Raises `UnknownChoice` for a value there is not.
        """
        chosen: dict[str, Any] = {}
        for choice, choices in (
            ("runtime", Runtime),
            ("model_location", ModelLocation),
            ("package", Package),
        ):
            key, allowed = f"{choice}:{self.name}", get_args(choices)
            value = context(key)
            if value is not None and value not in allowed:
                raise UnknownChoice(
                    f"There is no {choice} {value!r}: choose -c {key}={'|'.join(allowed)}."
                )
            if value is not None:
                chosen[choice] = value
        batch, batch_input = context(f"batch:{self.name}"), context(f"batch_input:{self.name}")
        if batch is not None:
            if batch not in _YES_OR_NO:
                raise UnknownChoice(
                    f"There is no batch {batch!r}: choose -c batch:{self.name}=yes|no."
                )
            chosen["batch"] = batch == "yes"
        if batch_input is not None:
            chosen["batch_input"] = batch_input
        try:
            return replace(self, **chosen)
        except ValueError as error:
            raise UnknownChoice(f"{error}.") from None

    def packaged_for(self, stage: Stage) -> ModelService:
        """The entry as a stage can run it: as a zip where there are no container images."""
        return self if stage.container_images else replace(self, package="zip")

    @property
    def handler(self) -> str:
        """The Lambda handler string."""
        return f"{self.package_folder}.handler.handler"

    @property
    def package_folder(self) -> str:
        """The folder of lambda_src that the handler is in."""
        return self.name if self.own_handler else "serving"

    @property
    def document(self) -> Path:
        """Where the OpenAPI document is; `python -m tools.openapi` writes it of the registry's."""
        return self.document_file or _DOCUMENTS / f"{self.name}.json"

    @property
    def slug(self) -> str:
        """The name as it appears in stack names."""
        return self.name.replace("_", "-")

    def stack_name(self, stage: Stage) -> str:
        """The name of its stack in an account."""
        return f"{stage.name}-{self.slug}"

    def role_path(self, stage: Stage) -> str:
        """The path of its functions' roles, by which those of old versions are found."""
        return f"/{self.stack_name(stage)}/"
