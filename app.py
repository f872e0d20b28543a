"""The CDK app: reads the context, checks the models, builds the stacks.

Everything that varies enters here: `-c stage=local|dev|prod`, `-c alarm_email=ADDRESS` or
`-c alarm_topic=ARN` (who is told of alarms; `prod` is not without),
`-c models=FOLDER`, `-c layers=FOLDER` (where training and `make layers` left their results, if not
in the usual places), `-c reserve=yes|no` (concurrent executions, for services alone),
`-c release=all_at_once|canary|linear` (how a version gets the requests), `-c service=NAME` (a stack
for that one alone; the store holds the models of all), and for one service
`-c runtime:NAME=portable|scikit-learn|litert`, `-c model_location:NAME=s3|package`,
`-c package:NAME=zip|image`, `-c batch:NAME=yes|no` and `-c batch_input:NAME=s3://BUCKET/PREFIX/`.
The stacks name no account and no region: they go where the CLI's credentials point, and a
template is the same wherever it is synthesized.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

try:
    import aws_cdk as cdk
except ModuleNotFoundError:
    sys.exit(f"{sys.executable} has no AWS CDK; run: make setup (.venv needs no activation)")

from model_training.publishing import manifests
from stacks.config.alarm_receiver import alarm_receiver, untold
from stacks.config.model_service import ModelService, UnknownChoice
from stacks.config.published_model import PublishedModel, model_folder
from stacks.config.selection import selected
from stacks.config.stages import Stage, UnknownStage
from stacks.gates import register_gates
from stacks.lambda_source import LAMBDA_SOURCE
from stacks.model_service_stack import ModelServiceStack
from stacks.model_store_stack import ModelStoreStack
from stacks.packaging.byte_code.packaging import interpreter_of
from stacks.packaging.layers.built import CACHE, BuiltLayers, layers_for
from stacks.packaging.layers.errors import LayerError
from stacks.packaging.layers.size_gate import TooLarge
from stacks.packaging.layers.target import target_named
from stacks.packaging.sources import Sources
from tools.verified_model import verified_model

# One of cdk.json's flags, without which nothing holds that is said of the templates.
_FLAG = "@aws-cdk/core:validateAgainstDefaultRules"
# The stacks that a command of the CDK's bundles; it names none where it reads no template.
_BUNDLING = "aws:cdk:bundling-stacks"
# CloudFormation hands a stack's tags on to its resources. The functions' stand in the template
# as well, for our rules to read.
_TAGGED = ["aws:cdk:stack", "AWS::Lambda::Function"]


def main() -> None:
    """Synthesize what the CDK's context says, or say in one sentence why not and exit with 1."""
    # With a template that is read go the gates, which have that validation with our rules; it would
    # compile its own, in a second, for a list of stacks.
    build(cdk.App(builtin_cloud_formation_validation=False))


def build(app: cdk.App) -> None:
    """Add the stacks that the app's context asks for and write the templates.

    Raises `SystemExit` with one sentence for what cannot be built.
    """
    context = app.node.try_get_context
    if context(_FLAG) is None:
        sys.exit("app.py needs the context in cdk.json, which the CDK hands it; run: make synth")
    try:
        selection = selected(context)
        stage = selection.stage
        models = {
            service.name: verified_model(service, model_folder(context("models"), service))
            for service in selection.services
        }
        folder = context("layers")
        cache = Path(folder) if folder else CACHE
        layers = {
            service.name: built
            for service in selection.deployed
            if (built := layers_for(service, models[service.name], stage, cache))
        }
        if advice := untold(stage, alarm_receiver(context)):
            print(advice, file=sys.stderr)
    except (UnknownStage, UnknownChoice, manifests.ArtifactError, LayerError) as refusal:
        sys.exit(str(refusal))
    # `cdk ls` and `cdk destroy` ask for no template: nothing is compiled, nothing is judged.
    is_read = context(_BUNDLING) != []
    if is_read:
        register_gates(app)
    with tempfile.TemporaryDirectory() as staging:
        try:
            add_stacks(
                app,
                stage=stage,
                services=selection.deployed,
                models=models,
                of_stage=selection.services,
                layers=layers,
                staging=Path(staging),
                python=_interpreter(stage) if is_read else None,
            )
        except TooLarge as refusal:
            sys.exit(str(refusal))
        try:
            app.synth()
        except RuntimeError as failure:
            # The report is already on the screen; the bridge's traceback says nothing more.
            if "ValidationFailed" not in str(failure):
                raise
            sys.exit("Synthesis stopped: acknowledge or mend the findings above.")


def _interpreter(stage: Stage) -> Path | None:
    """An interpreter of the version that a stage's functions run on, if one is at hand."""
    return interpreter_of(f"python{target_named(stage.layer_target).python}")


def add_stacks(
    app: cdk.App,
    *,
    stage: Stage,
    services: Sequence[ModelService],
    models: Mapping[str, PublishedModel],
    layers: Mapping[str, BuiltLayers],
    staging: Path,
    python: Path | None = None,
    of_stage: Sequence[ModelService] | None = None,
) -> None:
    """Add the model store and one stack per service.

    The store has the models, the graphs and the results of all services `of_stage`, which without
    it are these. `layers` by service, of those that need any. `staging` is a folder to package in,
    `python` an interpreter of the functions' version, if one is at hand.
    """
    sources = Sources(lambda_source=LAMBDA_SOURCE, staging=staging, python=python)
    of_stage = services if of_stage is None else of_stage
    store = ModelStoreStack(
        app,
        "ModelStore",
        stage=stage,
        models=[models[one.name] for one in of_stage if one.model_location == "s3"],
        sources=sources,
        watched=[(one, models[one.name]) for one in of_stage],
        batch=any(one.batch for one in of_stage),
    )
    alarms_to = alarm_receiver(app.node.try_get_context)
    for service in services:
        stack = ModelServiceStack(
            app,
            service.stack_id,
            stage=stage,
            service=service,
            model=models[service.name],
            store=store,
            sources=replace(sources, layers=layers.get(service.name)),
            alarms_to=alarms_to,
        )
        stack.add_stack_dependency(store)
    for key, value in (("application", "model-api-on-lambda"), ("stage", stage.name)):
        cdk.Tags.of(app).add(key, value, include_resource_types=_TAGGED)


if __name__ == "__main__":
    main()
