"""What a new version is asked before any caller meets it: golden answers, as callers see them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..config.model_service import ModelService
from ..config.published_model import PublishedModel

NAME = "golden.json"
MANIFEST = "manifest.json"
MOST = 50
"""So many golden inputs are asked, evenly spread."""
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)
"""A PNG of one black pixel, in base64."""


def golden_file(service: ModelService, model: PublishedModel) -> bytes:
    """The file that the hook before traffic compares with.

    A network of pictures has patterns for golden inputs, which code makes and no request can hold:
    the version compares those itself when it loads, and is asked here for any picture at all.
    """
    manifest = json.loads((model.folder / MANIFEST).read_bytes())
    if model.kind == "picture":
        golden = [{"place": 0, "input": {"b64": PIXEL}}]
    else:
        golden = [
            _as_answered(entry, place, manifest.get("classes"))
            for place, entry in enumerate(manifest["golden"])
            if not isinstance(entry["input"], str) or entry["input"].strip()
        ]
    return json.dumps(
        {
            "path": service.routes[0].path,
            "model_version": model.version,
            "golden": golden[:: max(1, len(golden) // MOST)][:MOST],
        },
        sort_keys=True,
    ).encode()


def golden_input(manifest: Mapping[str, Any]) -> Any:
    """A golden input of a model that a request may hold, as JSON holds it; of pictures, whose
    golden ones are patterns made by code, a pixel."""
    if manifest["kind"] == "picture":
        return {"b64": PIXEL}
    inputs = (entry["input"] for entry in manifest["golden"])
    return next(one for one in inputs if not isinstance(one, str) or one.strip())


def _as_answered(
    entry: Mapping[str, Any], place: int, meanings: Mapping[str, str] | None
) -> dict[str, Any]:
    """A golden entry with labels where the manifest has classes."""

    def label(class_: Any) -> Any:
        return class_ if meanings is None else meanings[str(class_)]

    answered = {"place": place, "input": entry["input"], "predicted": label(entry["prediction"])}
    for name in ("probabilities", "scores"):
        if name in entry:
            answered[name] = {str(label(each)): number for each, number in entry[name].items()}
    return answered
