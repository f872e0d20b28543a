"""What the stack tells the function about its model, read from the environment."""

from __future__ import annotations

from json import loads

from serving.loading.artifacts import Artifact
from serving.loading.errors import LoadError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def _artifact(name: str, entry: object) -> Artifact:
    if isinstance(entry, dict):
        key, sha256, size = entry.get("key"), entry.get("sha256"), entry.get("bytes")
        if (
            isinstance(key, str)
            and isinstance(sha256, str)
            and len(sha256) == 64
            and isinstance(size, int)
        ):
            return Artifact(key, sha256, size)
    raise LoadError(f"MODEL_ARTIFACTS: {name} needs key, sha256 (64 hex digits) and bytes")


class ModelSettings:
    """`bucket` (None where the model travels in the function's own zip) and the pinned
    `artifacts` by file name."""

    __slots__ = ("artifacts", "bucket")

    def __init__(self, environ: Mapping[str, str]) -> None:
        """Raises `LoadError` naming the variable that is missing or malformed."""
        location = environ.get("MODEL_LOCATION", "s3")
        if location not in ("s3", "package"):
            raise LoadError("MODEL_LOCATION is neither s3 nor package")
        self.bucket = environ.get("MODEL_BUCKET") if location == "s3" else None
        if location == "s3" and not self.bucket:
            raise LoadError("MODEL_BUCKET is not set")
        try:
            entries = loads(environ.get("MODEL_ARTIFACTS", ""))
        except ValueError:
            entries = None
        if not isinstance(entries, dict) or not entries:
            raise LoadError("MODEL_ARTIFACTS is not a JSON object of artifacts")
        self.artifacts = {name: _artifact(name, entry) for name, entry in entries.items()}
