"""The model folder: trained files beside a manifest that says everything about them.

Reading and checking need the standard library and the portable runtime only, so that synthesis
can refuse a bad model in milliseconds and without the library that trained it.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from model_training.publishing.kinds import KINDS
from model_training.publishing.kinds.kind import Manifest, Model
from model_training.publishing.manifests import LARGEST_ARTIFACT, form_problem
from model_training.publishing.manifests import MANIFEST as MANIFEST
from model_training.publishing.manifests import SCHEMA as SCHEMA
from model_training.publishing.manifests import VERSION_DIGITS as VERSION_DIGITS
from model_training.publishing.manifests import ArtifactError as ArtifactError
from model_training.publishing.manifests import describe as describe
from model_training.publishing.manifests import encode as encode
from model_training.publishing.manifests import kind_of as kind_of
from model_training.publishing.manifests import model_version as model_version

# The portable runtime and scikit-learn sum the same terms in another order: the probabilities
# agree to about 1e-14, so a difference of this size is another model and not rounding.
GOLDEN_TOLERANCE = 1e-9

_TRAINERS = Path(__file__).resolve().parents[1]


def complete(artifacts: Mapping[str, bytes], manifest: Mapping[str, Any]) -> Manifest:
    """The manifest with its artifacts, if it is one that `read_manifest` takes.

    Raises `ArtifactError` where a published folder would be refused for its form.
    """
    described = {**manifest, "artifacts": describe(artifacts)}
    for name, content in artifacts.items():
        if len(content) > LARGEST_ARTIFACT:
            raise ArtifactError(
                f"{name} has {len(content):,} bytes and a function loads at most "
                f"{LARGEST_ARTIFACT:,}; fit a smaller model"
            )
    if problem := form_problem(described):
        raise ArtifactError(f"The model cannot be published: {problem}")
    return described


def write(folder: Path, artifacts: Mapping[str, bytes], manifest: Mapping[str, Any]) -> str:
    """Write the files and, last, the manifest; give the model version.

    Each file is put in place whole. An interruption between two of them leaves digests that do
    not match, which `verify` refuses. Raises `ArtifactError` where the folder cannot be written.
    """
    described = {**manifest, "artifacts": describe(artifacts)}
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
    advice = _advice(folder.parent.name if folder.name == "trained" else folder.name)
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
        found = manifest.get("schema") if isinstance(manifest, dict) else None
        raise ArtifactError(
            f"{path} has schema {found!r} where this code reads schema {SCHEMA}; {advice}"
        )
    problem = form_problem(manifest)
    if problem:
        raise ArtifactError(f"{path}: {problem}; {advice}")
    return manifest


def _advice(name: str) -> str:
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
    advice = _advice(manifest["name"])
    contents = _read_artifacts(folder, manifest)
    load = kind_of(manifest).load
    try:
        if load is None or manifest["runtime"] != "portable":
            raise ValueError(f"it needs the runtime {manifest['runtime']}")
        model = load(contents)
    except ValueError as error:
        raise ArtifactError(
            f"The portable runtime cannot serve the model in {folder}: "
            f"{str(error).rstrip('.')}; {advice}"
        ) from None
    check_golden(model, manifest, f"The model in {folder}", advice)
    return model, manifest


def require_kind(folder: Path, manifest: Manifest, kind: str) -> None:
    """Raise `ArtifactError` unless the folder's manifest is of a model of this kind."""
    found = kind_of(manifest)
    if found.name != kind:
        raise ArtifactError(
            f"{folder} holds the model {manifest['name']}, which is asked about {found.asked}s; "
            f"name the folder of a model of {KINDS[kind].asked}s"
        )


def check_golden(model: Model, manifest: Manifest, what: str, advice: str) -> None:
    """Raise `ArtifactError` unless the model gives every golden answer of the manifest."""
    labels = manifest["labels"]
    kind = kind_of(manifest)
    if list(model.classes_) != labels:
        raise ArtifactError(
            f"{what} has the labels {list(model.classes_)} where its manifest says {labels}; "
            f"{advice}"
        )
    prepare = kind.prepare(manifest)
    for index, golden in enumerate(manifest["golden"]):
        label, probabilities = model.predict(prepare(golden[kind.member]))
        expected = golden[kind.answers]
        difference = max(
            abs(probability - expected[str(name)])
            for name, probability in zip(labels, probabilities, strict=True)
        )
        if label != golden["prediction"] or not difference <= GOLDEN_TOLERANCE:
            raise ArtifactError(
                f"{what} answers golden {kind.asked} {index} with {label} and a probability "
                f"{difference:.1e} off the recorded one; {advice}"
            )


def _read_artifacts(folder: Path, manifest: Manifest) -> dict[str, bytes]:
    advice = _advice(manifest["name"])
    return {
        name: _read_artifact(folder, name, facts, advice)
        for name, facts in manifest["artifacts"].items()
    }


def _read_artifact(folder: Path, name: str, facts: Mapping[str, Any], advice: str) -> bytes:
    path = folder / name
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise ArtifactError(f"There is no {name} in {folder}; {advice}") from None
    except OSError as error:
        raise ArtifactError(f"{path} cannot be read ({error.strerror}); {advice}") from None
    digest = hashlib.sha256(content).hexdigest()
    if len(content) != facts["bytes"] or digest != facts["sha256"]:
        raise ArtifactError(
            f"{path} ({len(content)} bytes, SHA-256 {digest[:12]}…) is not the file its manifest "
            f"names ({facts['bytes']} bytes, SHA-256 {facts['sha256'][:12]}…); {advice}"
        )
    return content
