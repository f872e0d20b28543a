"""The model folder: trained files beside a manifest that says everything about them.

Reading and checking need the standard library and the portable runtime only, so that synthesis
can refuse a bad model in milliseconds and without the library that trained it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model_training.command_line import Refusal
from model_training.publishing import runtimes
from model_training.publishing.kinds import KINDS
from model_training.publishing.kinds.kind import Kind, Manifest

if TYPE_CHECKING:
    from serving.inputs import InputKind
    from serving.runtimes import Model

SCHEMA = 2
MANIFEST = "manifest.json"
VERSION_DIGITS = 12
LARGEST_ARTIFACT = 50_000_000

_ADVICE = "run: python -m model_training.{name}"


class ArtifactError(Refusal):
    """A model folder that must not be published; the message is one sentence with the remedy."""


def model_version(manifest: bytes) -> str:
    """The version of a model: the first 12 hexadecimal digits of its manifest's SHA-256."""
    return hashlib.sha256(manifest).hexdigest()[:VERSION_DIGITS]


def encode(manifest: Mapping[str, Any]) -> bytes:
    """The manifest's one byte form: sorted keys, indented by two, UTF-8, final newline."""
    text = json.dumps(manifest, sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False)
    return (text + "\n").encode("utf-8")


def describe(artifacts: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
    """SHA-256 and size of each file, as the manifest records them."""
    return {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        for name, content in artifacts.items()
    }


def write(folder: Path, artifacts: Mapping[str, bytes], manifest: Mapping[str, Any]) -> str:
    """Write the files and, last, the manifest; give the model version.

    Each file is put in place whole. An interruption between two of them leaves digests that do
    not match, which `verify` refuses.
    """
    content = encode({**manifest, "artifacts": describe(artifacts)})
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in (*artifacts.items(), (MANIFEST, content)):
        part = folder / f".{name}.part"
        part.write_bytes(data)
        part.replace(folder / name)
    return model_version(content)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a model folder, its form checked; `ArtifactError` if there is none to use."""
    # A model in the repository lies in `<service>/trained`.
    advice = _ADVICE.format(name=folder.parent.name if folder.name == "trained" else folder.name)
    path = folder / MANIFEST
    if not folder.is_dir():
        raise ArtifactError(f"The model folder {folder} does not exist; {advice}")
    try:
        manifest = json.loads(path.read_bytes())
    except FileNotFoundError:
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
    problem = _form_problem(manifest)
    if problem:
        raise ArtifactError(f"{path}: {problem}; {advice}")
    return manifest


def verify(folder: Path) -> Manifest:
    """Check a model folder as a publisher must, and give its manifest.

    Files present and of the recorded size and SHA-256; a kind, a runtime and a preparation this
    code knows. Where the runtime is portable, also: files it can read, and every golden answer
    reproduced: the same label, each probability within 1e-9. Raises `ArtifactError`, one sentence
    that says what to do.
    """
    manifest = read_manifest(folder)
    if manifest["runtime"] != "portable":
        _read_artifacts(folder, manifest)
        return manifest
    return load_verified(folder)[1]


def load_verified(folder: Path) -> tuple[Model, Manifest]:
    """As `verify`, of a model the portable runtime reads, and gives the model as well."""
    manifest = read_manifest(folder)
    advice = _ADVICE.format(name=manifest["name"])
    contents = _read_artifacts(folder, manifest)
    if manifest["runtime"] != "portable":
        raise ArtifactError(
            f"The model in {folder} needs the runtime {manifest['runtime']}; ask it where that is"
        )
    model = check_golden(contents, manifest, f"The model in {folder}", advice)
    return model, manifest


def kind_of(manifest: Manifest) -> Kind:
    """What kind of inputs the model takes."""
    return KINDS[manifest["kind"]]


def read_model(
    contents: Mapping[str, bytes], manifest: Manifest, what: str, advice: str
) -> tuple[Model, InputKind]:
    """The model as the portable runtime serves it, and what reads its inputs.

    Raises `ArtifactError` where that runtime cannot serve it.
    """
    from serving.loading.errors import LoadError
    from serving.service import read_labels

    try:
        model, inputs = runtimes.load(contents, manifest)
        read_labels(manifest, model)
    except (LoadError, ValueError) as error:
        raise ArtifactError(
            f"The portable runtime cannot serve {what[0].lower()}{what[1:]}: "
            f"{str(error).rstrip('.')}; {advice}"
        ) from None
    return model, inputs


def check_golden(
    contents: Mapping[str, bytes], manifest: Manifest, what: str, advice: str
) -> Model:
    """Raise `ArtifactError` unless the portable runtime serves the model and gives every golden
    answer of its manifest; give the model as it is served."""
    from serving.http.problems import Problem
    from serving.service import golden_mismatch

    model, inputs = read_model(contents, manifest, what, advice)
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


def _read_artifacts(folder: Path, manifest: Manifest) -> dict[str, bytes]:
    advice = _ADVICE.format(name=manifest["name"])
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


def _form_problem(manifest: Manifest) -> str | None:
    """What keeps this manifest from being used, or `None`."""
    kind = KINDS.get(manifest.get("kind", ""))
    if kind is None:
        return f"kind {manifest.get('kind')!r} is unknown, expected {' or '.join(KINDS)}"
    runtime = manifest.get("runtime")
    if runtime not in kind.runtimes:
        return f"runtime {runtime!r} is unknown, expected {' or '.join(kind.runtimes)}"
    if not isinstance(manifest.get("name"), str):
        return "expected the model's name"
    labels = manifest.get("labels")
    if not isinstance(labels, list) or len(labels) < 2:
        return "expected at least two labels"
    if problem := kind.problem(manifest):
        return problem
    if not all(_is_file_entry(entry) for entry in manifest["artifacts"].values()):
        return "expected a sha256 and a number of bytes for each artifact"
    return kind.golden_problem(manifest)


def _is_file_entry(entry: object) -> bool:
    return (
        isinstance(entry, dict)
        and isinstance(entry.get("sha256"), str)
        and len(entry["sha256"]) == 64
        and type(entry.get("bytes")) is int
        and 0 < entry["bytes"] <= LARGEST_ARTIFACT
    )
