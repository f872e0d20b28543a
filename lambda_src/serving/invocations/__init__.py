"""The door that clients of MLflow's and SageMaker's servers know: `POST /invocations`, `GET /ping`.

The bodies they send (`dataframe_split`, `dataframe_records`, `instances`, `inputs`, CSV) are
translated to what the service's own input kind reads; what answers is the same. Imported, and
packaged, only for a service whose entry says `invocations`.
"""

from __future__ import annotations

from serving.http.media_types import JSON, content_type
from serving.http.problems import INVALID_JSON, Problem
from serving.http.router import Response
from serving.http.strict_json import Members, decode_leniently
from serving.inputs import Received, not_blank
from serving.invocations.frames import named, without_nan, wrapped_inputs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from serving.http.request import Request
    from serving.http.router import Routes
    from serving.inputs import InputKind
    from serving.service import ModelService

PATH, PING_PATH = "/invocations", "/ping"
CSV = "text/csv"


def routes(service: ModelService) -> Routes:
    """What answers at the two paths: predictions, and whether the model is loaded."""

    def ping(request: Request) -> Response:
        service.loader.ensure(request.remaining)
        return Response("{}", JSON)

    return {PATH: {"POST": service.predict}, PING_PATH: {"GET": ping}}


class Inputs:
    """Reads what an input kind reads, and the bodies of MLflow's and SageMaker's clients.

    NaN is a missing value, as null is. Columns are named, or in the order of the model's fields;
    where an input is a text, there is one column, whatever it is called.
    """

    def __init__(self, kind: InputKind) -> None:
        self._kind = kind
        self._fields: dict[str, Mapping[str, Any]] = {}
        self._ignored: Sequence[str] = ()
        self._is_text = kind.noun == "texts"
        self._is_table = kind.noun == "records"
        self.answers = kind.answers
        self.noun = kind.noun
        self.json_types = kind.json_types
        self.max_bytes = kind.max_bytes
        self.reads = (*kind.reads, CSV) if self._is_text or self._is_table else kind.reads

    def configure(self, manifest: Mapping[str, Any]) -> None:
        """Takes the manifest's fields, as the kind does. Raises `LoadError`."""
        self._kind.configure(manifest)
        self._fields = {field["name"]: field for field in manifest.get("fields") or ()}
        self._ignored = manifest.get("ignored") or ()

    def limits(self) -> dict[str, int | float]:
        """The kind's."""
        return self._kind.limits()

    def golden(self, recorded: Any) -> Any:
        """As the kind does."""
        return self._kind.golden(recorded)

    def notes(self, inputs: Sequence[Any]) -> dict[str, object]:
        """The kind's."""
        return self._kind.notes(inputs)

    def received(self, value: object) -> Received:
        """As the kind does."""
        return self._kind.received(value)

    def read(self, request: Request) -> Received:
        """The inputs of a translated body, or what the kind reads of any other.

        Raises `Problem` invalid-csv, and what the kind's `read` raises.
        """
        content = content_type(request, self.reads)
        if content.media_type not in (CSV, *self.json_types):
            return self._kind.read(request)
        text = content.decode(request.content(self.max_bytes))
        if content.media_type == CSV:
            received = self._csv(not_blank(text, "Send lines of CSV."), request)
        else:
            wrapped = wrapped_inputs(decode_leniently(not_blank(text, "Send JSON.")))
            if wrapped is None:
                return self._kind.read(request)
            form, inputs = wrapped
            received = self._kind.received({"instances": [self._input(one) for one in inputs]})
            received.form = form
        request.log_fields["bytes"] = len(text.encode("utf-8", "surrogatepass"))
        return received

    def inputs(self, received: Received, request: Request) -> list[Any]:
        """What the model predicts for: only now it is known what its fields are called.

        Raises `Problem` as the kind does, or unexpected-json for a row of another length.
        """
        if self._is_table:
            if received.form == "row":
                from serving.invocations.csv_rows import records

                table = records(received.values, self._fields, self._ignored, request)
                received.values = self._kind.received({"instances": table}).values
                request.log_fields["inputs"] = len(table)
            names = [*self._fields]
            received.values = [
                named(names, value, received.place(index)) if isinstance(value, list) else value
                for index, value in enumerate(received.values)
            ]
        return self._kind.inputs(received, request)

    def _input(self, value: object) -> object:
        """An input as the kind takes it: NaN is null, and the one cell of a row is its text."""
        cells: list[object] | None = None
        if isinstance(value, Members):
            # What is repeated in a record, the kind can name better.
            if value.repeated is not None and not self._is_table:
                raise Problem(INVALID_JSON, "An object repeats a key. Send each key once.")
            for name, cell in value.items():
                value[name] = without_nan(cell)
            cells = [*value.values()]
        elif isinstance(value, list):
            value = cells = [without_nan(cell) for cell in value]
        if self._is_text and cells is not None and len(cells) == 1:
            return cells[0]
        return without_nan(value)

    def _csv(self, text: str, request: Request) -> Received:
        """The rows of a CSV file, with a header if there is one; of texts, their one cell.

        Raises `Problem` invalid-csv.
        """
        from serving.invocations.csv_rows import TEXT_COLUMN, read_rows, without_header

        rows = read_rows(text)
        if not self._is_text:
            return Received(rows, "row")
        _, rows = without_header(rows, {TEXT_COLUMN}, request)
        received = self._kind.received({"instances": [self._input(row) for row in rows]})
        received.form = "row"
        return received
