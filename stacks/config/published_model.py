"""What the infrastructure knows about a trained model: names, digests and where the files lie."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from ..lambda_source import ROOT
from .model_service import ModelService

# Where commands train what is not kept with the sources.
_TRAINED_HERE = Path("build/models")
_SHA256 = re.compile(r"[0-9a-f]{64}")
BUNDLE = "bundle"
"""The object that has a model's files one after the other, so that one request fetches them."""


@dataclass(frozen=True, kw_only=True)
class Artifact:
    """One file of a model: its SHA-256 as 64 hex digits and its size in bytes."""

    sha256: str
    bytes: int

    def __post_init__(self) -> None:
        if not _SHA256.fullmatch(self.sha256):
            raise ValueError(f"sha256 must be 64 lower-case hex digits, not {self.sha256!r}")
        if self.bytes < 1:
            raise ValueError(f"bytes must be positive, not {self.bytes}")


@dataclass(frozen=True, kw_only=True)
class Reference:
    """What a model answered to `rows` that it was not fitted on, or that its training had.

    `shares` is the metric of a class → its share of these answers, of those that were counted;
    `confidence` the mean and the standard deviation of the largest probability, where known.
    """

    rows: int
    shares: Mapping[str, float]
    confidence: tuple[float, float] | None = None


@dataclass(frozen=True, kw_only=True)
class PublishedModel:
    """A model that was verified before the app was built.

    `kind` is what its inputs are: text, fields or picture. `reader` is the module of
    `serving.runtimes` that reads it, None where its service has a reader of its own.
    `modules` are those that it imports for this model by their names in a table.
    `folder` holds exactly the files that `artifacts` names, the manifest among them.
    `frame`: a step of it wants a data frame, so scikit-learn answers with pandas beside it.
    `trained_with` is library → version, as the manifest records it. `class_labels` is the metric
    of a class → its label, of those classes that have one; live answers are compared with the
    `reference`, where the manifest has one.
    """

    name: str
    version: str
    kind: str
    reader: str | None
    folder: Path
    artifacts: Mapping[str, Artifact]
    modules: tuple[str, ...] = ()
    frame: bool = False
    trained_with: Mapping[str, str] = field(default_factory=dict)
    class_labels: Mapping[str, str] = field(default_factory=dict)
    reference: Reference | None = None

    def __post_init__(self) -> None:
        if not self.artifacts:
            raise ValueError(f"model {self.name!r} has no artifacts")
        for file in self.artifacts:
            if Path(file).name != file:
                raise ValueError(f"model {self.name!r}: {file!r} is not a plain file name")

    def key(self, file: str) -> str:
        """Return the content-addressed key of one file: a changed byte is another key."""
        return f"{self.name}/{self.artifacts[file].sha256}/{file}"

    @property
    def keys(self) -> list[str]:
        """The keys of all files, in the order of the files' names, and of the bundle."""
        return [*(self.key(file) for file in sorted(self.artifacts)), self._bundle_pin["key"]]

    @cached_property
    def bundle(self) -> bytes:
        """All files one after the other, in the order of their names."""
        return b"".join((self.folder / file).read_bytes() for file in sorted(self.artifacts))

    @cached_property
    def _bundle_pin(self) -> dict[str, Any]:
        digest = hashlib.sha256(self.bundle).hexdigest()
        key = f"{self.name}/{digest}/{BUNDLE}"
        return {"bytes": len(self.bundle), "key": key, "sha256": digest}

    def pins(self) -> str:
        """Return the compact JSON from which a function learns which files to expect, and where
        each lies on its own."""
        return _compact(
            {
                file: {"bytes": artifact.bytes, "key": self.key(file), "sha256": artifact.sha256}
                for file, artifact in self.artifacts.items()
            }
        )

    def bundle_pin(self) -> str:
        """Return the compact JSON from which a function learns what to fetch."""
        return _compact(self._bundle_pin)


def _compact(pins: Mapping[str, Any]) -> str:
    return json.dumps(pins, sort_keys=True, separators=(",", ":"))


def model_folder(models: str | None, service: ModelService) -> Path:
    """Where training left the service's model; `models` is the folder that a context names."""
    if models:
        folder = Path(models) / service.name
        # What is kept with the sources is taken from there unless the other folder has it too.
        if folder.is_dir() or service.model_folder.is_relative_to(_TRAINED_HERE):
            return folder
    return ROOT / service.model_folder


def wants_frame(manifest: Path) -> bool:
    """Whether a step of the model of this manifest wants a data frame; of no manifest, none."""
    try:
        return "frame" in json.loads(manifest.read_bytes())
    except (OSError, ValueError):
        return False  # Whoever reads it says what is wrong with it.
