"""Artifacts that travel inside the function's own zip, in its folder `model/`."""

from __future__ import annotations

import os

from serving.loading import LoadError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_CODE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FOLDER = os.path.join(_CODE, "model")
"""Beside the packages of the zip, which are this package's neighbours."""


class PackageReader:
    """Reads artifacts by the last part of their key; callable as a `serving.loading.s3.Read`."""

    def __init__(self, folder: str | None = None) -> None:
        self._folder = folder or FOLDER

    def __call__(self, key: str, size: int, deadline: float) -> bytes:  # noqa: ARG002 - see Read
        """Raises `LoadError` where the file is missing or has another length than `size`."""
        name = key.rpartition("/")[2]
        try:
            with open(os.path.join(self._folder, name), "rb") as file:
                data = file.read(size + 1)
        except OSError as error:
            raise LoadError(f"not in the function's package: {type(error).__name__}") from error
        if len(data) != size:
            raise LoadError(f"the file has another length than the {size} bytes pinned")
        return data


def reader(_: str, __: Mapping[str, str]) -> PackageReader:
    """What reads the artifacts of the function's own zip; there is no bucket to know."""
    return PackageReader()
