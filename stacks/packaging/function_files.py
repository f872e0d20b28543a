"""What a function consists of, whatever carries it: its files, and what it is told."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from ..config.model_service import ModelService
from ..config.published_model import PublishedModel
from ..config.stages import Egress
from . import estimator_table, page
from .byte_code.needed import needed_files
from .code_asset import Content, source_files

# Where, in a function's package, a model lies that travels in it.
_MODEL = "model"


def function_modules(
    service: ModelService,
    kind: str,
    reader: str | None,
    modules: Iterable[str],
    lambda_source: Path,
    *,
    entries: Iterable[str] = (),
) -> dict[str, Content]:
    """Path-in-the-package → file: the modules of lambda_src that the service's handler reaches,
    for a model of a kind that a module of `serving.runtimes` reads with others, `modules`; and
    what lies beside them. `entries` are modules with further handlers."""
    modules = list(modules)
    folders = sorted(entry.name for entry in lambda_source.iterdir() if entry.is_dir())
    if service.package_folder not in folders:
        raise FileNotFoundError(
            f"{lambda_source / service.package_folder} is no folder: nothing to package"
        )
    roots = [*module_roots(service, kind, reader, modules), *entries]
    files: dict[str, Content] = {**needed_files(source_files(lambda_source, folders), roots)}
    if estimator_table.NAME in files:
        files[estimator_table.NAME] = estimator_table.table_of(modules)
    return files


def function_files(
    service: ModelService, model: PublishedModel, lambda_source: Path
) -> dict[str, Content]:
    """Path-in-the-package → file: the modules that the handler reaches, page and document, and the
    model where it travels with the code."""
    files: dict[str, Content] = {}
    files |= function_modules(service, model.kind, model.reader, model.modules, lambda_source)
    files |= documents(service, model.kind, lambda_source)
    if service.model_location == "package":
        files |= {f"{_MODEL}/{name}": model.folder / name for name in model.artifacts}
    return files


WORKER, PLAN, FINISH = "batch.worker", "batch.plan", "batch.finish"
"""The modules of batch's handlers."""


def worker_files(
    service: ModelService, model: PublishedModel, lambda_source: Path
) -> dict[str, Content]:
    """Path-in-the-package → file: as `function_files`, for the function that scores ranges of rows,
    which serves no page and no document."""
    files = function_modules(
        service, model.kind, model.reader, model.modules, lambda_source, entries=[WORKER]
    )
    if service.model_location == "package":
        files |= {f"{_MODEL}/{name}": model.folder / name for name in model.artifacts}
    return files


def job_files(lambda_source: Path) -> dict[str, Content]:
    """Path-in-the-package → file: the functions that begin and end a batch job."""
    folders = sorted(entry.name for entry in lambda_source.iterdir() if entry.is_dir())
    return {**needed_files(source_files(lambda_source, folders), [PLAN, FINISH])}


def documents(service: ModelService, kind: str, lambda_source: Path) -> dict[str, Content]:
    """Path-in-the-package → file: what the function serves as it is, its page and its document."""
    files: dict[str, Content] = {}
    if service.has_page:
        files[page.NAME] = page.page(service, kind, lambda_source).encode()
    if service.document.exists():
        files["openapi.json"] = service.document
    return files


def module_roots(
    service: ModelService, kind: str, reader: str | None, modules: Iterable[str]
) -> list[str]:
    """The modules that no import statement names: what Lambda imports, the service by a name from
    its environment, and, of `modules`, what reads the model for its estimators."""
    handler = service.handler.rpartition(".")[0]
    roots = [handler, f"serving.loading.{service.model_location}"]
    if service.invocations:
        roots.append("serving.invocations")
    if reader is not None:
        roots += [f"serving.inputs.{kind}", f"serving.runtimes.{reader}", *modules]
    return roots


def function_environment(
    service: ModelService, model: PublishedModel, egress: Egress
) -> dict[str, str]:
    """What the function is told of its model and of whom it may ask."""
    environment = {
        "MODEL_NAME": model.name,
        "MODEL_VERSION": model.version,
        "MODEL_ARTIFACTS": model.pins(),
        "MODEL_LOCATION": service.model_location,
        "SERVICE_PATH": service.routes[0].path,
        "INPUT_KIND": model.kind,
    }
    if model.reader is not None:
        environment["MODEL_READER"] = model.reader
    if service.response_headers:
        environment["RESPONSE_HEADERS"] = json.dumps(dict(service.response_headers))
    if service.invocations:
        environment["SERVICE_INVOCATIONS"] = "yes"
    if service.fetches:
        environment["FETCH_ALLOW"] = egress
    return environment
