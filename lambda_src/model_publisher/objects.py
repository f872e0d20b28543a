"""Puts files under the keys that their digests make."""

from __future__ import annotations

import base64
import hashlib
import time
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

ARTIFACTS = Path(__file__).resolve().parent.parent / "artifacts"

# A permission that was granted seconds ago may not be in force everywhere yet.
_ATTEMPTS = 6
_FIRST_PAUSE = 1.0


class PublicationError(Exception):
    """Why nothing or not everything was published, in one sentence."""


def publish(
    s3: Any,
    bucket: str,
    keys: Sequence[str],
    *,
    folder: Path = ARTIFACTS,
    pause: Callable[[float], object] = time.sleep,
) -> None:
    """Check every file against its key, then put them all.

    A file that does not match stops everything before the first byte is sent, and raises
    `PublicationError`. S3's own refusals pass through, except for those that a fresh permission
    explains: they are tried again for about half a minute.
    """
    contents = {key: _checked(folder, key) for key in keys}
    for key, content in contents.items():
        _put(s3, bucket, key, content, pause)


def _checked(folder: Path, key: str) -> bytes:
    parts = key.split("/")
    if len(parts) != 3 or not all(parts) or ".." in parts:
        raise PublicationError(f"The key {key} is not of the form <service>/<sha256>/<file>.")
    service, digest, file = parts
    try:
        content = (folder / service / file).read_bytes()
    except OSError:
        raise PublicationError(f"The deployment carries no file for the key {key}.") from None
    actual = hashlib.sha256(content).hexdigest()
    if actual != digest:
        raise PublicationError(
            f"The file for the key {key} has SHA-256 {actual}: synthesize again."
        )
    return content


def _put(s3: Any, bucket: str, key: str, content: bytes, pause: Callable[[float], object]) -> None:
    checksum = base64.b64encode(hashlib.sha256(content).digest()).decode()
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            s3.put_object(Bucket=bucket, Key=key, Body=content, ChecksumSHA256=checksum)
        except Exception as error:
            code = getattr(error, "response", {}).get("Error", {}).get("Code")
            if code != "AccessDenied":
                raise
            if attempt == _ATTEMPTS:
                raise PublicationError(
                    f"The publisher's role may not put {key}: compare its policy with the key."
                ) from None
            pause(_FIRST_PAUSE * 2 ** (attempt - 1))
        else:
            return
