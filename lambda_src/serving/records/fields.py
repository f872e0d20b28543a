"""The fields of a record, checked against the model's manifest.

What is accepted here is what the JSON Schema says that tools/openapi makes of the same manifest; a
test holds the two together.
"""

from __future__ import annotations

from serving.http.problems import UNEXPECTED_JSON, Kind, Problem
from serving.http.strict_json import Members
from serving.loading.errors import LoadError
from serving.rows import tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    Record = dict[str, float | str | None]

MISSING_FIELD = Kind("missing-field", 400, "A field is missing")
UNKNOWN_FIELD = Kind("unknown-field", 400, "There is no such field")
REPEATED_FIELD = Kind("repeated-field", 400, "A field is given twice")
INVALID_FIELD = Kind("invalid-field", 400, "A field's value cannot be used")

MAX_LEVEL = 64
"""Characters of a category's level: a level that training has not seen is scored as such, so
something else than a list must say how long one may be."""

_OR_NULL = ", or null where it is not known"


class Field:
    """One field: its name, its type (number, integer or category), and what values it may have.

    `minimum` and `maximum`, both included, are those of numbers; `levels` those of a category
    that training has seen. `typical` is a value to compare with, or None.
    """

    __slots__ = (
        "levels", "maximum", "minimum", "name", "nullable", "required", "type", "typical",
    )  # fmt: skip

    def __init__(self, entry: object) -> None:
        """Raises `LoadError` for an entry of the manifest that is none."""
        members: dict[str, Any] = entry if isinstance(entry, dict) else {}
        self.name: str = members.get("name", "")
        self.type: str = members.get("type", "")
        if not isinstance(self.name, str) or not self.name:
            raise LoadError("a field of the manifest has no name")
        if self.type not in ("number", "integer", "category"):
            raise LoadError(f"the manifest's field {self.name} has no type this code reads")
        self.required = members.get("required") is True
        self.nullable = members.get("nullable") is True
        self.typical: float | str | None = members.get("typical")
        self.levels: frozenset[str] = frozenset()
        self.minimum: float = 0
        self.maximum: float = 0
        if self.type == "category":
            self.levels = frozenset(members.get("levels") or ())
            return
        self.minimum, self.maximum = members.get("minimum", 0), members.get("maximum", 0)
        if any(type(bound) not in (int, float) for bound in (self.minimum, self.maximum)):
            raise LoadError(f"the manifest's field {self.name} lacks a minimum or a maximum")
        if not self.minimum <= self.maximum:
            raise LoadError(f"the manifest's range of {self.name} is empty")

    def value(self, given: Any, where: str) -> float | str | None:
        """The value as the model takes it. Raises `Problem` invalid-field naming the field."""
        if given is None and self.nullable:
            return None
        if self.type == "category":
            if type(given) is str and 0 < len(given) <= MAX_LEVEL:
                return given
        # By type, because True is an int; inf and NaN are in no range.
        elif type(given) in (int, float) and self.minimum <= given <= self.maximum:
            number = float(given)
            if self.type == "number" or number.is_integer():
                return number
        raise Problem(
            INVALID_FIELD,
            f"The value of {self.name} in {where} is not {self.wanted()}. Send one"
            f"{_OR_NULL if self.nullable else ''}.",
        )

    def wanted(self) -> str:
        """What a value must be, in words."""
        if self.type == "category":
            return f"a string of 1 to {MAX_LEVEL} characters"
        kind = "an integer" if self.type == "integer" else "a number"
        return f"{kind} (no string) from {self.minimum:.12g} to {self.maximum:.12g}"


class Fields:
    """All fields of a model, in the manifest's order.

    `ignored` are names that may be in a record and are not looked at: columns of the same source
    that the model must not or need not use.
    """

    def __init__(self, manifest: Mapping[str, object]) -> None:
        """Raises `LoadError` where the manifest declares no usable fields."""
        entries = manifest.get("fields")
        if not isinstance(entries, list) or not entries:
            raise LoadError("the manifest declares no fields")
        self.all = [Field(entry) for entry in entries]
        self._by_name = {field.name: field for field in self.all}
        if len(self._by_name) != len(self.all):
            raise LoadError("two fields of the manifest have the same name")
        ignored = manifest.get("ignored", [])
        if not isinstance(ignored, list) or not all(isinstance(name, str) for name in ignored):
            raise LoadError("what the manifest says to ignore is no list of names")
        self.ignored = frozenset(ignored)

    def record(self, value: object, index: int | None) -> Record:
        """One record as the model takes it: every field by name, None for what is not given.

        `index` is its place in a list, or None. Raises `Problem` naming the row and the field.
        """
        where = "body" if index is None else f"body[{index}]"
        if not isinstance(value, Members):
            raise Problem(
                UNEXPECTED_JSON,
                f"{where} is not a JSON object. Send an object with these fields: {self._names()}.",
            )
        if value.repeated is not None:
            raise Problem(
                REPEATED_FIELD,
                f"{where} gives {tell(value.repeated)} more than once. Send each field once.",
            )
        # First what is missing: a misspelt field is found by the name it should have.
        for field in self.all:
            if field.required and field.name not in value:
                raise Problem(
                    MISSING_FIELD,
                    f"{where} lacks the field {field.name}. Send {field.wanted()}"
                    f"{_OR_NULL if field.nullable else ''}.",
                )
        for name in value:
            if name not in self._by_name and name not in self.ignored:
                raise Problem(
                    UNKNOWN_FIELD,
                    f"{where} holds {tell(name)}, which is no field of this model. Send only: "
                    f"{self._names()}.",
                )
        return {
            field.name: field.value(value[field.name], where) if field.name in value else None
            for field in self.all
        }

    def unseen(self, record: Mapping[str, object]) -> list[str]:
        """The fields whose level training has not seen: scored, and worth telling the caller."""
        return [
            field.name
            for field in self.all
            if field.type == "category"
            and record[field.name] is not None
            and record[field.name] not in field.levels
        ]

    def _names(self) -> str:
        return ", ".join(self._by_name)
