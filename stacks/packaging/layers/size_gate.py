"""AWS's limits on size, checked before an upload would run into them.

From "Lambda quotas" in the developer guide: a zip uploaded directly has at most 50 MB, a function
with all its layers at most 250 MB unzipped, at most five layers. Lambda's own refusals count in
units of 1,048,576 bytes ("must be smaller than 262144000 bytes").
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from .errors import LayerError

MEGABYTE = 1_048_576
ZIPPED_LIMIT = 50 * MEGABYTE
UNZIPPED_LIMIT = 250 * MEGABYTE
MOST_LAYERS = 5
_NAMED = 5


class TooLarge(LayerError):
    """A package that AWS would refuse."""


def sizes_by_part(files: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Bytes by the first two folders of each path, so that a reader knows where the weight is."""
    parts: dict[str, int] = {}
    for path, size in files:
        part = "/".join(path.split("/")[:-1][:2]) or path
        parts[part] = parts.get(part, 0) + size
    return parts


def together(*measured: Mapping[str, int]) -> dict[str, int]:
    """The sum of several `sizes_by_part`."""
    return dict(sum((Counter(parts) for parts in measured), Counter[str]()))


def check_zipped(name: str, size: int, parts: Mapping[str, int]) -> None:
    """Raise `TooLarge` if a zip of `size` bytes cannot be uploaded directly."""
    if size > ZIPPED_LIMIT:
        raise TooLarge(_sentence(f"The zip of {name}", size, ZIPPED_LIMIT, parts))


def check_unzipped(name: str, parts: Mapping[str, int], *, layers: int = 0) -> None:
    """Raise `TooLarge` if a function with its layers does not fit into Lambda's /opt and /var/task.

    `parts` are bytes by part of everything together.
    """
    if layers > MOST_LAYERS:
        raise TooLarge(f"{name} has {layers} layers; a function takes {MOST_LAYERS} at most.")
    size = sum(parts.values())
    if size > UNZIPPED_LIMIT:
        raise TooLarge(_sentence(f"{name}, unzipped", size, UNZIPPED_LIMIT, parts))


def _sentence(what: str, size: int, limit: int, parts: Mapping[str, int]) -> str:
    largest = sorted(parts.items(), key=lambda part: (-part[1], part[0]))[:_NAMED]
    named = ", ".join(f"{part} {megabytes(size)}" for part, size in largest)
    return (
        f"{what}: {megabytes(size)} where AWS takes {megabytes(limit)} at most; "
        f"the largest parts: {named}."
    )


def megabytes(size: int) -> str:
    """Bytes as AWS counts megabytes, with one decimal."""
    return f"{size / MEGABYTE:.1f} MB"
