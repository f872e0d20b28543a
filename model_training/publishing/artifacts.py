"""The model folder: trained files beside a manifest that says everything about them.

Reading and checking need the standard library and the portable runtime only, so that synthesis
can refuse a bad model in milliseconds and without the library that trained it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model_training.publishing import runtimes
from model_training.publishing.kinds import KINDS, pickles
from model_training.publishing.kinds.kind import Manifest
from model_training.publishing.manifests import (
    LARGEST_ARTIFACT,
    MANIFEST,
    SCHEMA,
    ArtifactError,
    describe,
    encode,
    form_problem,
    kind_of,
    model_version,
)

if TYPE_CHECKING:
    from serving.inputs import InputKind
    from serving.runtimes import Model

_TRAINERS = Path(__file__).resolve().parents[1]


def complete(artifacts: Mapping[str, bytes], manifest: Mapping[str, Any]) -> Manifest:
    """The manifest with its artifacts, if it is one that `read_manifest` takes.

    `artifacts` are in the order of the pipeline. Raises `ArtifactError` where a published folder
    would be refused for its form.
    """
    described = {**manifest, **entries(artifacts)}
    for name, content in artifacts.items():
        if len(content) > LARGEST_ARTIFACT:
            raise ArtifactError(
                f"{name} has {len(content):,} bytes and a function loads at most "
                f"{LARGEST_ARTIFACT:,}; fit a smaller model"
            )
    if problem := form_problem(described):
        raise ArtifactError(f"The model cannot be published: {problem}")
    return described


def entries(artifacts: Mapping[str, bytes]) -> Manifest:
    """The entries of a manifest about its files, which are in the order of the pipeline."""
    described: Manifest = {"artifacts": describe(artifacts)}
    if not pickles.are_pickles(described["artifacts"]):
        return described
    if len(artifacts) > 1:
        described[pickles.STEPS] = list(artifacts)
    try:
        described[pickles.ESTIMATORS] = runtimes.estimators(artifacts)
        described[pickles.OPTIONS] = runtimes.options(artifacts)
    except ValueError:
        # The portable runtime reads none of it; what is wrong is told where it is to serve it.
        described[pickles.ESTIMATORS] = []
    return described


def write(folder: Path, artifacts: Mapping[str, bytes], manifest: Mapping[str, Any]) -> str:
    """Write the files, given in the order of the pipeline, and, last, the manifest; give the
    model version.

    Each file is put in place whole. An interruption between two of them leaves digests that do
    not match, which `verify` refuses. Raises `ArtifactError` where the folder cannot be written.
    """
    described = {**manifest, **entries(artifacts)}
    content = encode(described)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in (*artifacts.items(), (MANIFEST, content)):
            part = folder / f".{name}.part"
            part.write_bytes(data)
            part.replace(folder / name)
    except OSError as error:
        raise ArtifactError(
            f"The model folder {folder} cannot be written ({error.strerror}); choose another"
        ) from None
    return model_version(described)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a model folder, its form checked; `ArtifactError` if there is none to use."""
    # A model in the repository lies in `<service>/trained`.
    advice = advice_for(folder.parent.name if folder.name == "trained" else folder.name)
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        if not folder.is_dir():
            lack = "is no folder" if folder.exists() else "does not exist"
            raise ArtifactError(f"The model folder {folder} {lack}; {advice}") from None
        raise ArtifactError(f"There is no {MANIFEST} in {folder}; {advice}") from None
    except OSError as error:
        raise ArtifactError(f"{path} cannot be read ({error.strerror}); {advice}") from None
    except (ValueError, RecursionError):
        raise ArtifactError(f"{path} is not JSON; {advice}") from None
    if not isinstance(manifest, dict) or manifest.get("schema") != SCHEMA:
        schema = manifest.get("schema") if isinstance(manifest, dict) else None
        raise ArtifactError(
            f"{path} has schema {schema!r} where this code reads schema {SCHEMA}; {advice}"
        )
    problem = form_problem(manifest)
    if problem:
        raise ArtifactError(f"{path}: {problem}; {advice}")
    return manifest


def advice_for(name: str) -> str:
    """What to do for a good model of this name: run what trains it, if this project has that."""
    if os.path.isfile(_TRAINERS / name / "__main__.py"):
        return f"run: python -m model_training.{name}"
    return "train or publish a model into that folder"


def verify(folder: Path) -> Manifest:
    """Check a model folder as a publisher must, and give its manifest.

    Files present and of the recorded size and SHA-256; a kind, a runtime and a preparation this
    code knows. Where the runtime is portable, also: files it can read and that cost what their size
    allows, a token_pattern that no text makes slow, and every golden answer reproduced: the same
    label, each probability within 1e-9. Raises `ArtifactError`, one sentence
    that says what to do.
    """
    manifest = read_manifest(folder)
    if manifest["runtime"] != "portable":
        _read_artifacts(folder, manifest)
        return manifest
    return load_verified(folder)[1]


def load_verified(folder: Path, kind: str | None = None) -> tuple[Model, Manifest]:
    """As `verify`, of a model the portable runtime reads, and gives the model as well.

    Raises `ArtifactError` also for a model of another `kind` than the one named.
    """
    manifest = read_manifest(folder)
    if kind is not None:
        require_kind(folder, manifest, kind)
    advice = advice_for(manifest["name"])
    contents = _read_artifacts(folder, manifest)
    if manifest["runtime"] != "portable":
        raise ArtifactError(
            f"The model in {folder} needs the runtime {manifest['runtime']}; ask it where that is"
        )
    model = check_golden(contents, manifest, f"The model in {folder}", advice)
    if manifest.get(pickles.ESTIMATORS, []) != runtimes.estimators(contents):
        raise ArtifactError(
            f"The manifest in {folder} lists other estimators than its pickles hold; {advice}"
        )
    if not set(runtimes.options(contents)) <= set(runtimes.modules(manifest)):
        raise ArtifactError(
            f"The manifest in {folder} lacks modules that its vectorizers' options need; {advice}"
        )
    return model, manifest


def load_published(folder: Path) -> tuple[Model, Manifest]:
    """The model of a folder as the runtime that its manifest names serves it, and the manifest.

    Raises `ArtifactError` where that runtime is not here, or cannot serve it.
    """
    manifest = read_manifest(folder)
    contents = _read_artifacts(folder, manifest)
    advice = advice_for(manifest["name"])
    what = f"The model in {folder}"
    return read_model(contents, manifest, what, advice, manifest["runtime"])[0], manifest


def require_kind(folder: Path, manifest: Manifest, kind: str) -> None:
    """Raise `ArtifactError` unless the folder's manifest is of a model of this kind."""
    actual = kind_of(manifest)
    if actual.name != kind:
        raise ArtifactError(
            f"{folder} holds the model {manifest['name']}, which is asked about {actual.noun}s; "
            f"name the folder of a model of {KINDS[kind].noun}s"
        )


def read_model(
    contents: Mapping[str, bytes],
    manifest: Manifest,
    what: str,
    advice: str,
    runtime: str = "portable",
) -> tuple[Model, InputKind]:
    """The model as a runtime serves it, and what reads its inputs.

    Raises `ArtifactError` where that runtime cannot serve it.
    """
    from serving.loading import LoadError
    from serving.service import read_labels

    try:
        model, inputs = runtimes.load(contents, manifest, runtime)
        read_labels(manifest, model)
    except (LoadError, ValueError) as error:
        raise ArtifactError(
            f"The {runtime} runtime cannot serve {what[0].lower()}{what[1:]}: "
            f"{str(error).rstrip('.')}; {advice}"
        ) from None
    return model, inputs


def check_golden(
    contents: Mapping[str, bytes],
    manifest: Manifest,
    what: str,
    advice: str,
    runtime: str = "portable",
) -> Model:
    """Raise `ArtifactError` unless the runtime serves the model and gives every golden answer of
    its manifest; give the model as it is served."""
    from serving.http.problems import Problem
    from serving.service import golden_mismatch

    model, inputs = read_model(contents, manifest, what, advice, runtime)
    try:
        wrong = golden_mismatch(manifest["golden"], model, inputs)
    except Problem as problem:
        raise ArtifactError(
            f"{what} has a golden {kind_of(manifest).noun} that no request may hold: "
            f"{problem.detail.rstrip('.')}; {advice}"
        ) from None
    if wrong is not None:
        place, prediction = wrong
        raise ArtifactError(
            f"{what} answers golden {kind_of(manifest).noun} {place} with {prediction} or with "
            f"numbers that are off the recorded ones; {advice}"
        )
    return model


def explains(contents: Mapping[str, bytes], manifest: Manifest) -> bool:
    """Whether the model, as the runtime of its manifest serves it, tells what decided its first
    golden answer. Raises `ArtifactError` where that runtime cannot serve it."""
    from serving.http.problems import Problem
    from serving.runtimes import NOT_EXPLAINED

    model, inputs = read_model(contents, manifest, "The model", "fit it again", manifest["runtime"])
    try:
        model.predict_and_explain([inputs.golden(manifest["golden"][0]["input"])])
    except Problem as problem:
        if problem.type is not NOT_EXPLAINED:
            raise
        return False
    return True


def _read_artifacts(folder: Path, manifest: Manifest) -> dict[str, bytes]:
    advice = advice_for(manifest["name"])
    return {
        name: _read_artifact(folder, name, entry, advice)
        for name, entry in manifest["artifacts"].items()
    }


def _read_artifact(folder: Path, name: str, entry: Mapping[str, Any], advice: str) -> bytes:
    path = folder / name
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise ArtifactError(f"There is no {name} in {folder}; {advice}") from None
    except OSError as error:
        raise ArtifactError(f"{path} cannot be read ({error.strerror}); {advice}") from None
    digest = hashlib.sha256(content).hexdigest()
    if len(content) != entry["bytes"] or digest != entry["sha256"]:
        raise ArtifactError(
            f"{path} ({len(content)} bytes, SHA-256 {digest[:12]}…) is not the file its manifest "
            f"names ({entry['bytes']} bytes, SHA-256 {entry['sha256'][:12]}…); {advice}"
        )
    return content
