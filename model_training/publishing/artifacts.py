"""The model folder: trained files beside a manifest that says everything about them.

Reading and checking need the standard library and the portable runtime only, so that synthesis
can refuse a bad model in milliseconds and without the library that trained it.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from model_training.command_line import Refusal
from model_training.publishing.kinds import KINDS
from model_training.publishing.kinds.kind import Kind, Manifest, Model

SCHEMA = 1
MANIFEST = "manifest.json"
# The portable runtime and scikit-learn sum the same terms in another order: the probabilities
# agree to about 1e-14, so a difference of this size is another model and not rounding.
GOLDEN_TOLERANCE = 1e-9
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


def kind_of(manifest: Manifest) -> Kind:
    """What kind of model it is: of texts where the manifest does not say."""
    return KINDS[manifest.get("kind", "text")]


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
    kind = KINDS.get(manifest.get("kind", "text"))
    if kind is None:
        return f"kind {manifest['kind']!r} is unknown, expected {' or '.join(KINDS)}"
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
