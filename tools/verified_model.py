"""A model folder, checked, as what the stacks publish of it."""

from __future__ import annotations

from pathlib import Path

from model_training.publishing import artifacts, manifests, reference, runtimes
from stacks.config.model_service import ModelService
from stacks.config.published_model import Artifact, PublishedModel, Reference


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
