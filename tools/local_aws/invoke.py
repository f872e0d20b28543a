"""`make invoke`: a recorded event, answered by AWS's own runtime client from the packaged zip."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from model_training.publishing.manifests import ArtifactError
from stacks.config.model_service import ModelService
from stacks.config.published_model import PublishedModel
from stacks.config.services import SERVICES
from stacks.config.stages import STAGES
from stacks.packaging.byte_code.packaging import compile_package
from stacks.packaging.code_asset import stage_files
from stacks.packaging.function_files import function_environment, function_files
from tools import PROJECT
from tools.local_aws.failure import LocalRunFailed
from tools.local_aws.fake_s3 import FakeS3
from tools.local_aws.runtime_api import LambdaProcess, ProcessDiedError
from tools.verified_model import verified_model

EVENTS = PROJECT / "examples"
_BUCKET = "model-bucket"


def invoke(*, service: str | None, event: Path | None) -> None:
    """Answer the recorded event of one service, or of all, and print what came back.

    Raises:
        LocalRunFailed: if there is no such service, no event or no model, or the answer is not 200.
    """
    names = [declared.name for declared in SERVICES]
    if service is not None and service not in names:
        raise LocalRunFailed(f"There is no service of that name; there are: {', '.join(names)}.")
    if event is not None and service is None:
        raise LocalRunFailed("Say which service the event is for: make invoke SERVICE=… EVENT=…")
    for declared in SERVICES:
        recorded = EVENTS / f"{declared.name}.json"
        if service == declared.name or (service is None and recorded.exists()):
            _invoke(declared, event or recorded)
        elif service is None:
            print(f"{declared.name}: skipped, no example is recorded in examples\n")


def _invoke(service: ModelService, file: Path) -> None:
    event = _recorded(file)
    try:
        model = verified_model(service, PROJECT / service.model_folder)
    except ArtifactError as error:
        raise LocalRunFailed(str(error)) from None
    with tempfile.TemporaryDirectory(prefix="invoke-") as scratch, ExitStack() as running:
        code, size = package(service, model, Path(scratch))
        environ = function_environment(service, model, STAGES["local"].egress)
        if service.model_location == "s3":
            s3 = running.enter_context(FakeS3())
            environ |= place(s3, model)
        started = LambdaProcess(code, service.handler, environ=environ)
        process = running.enter_context(started)
        try:
            answer = process.invoke(event).payload
        except ProcessDiedError as error:
            raise LocalRunFailed(f"The function of {service.name} ended: {error}") from None
    _show(service, file, size, answer)


def package(service: ModelService, model: PublishedModel, scratch: Path) -> tuple[Path, int]:
    """The function's zip as a synthesis for this machine makes it, unpacked; and its bytes."""
    staged = scratch / "staged"
    stage_files(staged, function_files(service, model, PROJECT / "lambda_src"))
    compile_package(staged, service.package_folder, Path(sys.executable))
    archive = Path(shutil.make_archive(str(scratch / service.name), "zip", staged))
    code = scratch / "task"
    shutil.unpack_archive(archive, code)
    return code, archive.stat().st_size


def place(s3: FakeS3, model: PublishedModel) -> dict[str, str]:
    """Puts a model into a bucket on loopback; the variables that say where."""
    pin = model.bundle_pin()
    s3.objects[f"/{_BUCKET}/{json.loads(pin)['key']}"] = model.bundle
    return {"MODEL_BUCKET": _BUCKET, "MODEL_BUNDLE": pin, **s3.environ()}


def _recorded(file: Path) -> dict[str, Any]:
    try:
        event = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise LocalRunFailed(f"There is no recorded event {file}.") from None
    except OSError as error:
        raise LocalRunFailed(f"{file} cannot be read ({error.strerror}).") from None
    except ValueError:
        raise LocalRunFailed(f"{file} is not JSON.") from None
    if not isinstance(event, dict):
        raise LocalRunFailed(f"{file} holds no event: a JSON object is expected.")
    return event


def _show(service: ModelService, file: Path, size: int, answer: dict[str, Any]) -> None:
    shown = file.relative_to(PROJECT) if file.is_relative_to(PROJECT) else file
    print(f"{service.name}: {shown} → a zip of {size:,} bytes → {answer['statusCode']}")
    for name, value in answer["headers"].items():
        print(f"  {name}: {value}")
    print(f"\n{answer['body']}\n", flush=True)
    if answer["statusCode"] != 200:
        raise LocalRunFailed(f"{service.name} answered {answer['statusCode']} where 200 is right.")
