"""Batch, where an entry asks for it: what it may touch, what bounds it, and nothing elsewhere."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from stacks.config.concurrency import reservations
from stacks.config.model_service import UnknownChoice
from stacks.config.published_model import PublishedModel
from stacks.config.services.spam_or_ham import SERVICE
from stacks.config.stages import STAGES
from stacks.packaging.function_files import function_files, job_files, worker_files
from tools import PROJECT
from tools.reliability.defects.assembly import Assembly, flat, statements, synthesize

STACK = SERVICE.stack_id
PREFIX = "s3://rows-of-ours/messages/"


@pytest.fixture(scope="module")
def batch(
    tmp_path_factory: pytest.TempPathFactory, published: dict[str, PublishedModel]
) -> Assembly:
    """Production, with batch for spam or ham, whose rows lie in somebody's own bucket."""
    return synthesize(
        tmp_path_factory.mktemp("batch"), stage=STAGES["prod"], models=published,
        services=[replace(SERVICE, batch=True, batch_input=PREFIX)],
    )  # fmt: skip


def test_all_gates_are_passed_and_prefixes_alone_are_acknowledged(batch: Assembly) -> None:
    assert batch.error is None
    assert batch.findings() == set()
    accepted = {rule for rule, place in batch.acknowledged() if "/Batch/" in place}
    assert {rule.partition("[")[0] for rule in accepted} == {
        "AwsSolutions-IAM5", "AwsSolutions-SF1", "AwsSolutions-SF2",
    }  # fmt: skip
    wild = {rule for rule in accepted if "IAM5" in rule}
    assert all("/*]" in rule or ":*]" in rule for rule in wild)


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("BatchWorkerRole", {"s3:GetObject": {"messages/*", "jobs/spam_or_ham/*", "spam_or_ham/"},
                             "s3:PutObject": {"jobs/spam_or_ham/*"}}),
        ("BatchPlannerRole", {"s3:GetObject": {"messages/*", "jobs/spam_or_ham/*"},
                              "s3:PutObject": {"jobs/spam_or_ham/*"}}),
        ("BatchFinisherRole", {"s3:GetObject": {"jobs/spam_or_ham/*"},
                               "s3:PutObject": {"jobs/spam_or_ham/*"}}),
        ("BatchRole", {"s3:GetObject": {"jobs/spam_or_ham/*"}}),
    ],
)  # fmt: skip
def test_a_role_reads_and_writes_its_prefixes_alone(
    batch: Assembly, role: str, allowed: dict[str, set[str]]
) -> None:
    said: dict[str, set[str]] = {}
    for statement in statements(batch.only(STACK, "AWS::IAM::Role", role)):
        assert statement["Effect"] == "Allow"
        actions, resources = statement["Action"], statement["Resource"]
        for action in [actions] if isinstance(actions, str) else actions:
            every = resources if isinstance(resources, list) else [resources]
            said.setdefault(action, set()).update(map(flat, every))
    for action in ("s3:GetObject", "s3:PutObject"):
        for resource in said.get(action, set()):
            assert any(end in resource for end in allowed.get(action, ())), (action, resource)
    assert not {action for action in said if "Delete" in action or "*" in action}
    lists = [s for s in statements(batch.only(STACK, "AWS::IAM::Role", role))
             if s["Action"] == "s3:ListBucket"]  # fmt: skip
    assert all(s["Condition"]["StringLikeIfExists"]["s3:prefix"].endswith("/*") for s in lists)


def test_the_machine_maps_over_the_plan_by_version_and_the_stage_s_concurrency(
    batch: Assembly,
) -> None:
    machine = batch.only(STACK, "AWS::StepFunctions::StateMachine")["Properties"]
    text = flat(machine["DefinitionString"])
    states = json.loads(text)["States"]
    mapped = states["Score"]
    assert mapped["MaxConcurrency"] == STAGES["prod"].batch_concurrency
    assert mapped["ItemProcessor"]["ProcessorConfig"] == {
        "Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS",
    }  # fmt: skip
    assert mapped["ItemReader"]["ReaderConfig"] == {"InputType": "JSONL"}
    assert mapped["ResultPath"] is None
    assert not {"ItemBatcher", "ResultWriter"} & mapped.keys()
    scoring = mapped["ItemProcessor"]["States"]["ScoreRange"]
    assert scoring["Retry"][0]["JitterStrategy"] == "FULL"
    for step in (states["Plan"], scoring, states["Finish"]):
        assert "CurrentVersion" in step["Resource"]


def test_the_worker_is_bounded_and_told_where_rows_may_be(batch: Assembly) -> None:
    functions = batch.resources(STACK, "AWS::Lambda::Function")
    by_handler = {each["Properties"]["Handler"]: each["Properties"] for each in functions.values()}
    worker = by_handler["batch.worker.handler"]
    assert worker["ReservedConcurrentExecutions"] == STAGES["prod"].batch_concurrency
    variables = worker["Environment"]["Variables"]
    assert variables["SERVICE_HANDLER"] == "spam_or_ham.handler"
    inference = by_handler["spam_or_ham.handler.handler"]["Environment"]["Variables"]
    assert variables["MODEL_ARTIFACTS"] == inference["MODEL_ARTIFACTS"]
    told = by_handler["batch.plan.handler"]["Environment"]["Variables"]
    assert (told["INPUT_BUCKET"], told["INPUT_PREFIX"]) == ("rows-of-ours", "messages/")
    assert told["RESULTS_PREFIX"] == "jobs/spam_or_ham/"
    kept = reservations([replace(SERVICE, batch=True)], STAGES["prod"])
    assert kept == {"spam_or_ham": 20 + STAGES["prod"].batch_concurrency}


def test_the_results_bucket_is_protected_as_the_models_is(batch: Assembly) -> None:
    buckets = batch.resources("ModelStore", "AWS::S3::Bucket")
    ours = next(each for name, each in buckets.items() if name.startswith("Batch"))
    models = next(each for name, each in buckets.items() if name.startswith("StoreModels"))
    for name in (
        "BucketEncryption", "PublicAccessBlockConfiguration", "OwnershipControls",
        "VersioningConfiguration",
    ):  # fmt: skip
        assert ours["Properties"][name] == models["Properties"][name]
    assert ours["DeletionPolicy"] == models["DeletionPolicy"] == "Retain"
    assert flat(ours["Properties"]["LoggingConfiguration"]["DestinationBucketName"])


def test_jobs_that_fail_raise_an_alarm(batch: Assembly) -> None:
    alarms = batch.resources(STACK, "AWS::CloudWatch::Alarm").values()
    metrics = {alarm["Properties"].get("MetricName") for alarm in alarms}
    assert {"ExecutionsFailed", "ExecutionsTimedOut"} <= metrics


def test_what_callers_ask_is_the_same_with_and_without(
    batch: Assembly, prod: Assembly, published: dict[str, PublishedModel]
) -> None:
    def function(assembly: Assembly) -> object:
        for each in assembly.resources(STACK, "AWS::Lambda::Function").values():
            if each["Properties"]["Handler"] == "spam_or_ham.handler.handler":
                return each["Properties"]["Code"]
        return None

    assert function(batch) == function(prod) is not None
    files = function_files(replace(SERVICE, batch=True), published["spam_or_ham"],
                           PROJECT / "lambda_src")  # fmt: skip
    assert not [name for name in files if name.startswith("batch/")]
    assert "batch" not in json.dumps(prod.template(STACK)).lower()


def test_packages_hold_what_their_handlers_reach(published: dict[str, PublishedModel]) -> None:
    worker = worker_files(SERVICE, published["spam_or_ham"], PROJECT / "lambda_src")
    assert {"batch/worker.py", "spam_or_ham/handler.py", "serving/loading/s3.py"} <= worker.keys()
    assert not {"batch/plan.py", "page.html", "openapi.json"} & worker.keys()
    jobs = job_files(PROJECT / "lambda_src")
    assert {"batch/plan.py", "batch/finish.py", "batch/cutting.py"} <= jobs.keys()
    assert not {"batch/worker.py", "spam_or_ham/handler.py"} & jobs.keys()


def test_a_context_switches_it_and_says_where_rows_may_be() -> None:
    context = {"batch:spam_or_ham": "yes", "batch_input:spam_or_ham": PREFIX}
    service = SERVICE.configured(context.get)
    assert (service.batch, service.batch_input) == (True, PREFIX)
    for wrong in ({"batch:spam_or_ham": "perhaps"}, {"batch_input:spam_or_ham": "/messages"},
                  {"batch:spam_or_ham": "yes", "package:spam_or_ham": "image"}):  # fmt: skip
        with pytest.raises(UnknownChoice):
            SERVICE.configured(wrong.get)
