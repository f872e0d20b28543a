"""Rows in S3, scored by the service's own model: Step Functions' distributed map over ranges."""

from __future__ import annotations

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from ..config.concurrency import batch_reservation
from ..config.model_service import ModelService
from ..config.published_model import PublishedModel
from ..config.stages import Stage
from ..packaging.code_asset import Content, stage_files
from ..packaging.function_files import (
    FINISH,
    PLAN,
    WORKER,
    function_environment,
    job_files,
    worker_files,
)
from ..packaging.sources import Sources
from .batch_access import (
    BatchAccess,
    acknowledge_own_history,
    acknowledge_wildcards,
)
from .batch_steps import batch_steps
from .function_code import ARCHITECTURES
from .inference_function import InferenceFunction
from .logged_function import FunctionCode, FunctionSettings, LoggedFunction
from .monitoring import PERIOD, Monitoring
from .retention import log_retention, removal_policy

_LONGEST = cdk.Duration.minutes(15)
# A child of the map ends after five, with all that was tried again.
_WORKER_LONGEST = cdk.Duration.minutes(4)
# A day: at a hundred ranges at once that is some hundred thousand million rows.
_JOB_LONGEST = cdk.Duration.days(1)
_PLANNER_MEMORY = 1024


class BatchScoring(Construct):
    """`machine` plans a job, has its ranges scored, and ends it.

    Its worker is a function beside the one that callers ask, of the same model and code: a job
    neither waits for callers nor keeps them waiting.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        service: ModelService,
        model: PublishedModel,
        inference: InferenceFunction,
        results: s3.IBucket,
        sources: Sources,
        stage: Stage,
    ) -> None:
        super().__init__(scope, id_)
        self._stage = stage
        self._sources = sources
        name = f"{stage.name}-{service.slug}-batch"
        self.access = access = BatchAccess(self, service, results, machine_name=name)
        worker = self._function(
            "Worker",
            files=worker_files(service, model, sources.lambda_source),
            module=WORKER,
            architecture=ARCHITECTURES[service.architecture],
            layers=inference.layers,
            memory=service.batch_memory,
            timeout=_WORKER_LONGEST,
            environment={
                **function_environment(service, model, stage.egress),
                **inference.model_access.environment,
                "SERVICE_HANDLER": service.handler.rpartition(".")[0],
            },
            statements=[*inference.model_access.statements, *access.of_worker()],
            reserved_concurrency=batch_reservation(service, stage),
            role_id=f"Role{model.version}",
        )
        told = {
            "MODEL_NAME": model.name,
            "MODEL_VERSION": model.version,
            "INPUT_KIND": model.kind,
            "WORKER_MEMORY": str(service.batch_memory),
            "WORKER_ARCHITECTURE": service.architecture,
            **access.environment(),
        }
        plan, finish = (
            self._function(
                id_,
                files=job_files(sources.lambda_source),
                module=module,
                memory=_PLANNER_MEMORY,
                environment=told,
                statements=statements,
            )
            for id_, module, statements in (
                ("Planner", PLAN, access.of_plan()),
                ("Finisher", FINISH, access.of_finish()),
            )
        )
        # By version: a job is answered by one model, also where another is deployed meanwhile.
        versions = [each.function.current_version for each in (plan, worker, finish)]
        may = access.of_machine([version.function_arn for version in versions])
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("states.amazonaws.com"),
            description=f"Runs batch jobs of {service.name}",
            inline_policies={"Permissions": iam.PolicyDocument(statements=may)},
        )
        acknowledge_wildcards(role, may)
        self.machine = sfn.StateMachine(
            self,
            "Machine",
            state_machine_name=name,
            comment=f"Scores rows by the model {model.name}",
            definition_body=sfn.DefinitionBody.from_chainable(
                batch_steps(
                    self,
                    plan=versions[0],
                    worker=versions[1],
                    finish=versions[2],
                    results=results,
                    concurrency=stage.batch_concurrency,
                )
            ),
            role=iam.Role.from_role_arn(self, "Given", role.role_arn, mutable=False),
            timeout=_JOB_LONGEST,
            removal_policy=removal_policy(stage),
        )
        # The CDK's own policy for the map; the role says the same already and takes no other.
        self.machine.node.try_remove_child("DistributedMapPolicy")
        self.machine.node.add_dependency(role)
        acknowledge_own_history(self.machine)

    def alarms(self, monitoring: Monitoring) -> None:
        """Tells the topic of jobs that did not end well."""
        for id_, metric, meaning in (
            ("BatchFailed", self.machine.metric_failed, "failed: its error says what to do"),
            ("BatchTimedOut", self.machine.metric_timed_out, "ran for a day without an end"),
        ):
            monitoring.alarm(
                id_,
                metric(period=PERIOD, statistic="Sum"),
                threshold=1,
                meaning=f"A batch job {meaning}. Started again, it goes on where it stopped.",
            )

    def _function(
        self,
        id_: str,
        *,
        files: dict[str, Content],
        module: str,
        memory: int,
        timeout: cdk.Duration = _LONGEST,
        environment: dict[str, str],
        statements: list[iam.PolicyStatement],
        architecture: lambda_.Architecture = lambda_.Architecture.ARM_64,
        layers: Sequence[lambda_.ILayerVersion] = (),
        reserved_concurrency: int | None = None,
        role_id: str = "Role",
    ) -> LoggedFunction:
        folder = self._sources.staging / f"{self.node.addr}-{id_}"
        logged = LoggedFunction(
            self,
            id_,
            description=f"{id_} of the batch jobs of {environment['MODEL_NAME']}",
            code=FunctionCode(
                code=lambda_.Code.from_asset(stage_files(folder, files)),
                handler=f"{module}.handler",
                architecture=architecture,
                layers=layers,
            ),
            settings=FunctionSettings(
                memory=memory,
                timeout=timeout,
                environment=environment,
                reserved_concurrency=reserved_concurrency,
                log_level=self._stage.log_level,
                log_retention=log_retention(self._stage),
                removal_policy=removal_policy(self._stage),
            ),
            statements=statements,
            role_id=role_id,
        )
        acknowledge_wildcards(logged.role, statements)
        return logged
