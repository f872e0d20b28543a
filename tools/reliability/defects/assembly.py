"""A synthesized app on disk, read the way the CDK CLI reads it."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aws_cdk as cdk

from app import add_stacks
from stacks.config.model_service import ModelService
from stacks.config.published_model import PublishedModel
from stacks.config.services import SERVICES
from stacks.config.stages import Stage
from stacks.gates import register_gates
from stacks.packaging.layers.built import BuiltLayers
from tools import PROJECT

Resource = dict[str, Any]


@dataclass(frozen=True)
class Assembly:
    """What one synthesis wrote. `error` is what it raised, if it did."""

    folder: Path
    error: str | None = None

    def template(self, stack: str) -> dict[str, Any]:
        """The template of a stack by its id."""
        template: dict[str, Any] = json.loads((self.folder / f"{stack}.template.json").read_text())
        return template

    def resources(self, stack: str, type_: str, id_contains: str = "") -> dict[str, Resource]:
        """Logical ID → resource, of one type."""
        every = self.template(stack)["Resources"]
        return {
            id_: resource
            for id_, resource in every.items()
            if resource["Type"] == type_ and id_contains in id_
        }

    def only(self, stack: str, type_: str, id_contains: str = "") -> Resource:
        """The one resource of a type; fails if there is another or none."""
        resources = self.resources(stack, type_)
        [one] = [resource for id_, resource in resources.items() if id_contains in id_]
        return one

    def findings(self) -> set[tuple[str, str]]:
        """(rule, construct path or logical ID) of everything the gates reported."""
        report = json.loads((self.folder / "validation-report.json").read_text())
        return {
            (violation["ruleName"], _place(resource))
            for plugin in report["pluginReports"]
            for violation in plugin["violations"]
            for resource in violation.get("violatingConstructs", [{}])
        }

    def acknowledged(self) -> set[tuple[str, str]]:
        """(rule, construct path) of everything somebody accepted."""
        return {
            (rule.removeprefix("Annotation::"), path)
            for file in self.folder.glob("*.metadata.json")
            for path, entries in json.loads(file.read_text()).items()
            for entry in entries
            if entry["type"] == "aws:cdk:acknowledged-rules"
            for rule in entry["data"]
        }


def _place(resource: Resource) -> str:
    path = resource.get("constructPath") or resource.get("constructStack") or ""
    return f"/{path.removeprefix('/').removesuffix('/Resource')}"


def cdk_context() -> dict[str, Any]:
    """The feature flags of cdk.json: an App that is made in a test does not read them."""
    context: dict[str, Any] = json.loads((PROJECT / "cdk.json").read_text())["context"]
    return context


def synthesize(
    folder: Path,
    *,
    stage: Stage,
    models: Mapping[str, PublishedModel],
    services: Sequence[ModelService] = SERVICES,
    layers: Mapping[str, BuiltLayers] | None = None,
    context: dict[str, Any] | None = None,
    after_gates: Callable[[], object] = lambda: None,
) -> Assembly:
    """Build the app as app.py does, for models that nobody trained."""
    app = cdk.App(context={**cdk_context(), **(context or {})}, outdir=str(folder))
    register_gates(app)
    after_gates()
    with tempfile.TemporaryDirectory() as staging:
        add_stacks(
            app,
            stage=stage,
            services=[service.packaged_for(stage) for service in services],
            models=models,
            layers=layers or {},
            staging=Path(staging),
        )
        return synth(app, folder)


def synth(app: cdk.App, folder: Path) -> Assembly:
    """Write the app; findings become part of the result instead of an exception."""
    try:
        app.synth()
    except RuntimeError as error:
        return Assembly(folder, error=str(error))
    return Assembly(folder)


_MASKS = (
    (re.compile(r"(InferenceRole)[0-9a-f]{12}[0-9A-F]{8}"), r"\1<version><hash>"),
    (re.compile(r'("MODEL_VERSION": )"[0-9a-f]{12}"'), r'\1"<version>"'),
    (re.compile(r'("ModelVersion": {"Value": )"[0-9a-f]{12}"'), r'\1"<version>"'),
    (re.compile(r'(\\"bytes\\":)\d+'), r"\1<bytes>"),
    (re.compile(r"[0-9a-f]{64}"), "<sha256>"),
    (re.compile(r"(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}"), r"\1<hash>"),
    (re.compile(r"(Deployment[0-9A-F]{8})[0-9a-f]{32}"), r"\1<hash>"),
)


def masked(template: dict[str, Any]) -> dict[str, Any]:
    """Hide what changes with every model and every line of code: the one place for that."""
    text = json.dumps(template)
    for pattern, replacement in _MASKS:
        text = pattern.sub(replacement, text)
    result: dict[str, Any] = json.loads(text, object_hook=_in_one_order)
    return result


def _in_one_order(resource: Resource) -> Resource:
    """The CDK sorts a statement's resources, and so by the digests that are masked now."""
    if isinstance(resource.get("Resource"), list):
        return {**resource, "Resource": sorted(resource["Resource"], key=json.dumps)}
    return resource


def flat(value: object) -> str:
    """A value of a template as text in which intrinsic functions read like their targets."""
    if isinstance(value, dict) and "Fn::Join" in value:
        separator, parts = value["Fn::Join"]
        return str(separator).join(map(flat, parts))
    if isinstance(value, dict) and "Fn::GetAtt" in value:
        return "${" + ".".join(value["Fn::GetAtt"]) + "}"
    if isinstance(value, dict) and "Ref" in value:
        return "${" + str(value["Ref"]) + "}"
    if isinstance(value, dict) and "Fn::ImportValue" in value:
        return "${" + flat(value["Fn::ImportValue"]) + "}"
    return str(value)


def as_list(value: object) -> list[Any]:
    """What CloudFormation lets one write as one value or as a list."""
    return value if isinstance(value, list) else [value]


def statements(resource: Resource) -> Iterable[dict[str, Any]]:
    """The statements inside a role."""
    for policy in resource["Properties"].get("Policies", []):
        yield from policy["PolicyDocument"]["Statement"]
