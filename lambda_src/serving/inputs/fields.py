"""Records: JSON objects of named fields, checked against the model's manifest.

What is accepted here is what the JSON Schema says that tools/openapi makes of the same manifest; a
test holds the two together.
"""

from __future__ import annotations

import re

from serving.http.media_types import FORM, JSON, TEXT, content_type
from serving.http.problems import UNEXPECTED_JSON, Problem, ProblemType
from serving.http.strict_json import Members, decode_leniently
from serving.inputs import Received, not_blank, received_json
from serving.inputs.field import OR_NULL, Field
from serving.loading import LoadError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from serving.http.request import Request

    Record = dict[str, float | str | bool | None]

MISSING_FIELD = ProblemType("missing-field", 400, "A field is missing")
UNKNOWN_FIELD = ProblemType("unknown-field", 400, "There is no such field")
REPEATED_FIELD = ProblemType("repeated-field", 400, "A field is given twice")

MAX_BYTES = 256 * 1024
"""Room for `MAX_RECORDS` records with every column of their source, used or not."""
MAX_RECORDS = 100
READS = (JSON, TEXT, FORM)
"""`curl -d` declares a form; whatever is declared, the body is read as JSON."""

_FORMS = "Send a JSON object of the fields, or a list of them."
_HARMLESS = r"[A-Za-z][A-Za-z0-9_]{0,39}"


def shown(key: str) -> str:
    """A caller's key, if it is one that can do no harm wherever it is shown."""
    return key if re.fullmatch(_HARMLESS, key) else "a key"


class MissingField(Problem):
    """A field is not in the record at `place`; `names` are those of all fields of the model."""

    def __init__(self, place: str, names: Sequence[str], detail: str) -> None:
        super().__init__(MISSING_FIELD, detail)
        self.place = place
        self.names = names


class Inputs:
    """Reads records: one for a JSON object, up to `MAX_RECORDS` in a list."""

    reads = READS
    json_types = READS
    answers = (JSON,)
    noun = "records"
    max_bytes = MAX_BYTES

    def __init__(self) -> None:
        self._fields: Fields

    def configure(self, manifest: Mapping[str, Any]) -> None:
        """Takes the manifest's fields. Raises `LoadError` where they are not usable."""
        self._fields = Fields(manifest)

    def limits(self) -> dict[str, int | float]:
        """Bytes of a body and records in it."""
        return {"body_bytes": MAX_BYTES, "records": MAX_RECORDS}

    def read(self, request: Request) -> Received:
        """The values of a request, not yet looked into: only the manifest knows the fields.

        Raises `Problem`: those of `content_type`, `Request.content`, `Content.decode` and
        `received_json`; empty-body, invalid-json.
        """
        content = content_type(request, READS)
        text = content.decode(request.content(MAX_BYTES))
        request.log_fields["bytes"] = len(text.encode("utf-8", "surrogatepass"))
        return self.received(decode_leniently(not_blank(text, _FORMS)))

    def received(self, value: object) -> Received:
        """The records of a JSON value. Raises `Problem` as `received_json` does."""
        return received_json(value, noun=self.noun, most=MAX_RECORDS, forms=_FORMS)

    def inputs(self, received: Received, request: Request) -> list[Record]:  # noqa: ARG002 - see InputKind
        """Each record with every field by name. Raises `Problem` naming record and field."""
        return [
            self._fields.record(value, received.place(index))
            for index, value in enumerate(received.values)
        ]

    def golden(self, recorded: Mapping[str, object]) -> Record:
        """The recorded fields, read as a request's are."""
        return self._fields.record(Members(list(recorded.items())), "golden")

    def notes(self, inputs: Sequence[Record]) -> dict[str, object]:
        """Where a level was given that training has not seen: a misspelt one looks like that; and
        where a number is outside of the range that it has seen."""
        places = {
            "unseen_levels": self._fields.unseen,
            "outside_training_range": self._fields.outside,
        }
        notes: dict[str, object] = {}
        for name, odd in places.items():
            noted = [
                {"record": index, "field": field}
                for index, record in enumerate(inputs)
                for field in odd(record)
            ]
            if noted:
                notes[name] = noted
        return notes


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

    def record(self, value: object, where: str) -> Record:
        """One record as the model takes it: every field by name, None for what is not given.

        `where` is its place in the request. Raises `Problem` naming that place and the field.
        """
        if not isinstance(value, Members):
            raise Problem(
                UNEXPECTED_JSON,
                f"{where} is not a JSON object. Send an object with these fields: {self._names()}.",
            )
        if value.repeated is not None:
            raise Problem(
                REPEATED_FIELD,
                f"{where} gives {shown(value.repeated)} more than once. Send each field once.",
            )
        # First what is missing: a misspelt field is found by the name it should have.
        for field in self.all:
            if field.required and field.name not in value:
                raise MissingField(
                    where,
                    list(self._by_name),
                    f"{where} lacks the field {field.name}. Send {field.expected()}"
                    f"{OR_NULL if field.nullable else ''}.",
                )
        for name in value:
            if name not in self._by_name and name not in self.ignored:
                raise Problem(
                    UNKNOWN_FIELD,
                    f"{where} holds {shown(name)}, which is no field of this model. Send only: "
                    f"{self._names()}.",
                )
        return {
            field.name: field.value(value[field.name], where) if field.name in value else None
            for field in self.all
        }

    def unseen(self, record: Mapping[str, object]) -> list[str]:
        """The fields whose level training has not seen: scored, and named in the answer."""
        return [
            field.name
            for field in self.all
            if field.type == "category"
            and record[field.name] is not None
            and record[field.name] not in field.levels
        ]

    def outside(self, record: Mapping[str, object]) -> list[str]:
        """The fields whose number is outside of the range that training has seen."""
        return [field.name for field in self.all if field.is_outside(record[field.name])]

    def _names(self) -> str:
        return ", ".join(self._by_name)
