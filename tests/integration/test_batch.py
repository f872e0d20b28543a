"""A job through the real state machine on the local AWS; and its functions, asked one by one."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from batch import finish, plan
from batch.errors import InputChanged, Refused, Unfinished

from stacks.config.selection import SERVICE as SELECTED
from stacks.config.services.spam_or_ham import SERVICE
from tests.integration.conftest import CONTEXT
from tools import PROJECT
from tools.batch.options import Options
from tools.batch.run import Job, run
from tools.batch.score import score
from tools.batch.targets import local_client, target
from tools.local_aws.client import request
from tools.local_aws.emulator import Emulator, free_port
from tools.local_aws.session import LocalServices, known
from tools.reliability import small_objects

BAD = {500: "{", 1_000: '{"text": ""}', 1_999: '"\\ud800"'}
OPTIONS = Options(range_bytes=20_000, processes=2)


SPAM_WORDS = ("free", "prize", "call", "now", "win", "money", "urgent", "txt", "claim")
HAM_WORDS = ("hello", "see", "you", "at", "noon", "lunch")


def texts() -> list[str]:
    words = [*SPAM_WORDS, *HAM_WORDS]
    return [
        " ".join(words[(row * step) % len(words)] for step in range(1, 3 + row % 14)) + f" {row}"
        for row in range(2_000)
    ]


def rows_file(folder: Path) -> Path:
    """Every other row with an id, some bad, the last without a line end."""
    rows = [
        BAD.get(row) or json.dumps({"id": f"m{row}", "text": text} if row % 2 else text)
        for row, text in enumerate(texts())
    ]
    file = folder / "rows.jsonl"
    file.write_text("\n".join(rows))
    return file


def read(folder: Path, kind: str) -> list[dict[str, Any]]:
    files = sorted(folder.glob(f"{kind}-*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


@pytest.fixture(scope="module")
def with_batch(local: LocalServices) -> LocalServices:
    """The services; spam or ham deployed again where another test has deployed it without batch."""
    outputs = local.deployment.outputs
    (machine,) = (each["BatchMachine"] for each in outputs.values() if "BatchMachine" in each)
    machines = local_client(local.emulator.url)("stepfunctions").list_state_machines()
    if machine not in {each["stateMachineArn"] for each in machines["stateMachines"]}:
        local.deployment.deploy(context={**CONTEXT, SELECTED: SERVICE.name})
        local.deployment.outputs = {**outputs, **local.deployment.outputs}
    return local


def test_score_batch_and_http_answer_the_same_to_the_last_bit(
    with_batch: LocalServices, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    local = with_batch
    file = rows_file(tmp_path)
    monkeypatch.chdir(tmp_path)
    scored, batched = tmp_path / "scored", tmp_path / "batched"
    score("spam_or_ham", [file.name], str(scored), OPTIONS)
    with known(local):
        manifest = run("spam_or_ham", [file.name], str(batched), OPTIONS)
        again = run("spam_or_ham", [file.name], str(batched), OPTIONS)
    assert manifest == again
    assert (manifest["rows"], manifest["errors"]) == (2_000 - len(BAD), len(BAD))
    assert manifest["ranges"] > 3
    answers = read(batched, "part")
    assert answers == read(scored, "part")
    assert read(batched, "errors") == read(scored, "errors")
    assert [error["line"] for error in read(batched, "errors")] == [row + 1 for row in BAD]
    good = [(row, text) for row, text in enumerate(texts()) if row not in BAD]
    assert [answer.get("line") or answer["id"] for answer in answers] == [
        f"m{row}" if row % 2 else row + 1 for row, _ in good
    ]
    url = local.endpoints["spam_or_ham"]
    sample = range(0, len(good), 97)
    with ThreadPoolExecutor(2) as pool:
        bodies = list(pool.map(lambda at: request(url, good[at][1].encode()).body, sample))
    for at, body in zip(sample, bodies, strict=True):
        over_http = json.loads(body)
        assert [answers[at]["prediction"]] == over_http["predictions"]
        assert [answers[at]["probabilities"]] == over_http["probabilities"]
        assert answers[at]["model_version"] == over_http["model"]["version"]


def test_a_refusal_of_a_function_ends_the_job_in_its_words(with_batch: LocalServices) -> None:
    local = with_batch
    outputs = next(each for each in local.deployment.outputs.values() if "BatchMachine" in each)
    there = target(SERVICE, outputs, local_client(local.emulator.url))
    job = Job(there, ["s3://elsewhere/a.jsonl"], f"{there.output_url}refused/", OPTIONS)
    with pytest.raises(Refused, match="may not be read: this service was deployed to read"):
        job.follow()


ENVIRON = {
    "MODEL_NAME": "spam_or_ham", "MODEL_VERSION": "1" * 12, "INPUT_KIND": "text",
    "INPUT_BUCKET": "data", "INPUT_PREFIX": "in/", "RESULTS_BUCKET": "data",
    "RESULTS_PREFIX": "out/", "WORKER_MEMORY": "1769",
}  # fmt: skip


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Any]]:
    """S3 and Step Functions of a local AWS with nothing deployed but a bucket and a machine."""
    log = tmp_path_factory.mktemp("batch") / "emulator.log"
    with Emulator(port=free_port(), log=log) as emulator:
        client = local_client(emulator.url)
        s3, states = client("s3"), client("stepfunctions")
        s3.create_bucket(Bucket="data")
        for name in ("a", "b"):
            s3.put_object(Bucket="data", Key=f"in/{name}.jsonl", Body=b'"free"\n' * 1000)
        yield s3, states


def begun(clients: tuple[Any, Any], execution: str, name: str, **more: Any) -> dict[str, Any]:
    event = {
        "inputs": ["s3://data/in/"], "output": f"s3://data/out/{name}/",
        "options": {"range_bytes": 3000}, "execution": execution, **more,
    }  # fmt: skip
    return plan.begin(event, *clients, ENVIRON)


def executions(states: Any) -> tuple[str, str]:
    """One that waits for ever, and one that has ended."""
    wait = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 600, "End": True}}}
    arn = states.create_state_machine(
        name="waits", definition=json.dumps(wait), roleArn="arn:aws:iam::000000000000:role/r"
    )["stateMachineArn"]
    running, ended = (states.start_execution(stateMachineArn=arn)["executionArn"] for _ in range(2))
    states.stop_execution(executionArn=ended)
    return running, ended


def test_small_objects_are_planned_each_once(clients: tuple[Any, Any]) -> None:
    facts = small_objects.planned(clients[0], "data", "small/", 150)
    assert small_objects.complaints(facts) == []
    assert facts["small_objects_ranges"] == 2
    lost = {**facts, "small_objects_planned": 149, "small_objects_ranges": 1}
    assert len(small_objects.complaints(lost)) == 2


def test_an_output_belongs_to_one_job_and_one_execution(clients: tuple[Any, Any]) -> None:
    s3, states = clients
    running, ended = executions(states)
    first = begun(clients, ended, "one")
    assert begun(clients, ended, "one") == first, "a retry of the step is the same job"
    assert begun(clients, running, "one")["started"] == first["started"], "the first has ended"
    with pytest.raises(Refused, match="A job is running into s3://data/out/one/"):
        begun(clients, ended, "one")
    with pytest.raises(Refused, match="holds another job: its inputs and options differ"):
        begun(clients, running, "one", inputs=["s3://data/in/a.jsonl"])
    held = json.loads(s3.get_object(Bucket="data", Key="out/one/job.json")["Body"].read())
    assert held["execution"] == running
    for elsewhere, inputs, said in (
        ({"output": "s3://other/out/x/"}, ["s3://data/in/"], "is not where results go"),
        ({"output": "s3://data/out/"}, ["s3://data/in/"], "is not where results go"),
        ({}, ["s3://data/secret/a.jsonl"], "may not be read"),
        ({}, ["s3://data/in/none.jsonl"], "There is nothing at"),
        ({}, ["a.jsonl"], "is no address of S3"),
    ):
        with pytest.raises(Refused, match=said):
            begun(clients, running, "x", inputs=inputs, **elsewhere)


def test_inputs_that_change_during_a_job_are_noticed(clients: tuple[Any, Any]) -> None:
    s3, states = clients
    running, _ = executions(states)
    job = begun(clients, running, "changing")
    lines = s3.get_object(Bucket="data", Key=job["plan"])["Body"].read().splitlines()
    assert len(lines) == 6
    with pytest.raises(Unfinished):
        finish.end(job, s3, ENVIRON)
    summary = {"records": 1, "rows": 1, "errors": 0, "blank": 0, "classes": {"ham": 1},
               "confidence": None, "last": True, "seconds": 1.0}  # fmt: skip
    for item in range(len(lines)):
        s3.put_object(
            Bucket="data", Key=f"out/changing/summaries/{item:06}-0000.json",
            Body=json.dumps(summary).encode(),
        )  # fmt: skip
    s3.put_object(Bucket="data", Key="in/c.jsonl", Body=b'"new"\n')
    with pytest.raises(InputChanged, match=r"in/c.jsonl was added"):
        finish.end(job, s3, ENVIRON)
    s3.delete_object(Bucket="data", Key="in/c.jsonl")
    manifest = finish.end(job, s3, ENVIRON)
    assert (manifest["rows"], manifest["classes"]) == (6, {"ham": 6})
    whole = json.loads(
        s3.get_object(Bucket="data", Key="out/changing/manifest.json")["Body"].read()
    )
    assert [one["key"] for one in whole["inputs"]] == ["in/a.jsonl", "in/b.jsonl"]
    s3.put_object(Bucket="data", Key="in/b.jsonl", Body=b'"other"\n')
    with pytest.raises(InputChanged, match=r"in/b.jsonl, or what stands before it, has changed"):
        finish.end(job, s3, ENVIRON)


def test_a_folder_has_one_job_at_a_time_and_refuses_others(tmp_path: Path) -> None:
    file = tmp_path / "rows.txt"
    file.write_text("free prize\n")
    out = tmp_path / "out"
    score("spam_or_ham", [str(file)], str(out), OPTIONS)
    file.write_text("another prize\n")
    ran = subprocess.run(
        [sys.executable, "-m", "tools.batch", "score", "--service", "spam_or_ham",
         "--output", str(out), str(file)],
        cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 1
    assert "holds another job: its inputs and options differ. Choose another OUTPUT." in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.judge
def test_parquet_gives_the_same_as_json_lines(tmp_path: Path) -> None:
    """DuckDB is installed where it is not."""
    from pyarrow import Table, parquet

    rows = [{"id": f"m{row}", "text": text, "x": row / 7} for row, text in enumerate(texts())]
    parquet.write_table(Table.from_pylist(rows), tmp_path / "rows.parquet")
    (tmp_path / "rows.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    options = Options(keep=("x",))
    for form in ("parquet", "jsonl"):
        score("spam_or_ham", [str(tmp_path / f"rows.{form}")], str(tmp_path / form), options)
    assert read(tmp_path / "parquet", "part") == read(tmp_path / "jsonl", "part")
