"""One field of a record: its type, and what values it may have."""

from __future__ import annotations

from serving.http.problems import Problem, ProblemType
from serving.loading import LoadError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

INVALID_FIELD = ProblemType("invalid-field", 400, "A field's value cannot be used")

MAX_LEVEL = 64
"""Characters of a category's level: a level that training has not seen is scored as such, so
something else than a list must say how long one may be."""

MAX_TEXT = 16 * 1024
"""Characters of a field that is a text."""

LARGEST = 3.4e38
"""Of a number answered outside of the range seen: beyond single precision no tree answers."""

TYPES = ("number", "integer", "category", "boolean", "text")

OR_NULL = ", or null where it is not known"


class Field:
    """One field: its name, its type (one of TYPES), and what values it may have.

    `minimum` and `maximum`, both included, are those of numbers; `levels` those of a category
    that training has seen. `typical` is a value to compare with, or None. `answers_outside` says
    that a number outside of its range is answered, and named in the answer, where others refuse.
    """

    __slots__ = (
        "answers_outside", "levels", "maximum", "minimum", "name", "nullable", "required", "type",
        "typical",
    )  # fmt: skip

    def __init__(self, entry: object) -> None:
        """Raises `LoadError` for an entry of the manifest that is none."""
        members: dict[str, Any] = entry if isinstance(entry, dict) else {}
        self.name: str = members.get("name", "")
        self.type: str = members.get("type", "")
        if not isinstance(self.name, str) or not self.name:
            raise LoadError("a field of the manifest has no name")
        if self.type not in TYPES:
            raise LoadError(f"the manifest's field {self.name} has no type this code reads")
        self.required = members.get("required") is True
        self.nullable = members.get("nullable") is True
        self.typical: float | str | bool | None = members.get("typical")
        self.answers_outside = members.get("outside") == "answer"
        self.levels: frozenset[str] = frozenset()
        self.minimum: float = 0
        self.maximum: float = 0
        if self.type == "category":
            self.levels = frozenset(members.get("levels") or ())
        if self.type not in ("number", "integer"):
            return
        self.minimum, self.maximum = members.get("minimum", 0), members.get("maximum", 0)
        if any(type(bound) not in (int, float) for bound in (self.minimum, self.maximum)):
            raise LoadError(f"the manifest's field {self.name} lacks a minimum or a maximum")
        if not self.minimum <= self.maximum:
            raise LoadError(f"the manifest's range of {self.name} is empty")

    def value(self, value: Any, where: str) -> float | str | bool | None:
        """The value as the model takes it. Raises `Problem` invalid-field naming the field."""
        if value is None and self.nullable:
            return None
        if self.type == "category":
            if type(value) is str and 0 < len(value) <= MAX_LEVEL:
                return value
        elif self.type == "text":
            if type(value) is str and len(value) <= MAX_TEXT:
                return value
        elif self.type == "boolean":
            if type(value) is bool:
                return value
        # By type, because True is an int; inf and NaN are in no range.
        elif type(value) in (int, float) and self._low <= value <= self._high:
            number = float(value)
            if self.type == "number" or number.is_integer():
                return number
        raise Problem(
            INVALID_FIELD,
            f"The value of {self.name} in {where} is not {self.expected()}. Send one"
            f"{OR_NULL if self.nullable else ''}.",
        )

    @property
    def _low(self) -> float:
        return -LARGEST if self.answers_outside else self.minimum

    @property
    def _high(self) -> float:
        return LARGEST if self.answers_outside else self.maximum

    def is_outside(self, value: object) -> bool:
        """Whether a value is a number outside of the range that training has seen."""
        return (
            self.answers_outside
            and isinstance(value, float)
            and not self.minimum <= value <= self.maximum
        )

    def expected(self) -> str:
        """What a value must be, in words."""
        if self.type == "category":
            return f"a string of 1 to {MAX_LEVEL} characters"
        if self.type == "text":
            return f"a string of at most {MAX_TEXT} characters"
        if self.type == "boolean":
            return "true or false (no string)"
        type_ = "an integer" if self.type == "integer" else "a number"
        return f"{type_} (no string) from {self._low:.12g} to {self._high:.12g}"
