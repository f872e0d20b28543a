"""An older model's files, from the model bucket into the model folder, each by its digest."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from model_training.publishing import artifacts, manifests
from stacks.config.model_service import ModelService
from tools.release.failure import ReleaseFailed
from tools.release.places import Place
from tools.release.versions import stack_outputs


def restore(
    place: Place,
    service: ModelService,
    model_version: str,
    folder: Path,
    say: Callable[[str], None] = print,
) -> None:
    """Make `folder` hold the model of that version as it was published, for the next deployment.

    Every file is checked against its digest and the model as a whole as before a deployment; the
    folder changes only after that. Raises `ReleaseFailed`.
    """
    outputs = stack_outputs(place, f"{place.stage.name}-model-store")
    if outputs is None:
        raise ReleaseFailed(
            f"The stage {place.stage.name} has no model store in account {place.account}, region "
            f"{place.session.region_name}; deploy one: make deploy STAGE={place.stage.name}"
        )
    bucket = outputs["ModelBucketName"]
    storage = place.client("s3")
    manifest, content = _manifest(storage, bucket, service.name, model_version)
    files = {
        name: _read(storage, bucket, f"{service.name}/{entry['sha256']}/{name}")
        for name, entry in manifest["artifacts"].items()
    }
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".restoring-") as scratch:
        fetched = Path(scratch) / service.name
        fetched.mkdir()
        for name, data in (*files.items(), (manifests.MANIFEST, content)):
            (fetched / name).write_bytes(data)
        try:
            artifacts.verify(fetched)
        except manifests.ArtifactError as error:
            raise ReleaseFailed(
                f"The model {model_version} does not pass what a deployment checks: {error}."
            ) from None
        _replace(folder, fetched)
    say(
        f"{service.name}: the model {model_version} is in {folder}; put it live: make deploy "
        f"STAGE={place.stage.name} SERVICE={service.name}"
    )


def _manifest(
    storage: Any, bucket: str, name: str, model_version: str
) -> tuple[Mapping[str, Any], bytes]:
    """The newest manifest of a model's version. One version may have several: its description,
    which does not answer, is not part of the version."""
    seen: list[str] = []
    for key in _manifest_keys(storage, bucket, name):
        content = _read(storage, bucket, key)
        manifest = json.loads(content)
        version = manifests.model_version(manifest)
        if version == model_version:
            return manifest, content
        seen.append(version)
    there = ", ".join(dict.fromkeys(seen)) or "none"
    raise ReleaseFailed(
        f"The bucket {bucket} has no model {model_version} of {name}; there are: {there}."
    )


def _manifest_keys(storage: Any, bucket: str, name: str) -> Iterator[str]:
    pages = storage.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=f"{name}/")
    found = [
        each
        for page in pages
        for each in page.get("Contents", [])
        if each["Key"].endswith(f"/{manifests.MANIFEST}")
    ]
    found.sort(key=lambda each: each["LastModified"], reverse=True)
    return (each["Key"] for each in found)


def _read(storage: Any, bucket: str, key: str) -> bytes:
    """An object whose key, `model/digest/file`, says what it must hold. Raises `ReleaseFailed`."""
    try:
        content: bytes = storage.get_object(Bucket=bucket, Key=key)["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchKey":
            raise
        raise ReleaseFailed(
            f"{key} is no longer in the bucket {bucket}; the model folder was left as it is."
        ) from None
    if hashlib.sha256(content).hexdigest() != key.split("/")[1]:
        raise ReleaseFailed(
            f"{key} in the bucket {bucket} does not have the digest in its key; the model folder "
            "was left as it is."
        )
    return content


def _replace(folder: Path, fetched: Path) -> None:
    """Exchange the folder for the fetched one; what it held goes with the scratch folder."""
    if folder.exists():
        folder.rename(fetched.parent / "before")
    shutil.move(fetched, folder)
