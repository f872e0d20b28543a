"""A second model, taken back while requests run, brought back, and fetched to stay."""

from __future__ import annotations

import io
import json
import pickle
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copytree

import boto3
import pytest

from model_training.publishing import artifacts, manifests
from model_training.spam_or_ham.publish import CLASSIFIER, VECTORIZER
from stacks.config.services import SERVICES
from stacks.config.stages import STAGES
from stacks.packaging.code_asset import Content, source_files
from stacks.packaging.golden import NAME, golden_file
from tools import PROJECT
from tools.local_aws.client import request
from tools.local_aws.emulator import ACCOUNT, REGION
from tools.local_aws.session import LocalServices
from tools.local_aws.small_model import HAM as HAM_TEXTS
from tools.local_aws.small_model import SPAM as SPAM_TEXTS
from tools.local_aws.small_model import small_model
from tools.release import status
from tools.release.brake import is_stopped, resume
from tools.release.drift import days_of, reference_of
from tools.release.failure import ReleaseFailed
from tools.release.logs import show_logs
from tools.release.places import Place
from tools.release.readable import unreadable
from tools.release.restore import restore
from tools.release.rollback import move, put_live, rollback
from tools.release.versions import LiveService, service_in
from tools.verified_model import verified_model

SPAM = next(service for service in SERVICES if service.name == "spam_or_ham")
TEXT = "see you at home"
PLAIN = {"content-type": "text/plain"}


@dataclass
class Traffic:
    """What requests, one after the other, were answered: status, model and probability."""

    answers: list[tuple[int, str, float]] = field(default_factory=list)

    def until_answered_by(self, model: str) -> None:
        """Waits for an answer by a model: what is live for a moment may be asked nothing."""
        end = time.monotonic() + 60
        while all(other != model for _, other, _ in self.answers):
            assert time.monotonic() < end, f"no request was answered by {model}"
            time.sleep(0.02)


@contextmanager
def traffic(url: str) -> Iterator[Traffic]:
    """Asks until the end of the block, far below the stage's throttle."""
    seen, done = Traffic(), threading.Event()

    def ask() -> None:
        while not done.wait(0.05):
            answer = request(
                url,
                json.dumps({"instances": [TEXT]}).encode(),
                headers={"content-type": "application/json"},
            )
            body = json.loads(answer.body) if answer.status == 200 else {}
            seen.answers.append(
                (
                    answer.status,
                    answer.headers.get("x-model-version", ""),
                    body["probabilities"][0]["spam"] if body else -1.0,
                )
            )

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield seen
    finally:
        done.set()
        thread.join()


@dataclass(frozen=True)
class TwoModels:
    """The service with a small model deployed over the published one; their model versions."""

    place: Place
    first: str
    second: str
    url: str
    hook: str
    folder: Path

    @property
    def live(self) -> LiveService:
        return service_in(self.place, SPAM)


def write_second_model(folder: Path) -> str:
    """A small model with as many golden texts as a deployment asks for; its version."""
    files = small_model()
    texts = [f"{text} {number}" for text in (*SPAM_TEXTS, *HAM_TEXTS) for number in range(7)]
    vectorizer, classifier = (pickle.loads(files[name]) for name in (VECTORIZER, CLASSIFIER))
    rows = vectorizer.transform(texts)
    golden = [
        {
            "input": text,
            "prediction": str(label),
            "probabilities": dict(zip(classifier.classes_.tolist(), row, strict=True)),
        }
        for text, label, row in zip(
            texts, classifier.predict(rows), classifier.predict_proba(rows).tolist(), strict=True
        )
    ]
    manifest = json.loads(files.pop(manifests.MANIFEST))
    return artifacts.write(folder, files, {**manifest, "golden": golden})


@pytest.fixture(scope="module")
def two(local: LocalServices, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoModels]:
    """Deploys the second model; at the end the first one is live, as the other tests expect."""
    session = boto3.Session(
        aws_access_key_id=ACCOUNT, aws_secret_access_key="test", region_name=REGION
    )
    place = Place(STAGES["local"], ACCOUNT, session, local.emulator.url)
    before, outputs = service_in(place, SPAM), local.deployment.outputs
    folder = tmp_path_factory.mktemp("models")
    copytree(PROJECT / "build" / "models" / "breast_cancer", folder / "breast_cancer")
    second = write_second_model(folder / SPAM.name)
    # By steps, as in production: of them this AWS has the hook, which asks before traffic.
    context = {"service": SPAM.name, "models": str(folder), "release": "canary"}
    local.deployment.deploy(context=context)
    hook = local.deployment.output("PreTrafficHook")
    local.deployment.outputs = outputs
    try:
        url = local.endpoints[SPAM.name]
        model = folder / SPAM.name
        yield TwoModels(place, before.live.model_version, second, url, hook, model)
    finally:
        now = service_in(place, SPAM)
        move(place, now, before.live)


def test_the_hook_passes_what_answers_as_published_and_nothing_else(two: TwoModels) -> None:
    functions = two.place.client("lambda")

    def outcome(**event: str) -> dict[str, str]:
        invoked = functions.invoke(FunctionName=two.hook, Payload=json.dumps(event).encode())
        answered: dict[str, str] = json.loads(invoked["Payload"].read())
        return answered

    assert outcome() == {"status": "Succeeded", "reason": ""}
    [other] = [each for each in two.live.versions if each.model_version == two.first]
    refused = outcome(target=f"{two.live.deployed.function}:{other.number}")
    assert refused["status"] == "Failed"
    assert f"by the model {two.first} where {two.second} was published" in refused["reason"]
    gone = outcome(target="nothing-there:1")
    assert gone["status"] == "Failed"
    assert gone["reason"].startswith("the version could not be asked: ")


def test_the_hook_refuses_a_version_with_a_wrong_golden_answer(two: TwoModels) -> None:
    """The hook as it is packaged, but for one golden answer that is off by a thousandth: one that
    the version itself does not look at when it loads its model."""
    published = json.loads(golden_file(SPAM, verified_model(SPAM, two.folder)))
    wrong = published["golden"][-1]
    wrong["probabilities"]["spam"] += 0.001
    files: dict[str, Content] = {
        **source_files(PROJECT / "lambda_src", ["pre_traffic"]),
        NAME: json.dumps(published).encode(),
    }
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content if isinstance(content, bytes) else content.read_bytes())
    functions = two.place.client("lambda")
    deployed = functions.get_function_configuration(FunctionName=two.hook)
    functions.create_function(
        FunctionName="hook-of-a-wrong-answer",
        Code={"ZipFile": package.getvalue()},
        **{key: deployed[key] for key in ("Runtime", "Role", "Handler", "Timeout", "MemorySize")},
        Environment=deployed["Environment"],
    )
    try:
        invoked = functions.invoke(FunctionName="hook-of-a-wrong-answer", Payload=b"{}")
        outcome = json.loads(invoked["Payload"].read())
    finally:
        functions.delete_function(FunctionName="hook-of-a-wrong-answer")
    reason = f"golden input {wrong['place']} is not answered as published"
    assert outcome == {"status": "Failed", "reason": reason}


def test_a_rollback_loses_no_request_and_mixes_no_models(two: TwoModels) -> None:
    said: list[str] = []
    assert two.live.live.model_version == two.second
    assert "as deployed" in "\n".join(status.lines(two.live, stopped=False))
    with traffic(two.url) as seen:
        rollback(two.place, two.live, None, said.append)
        assert two.live.live.model_version == two.first
        seen.until_answered_by(two.first)
        rollback(two.place, two.live, two.second, said.append)
        seen.until_answered_by(two.second)
        rollback(two.place, two.live, two.first, said.append)
    assert {code for code, _, _ in seen.answers} == {200}
    by_model = {model: probability for _, model, probability in seen.answers}
    assert set(by_model) == {two.first, two.second}
    assert all(probability == by_model[model] for _, model, probability in seen.answers)
    assert f"model {two.first} (was version" in said[0]
    assert "200 in" in said[0]
    [line] = [line for line in status.lines(two.live, stopped=False) if line.startswith(SPAM.name)]
    assert line.endswith(
        f"moved there since version {two.live.deployed.function_version} was deployed"
    )
    put_live(two.place, two.live, said.append)
    assert two.live.live.model_version == two.second
    assert said[-1].endswith("which was deployed, is live now.")
    count = len(said)
    put_live(two.place, two.live, said.append)
    assert len(said) == count, "it is where it was deployed"


def test_an_older_model_comes_back_as_it_was_published(two: TwoModels, tmp_path: Path) -> None:
    folder = tmp_path / SPAM.name
    folder.mkdir()
    (folder / "left-over.pkl").touch()
    restore(two.place, SPAM, two.first, folder, lambda _: None)
    published = PROJECT / SPAM.model_folder
    names = {*artifacts.read_manifest(published)["artifacts"], manifests.MANIFEST}
    assert {file.name for file in folder.iterdir()} == names
    for name in names:
        assert (folder / name).read_bytes() == (published / name).read_bytes()
    with pytest.raises(ReleaseFailed, match=f"no model nonesuch of .* there are: .*{two.second}"):
        restore(two.place, SPAM, "nonesuch", folder, lambda _: None)
    assert [entry.name for entry in tmp_path.iterdir()] == [SPAM.name]


def test_a_file_that_was_changed_in_the_bucket_is_not_restored(
    two: TwoModels, tmp_path: Path
) -> None:
    version = two.live.live
    name, file = next(iter(version.files.items()))
    storage = two.place.client("s3")
    content = storage.get_object(Bucket=version.bucket, Key=file["key"])["Body"].read()
    storage.put_object(Bucket=version.bucket, Key=file["key"], Body=content[:-1] + b"?")
    try:
        with pytest.raises(ReleaseFailed, match=f"{name} in the bucket .* the digest in its key"):
            restore(two.place, SPAM, version.model_version, tmp_path / SPAM.name)
    finally:
        storage.put_object(Bucket=version.bucket, Key=file["key"], Body=content)
    assert not list(tmp_path.iterdir())


def test_a_version_that_cannot_read_its_model_does_not_go_live(two: TwoModels) -> None:
    before = two.live
    old = next(each for each in before.versions if each.model_version == two.first)
    assert unreadable(two.place, old) is None
    storage, roles = two.place.client("s3"), two.place.client("iam")
    name, file = next(iter(old.files.items()))
    content = storage.get_object(Bucket=old.bucket, Key=file["key"])["Body"].read()
    storage.delete_object(Bucket=old.bucket, Key=file["key"])
    try:
        with pytest.raises(ReleaseFailed, match=f"{name} of its model is no longer in the bucket"):
            rollback(two.place, before, two.first)
    finally:
        storage.put_object(Bucket=old.bucket, Key=file["key"], Body=content)
    role = old.role.rpartition("/")[2]
    [policy] = roles.list_role_policies(RoleName=role)["PolicyNames"]
    document = roles.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
    roles.delete_role_policy(RoleName=role, PolicyName=policy)
    try:
        with pytest.raises(ReleaseFailed, match=f"its role {role} may not read"):
            rollback(two.place, before, two.first)
    finally:
        roles.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=json.dumps(document))
    assert two.live == before, "the alias was left alone"


def test_an_alias_that_moved_meanwhile_is_left_alone(two: TwoModels) -> None:
    stale = two.live
    rollback(two.place, two.live, two.first, lambda _: None)
    with pytest.raises(ReleaseFailed, match="Somebody moved the alias live"):
        move(two.place, stale, stale.live)
    assert two.live.live.model_version == two.first


@pytest.mark.parametrize(
    ("to", "said"),
    [("nonesuch", "No version of spam_or_ham has the model nonesuch; there are: "),
     (None, "has no version before 1 to go back to")],
)  # fmt: skip
def test_what_there_is_not_is_named(two: TwoModels, to: str | None, said: str) -> None:
    if two.live.live.model_version != two.first:
        rollback(two.place, two.live, two.first, lambda _: None)
    with pytest.raises(ReleaseFailed, match=said):
        rollback(two.place, two.live, to)


def test_the_brake_closes_and_is_lifted(two: TwoModels) -> None:
    """The real alarm, told that it has gone off, through its topic and the function behind it."""
    alarms = two.place.client("cloudwatch")
    [name] = [
        alarm["AlarmName"]
        for alarm in alarms.describe_alarms()["MetricAlarms"]
        if SPAM.slug in alarm["AlarmName"] and "Spending" in alarm["AlarmName"]
    ]
    assert not is_stopped(two.place, two.live)
    alarms.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="more than it may cost")
    end = time.monotonic() + 20
    while not is_stopped(two.place, two.live) and time.monotonic() < end:
        time.sleep(0.1)
    said: list[str] = []
    try:
        assert is_stopped(two.place, two.live)
        heading = next(status.lines(two.live, stopped=is_stopped(two.place, two.live)))
        assert heading.endswith("stopped until: make resume")
        # This AWS refuses what names the function only: its gateway and aliases know no limit.
        functions = two.place.client("lambda")
        with pytest.raises(functions.exceptions.TooManyRequestsException):
            functions.invoke(FunctionName=two.live.deployed.function)
    finally:
        resume(two.place, two.live, said.append)
    assert said == [f"{SPAM.name} answers again"]
    assert request(two.url, TEXT.encode(), headers=PLAIN).status == 200
    resume(two.place, two.live, said.append)
    assert said[-1] == f"{SPAM.name} is not stopped"


def test_the_log_is_shown_and_its_classes_counted(two: TwoModels) -> None:
    answer = request(two.url, TEXT.encode(), headers=PLAIN)
    assert answer.status == 200
    end, lines = time.monotonic() + 20, list[str]()
    while not lines and time.monotonic() < end:
        show_logs(two.place, two.live, follow=False, say=lines.append)
    assert any('"message":"request"' in line for line in lines), lines[-3:]
    assert not any(TEXT in line for line in lines)
    reference = reference_of(two.place, service_in_first(two))
    today = days_of(two.place, two.live, list(reference), 1)
    assert today[0].answers >= 1
    assert sum(today[0].counts[name] for name in reference) == today[0].answers


def service_in_first(two: TwoModels) -> LiveService:
    """The service as it is with its published model, whose manifest counts classes."""
    if two.live.live.model_version != two.first:
        rollback(two.place, two.live, two.first, lambda _: None)
    return two.live
