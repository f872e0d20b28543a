"""The rows of a request: JSON objects of named numbers, checked against the model's manifest."""

from __future__ import annotations

from serving import rows
from serving.http.problems import UNEXPECTED_JSON, Kind, Problem
from serving.http.strict_json import Members
from serving.loading.errors import LoadError
from serving.rows import READ, tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from serving.http.request import Request

__all__ = ["MAX_BYTES", "MAX_ROWS", "READ", "Feature", "Features", "read_rows"]

MAX_BYTES = 64 * 1024
MAX_ROWS = 100

MISSING_FEATURE = Kind("missing-feature", 400, "A feature is missing")
UNKNOWN_FEATURE = Kind("unknown-feature", 400, "There is no such feature")
REPEATED_FEATURE = Kind("repeated-feature", 400, "A feature is given twice")
INVALID_FEATURE = Kind("invalid-feature", 400, "A feature's value cannot be used")


def read_rows(request: Request) -> tuple[list[object], bool]:
    """The rows of a request within this service's limits; see `serving.rows.read_rows`."""
    return rows.read_rows(request, max_bytes=MAX_BYTES, max_rows=MAX_ROWS, members="features")


class Feature:
    """One column of the model: its name in training, its key in JSON and the range it may have
    (both ends included)."""

    __slots__ = ("key", "maximum", "minimum", "name")

    def __init__(self, entry: object) -> None:
        """Raises `LoadError` for an entry of the manifest that is none."""
        members: dict[str, Any] = entry if isinstance(entry, dict) else {}
        self.name: str = members.get("name", "")
        self.key: str = members.get("json", "")
        self.minimum: float = members.get("minimum", 0)
        self.maximum: float = members.get("maximum", 0)
        named = all(isinstance(text, str) and text for text in (self.name, self.key))
        bounds = (self.minimum, self.maximum)
        if not named or any(type(bound) not in (int, float) for bound in bounds):
            raise LoadError("a feature of the manifest lacks name, json, minimum or maximum")
        if not self.minimum <= self.maximum:
            raise LoadError(f"the manifest's range of {self.key} is empty")

    def number(self, value: Any, where: str) -> float:
        """The value as the model takes it. Raises `Problem` invalid-feature naming the key."""
        # By type, because True is an int; inf and NaN are in no range.
        if type(value) in (int, float) and self.minimum <= value <= self.maximum:
            return float(value)
        raise Problem(
            INVALID_FEATURE,
            f"The value of {self.key} in {where} is no number from {self.minimum:.12g} to "
            f"{self.maximum:.12g}. Send a number in that range, not as a string.",
        )


class Features:
    """All columns of a model, in its order."""

    def __init__(self, manifest: Mapping[str, object]) -> None:
        """Raises `LoadError` where the manifest declares no usable features."""
        entries = manifest.get("features")
        if not isinstance(entries, list) or not entries:
            raise LoadError("the manifest declares no features")
        self.columns = [Feature(entry) for entry in entries]
        self._by_key = {feature.key: feature for feature in self.columns}
        if len(self._by_key) != len(self.columns):
            raise LoadError("two features of the manifest have the same JSON key")
        self._keys = ", ".join(self._by_key)

    def row(self, value: object, index: int | None) -> list[float]:
        """The numbers of one row, in the model's order whatever order its keys have.

        `index` is its place in a list, or None. Raises `Problem` naming the feature at fault.
        """
        where = "'body'" if index is None else f"'body[{index}]'"
        if not isinstance(value, Members):
            raise Problem(
                UNEXPECTED_JSON,
                f"{where} is not a JSON object. Send an object with a number for each of: "
                f"{self._keys}.",
            )
        if value.repeated is not None:
            raise Problem(
                REPEATED_FEATURE,
                f"{where} gives {tell(value.repeated)} more than once. Send each key once.",
            )
        if not value.keys() >= self._by_key.keys():
            # The sentence that callers of the original service know.
            raise Problem(MISSING_FEATURE, f"{where} must contain values for: {self._keys}")
        if len(value) > len(self._by_key):
            unknown = next(key for key in value if key not in self._by_key)
            raise Problem(
                UNKNOWN_FEATURE,
                f"{where} holds {tell(unknown)}, which is no feature. Send only: {self._keys}.",
            )
        return [feature.number(value[feature.key], where) for feature in self.columns]
