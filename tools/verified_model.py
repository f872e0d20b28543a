"""A model folder, checked, as what the stacks publish of it.

Run as a program it reads a question of `stacks.packaging.checked_model` from standard input.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from model_training.publishing import artifacts, manifests, reference, runtimes
from stacks.config.endpoint_service import SCHEMA, ServiceOptions, endpoint_service
from stacks.config.model_service import FunctionUrl, ModelService
from stacks.config.published_model import Artifact, PublishedModel, Reference
from stacks.packaging.golden import MANIFEST, golden_input
from tools.openapi.document import document
from tools.openapi.files import rendered
from tools.openapi.inputs import gateway_model


def verified_model(service: ModelService, folder: Path) -> PublishedModel:
    """Check a model folder and describe what of it is published; raise `ArtifactError`."""
    manifest = artifacts.verify(folder)
    if manifest["name"] != service.name:
        raise manifests.ArtifactError(
            f"{folder} holds the model {manifest['name']!r} where {service.name!r} was expected; "
            f"{artifacts.advice_for(service.name)}"
        )
    if not runtimes.reads(service.runtime, manifest):
        raise manifests.ArtifactError(
            f"The {service.runtime} runtime does not read the model {service.name}; set its "
            f'runtime to "{manifest["runtime"]}" in stacks/config/services/{service.name}.py'
        )
    # A trainer of its own may say nothing of it, and refuse.
    policies = {entry["outside"] for entry in manifest.get("fields", ()) if "outside" in entry}
    if policies - {service.outside_range}:
        raise manifests.ArtifactError(
            f"The model {service.name} was added before its entry said "
            f'outside_range="{service.outside_range}" (stacks/config/services/{service.name}.py); '
            "run the same make add again"
        )
    reader = runtimes.reader(service.runtime, manifest)
    if not service.own_handler and (reader is None or manifest.get("normalisation") is not None):
        what = "takes pictures" if reader is None else "normalises its texts"
        raise manifests.ArtifactError(
            f"The model {service.name} {what}, which a handler of its own does: write "
            f"lambda_src/{service.name}/handler.py and say own_handler=True in "
            f"stacks/config/services/{service.name}.py"
        )
    content = (folder / manifests.MANIFEST).read_bytes()
    files = {**manifest["artifacts"], **manifests.describe({manifests.MANIFEST: content})}
    known = reference.read(manifest)
    return PublishedModel(
        name=service.name,
        version=manifests.model_version(manifest),
        kind=manifest["kind"],
        reader=reader,
        modules=tuple(runtimes.modules(manifest, service.runtime)),
        frame="frame" in manifest,
        folder=folder,
        artifacts={name: Artifact(**facts) for name, facts in files.items()},
        trained_with=manifest.get("trained_with", {}),
        class_labels=manifests.class_labels(manifest),
        reference=known and Reference(**known._asdict()),
    )


def main() -> int:
    """Check and describe one model; a refusal is one line and exit status 1."""
    question = json.load(sys.stdin)
    folder, described = Path(question["folder"]), Path(question["described"])
    url = FunctionUrl(open_to_all=question["open_to_all"])
    try:
        manifest = artifacts.read_manifest(folder)
        service = endpoint_service(
            folder / MANIFEST,
            question["route"] or url,
            ServiceOptions(**question["options"]),
            described,
        )
        model = verified_model(service, folder)
    except (manifests.ArtifactError, ValueError) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    service.document.write_text(rendered(document(service, manifest, golden_input(manifest))))
    if any(route.schema is not None for route in service.routes):
        (described / SCHEMA).write_text(rendered(gateway_model(manifest)))
    print(json.dumps(asdict(model), default=str))
    return 0


if __name__ == "__main__":
    sys.exit(main())
