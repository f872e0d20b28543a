"""A whole service for a model of raw records: what a folder of its own need only name."""

from __future__ import annotations

import os

from serving.http.media_types import JSON, negotiate
from serving.http.problems import Problem
from serving.http.response_headers import standing_headers
from serving.http.router import Edge, Exchange, Response
from serving.http.static import Document
from serving.http.strict_json import encode
from serving.loading.model_loader import Limits, Model
from serving.rows import NOT_EXPLAINED, READ, read_rows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from serving.loading.model_loader import Build
    from serving.records.fields import Record
    from serving.records.predictor import Load, RecordsPredictor

    Json = dict[str, object]

MAX_BYTES = 256 * 1024
"""Room for `MAX_ROWS` records with every column of their source, used or not."""
MAX_ROWS = 100
_DESCRIBED = (
    "labels", "fields", "ignored", "recipe", "runtime", "trained_with", "data", "metrics",
)  # fmt: skip


class RecordsService:
    """The service's actions, and its handler (`edge`), for one environment's variables.

    `path` is where it answers and `document` the OpenAPI description it serves. `importing`
    imports what reads the artifact and gives it; it is called when the fetch has begun.
    `headers` go on every prediction.
    """

    def __init__(
        self,
        path: str,
        importing: Callable[[], Load],
        environ: Mapping[str, str] = os.environ,
        limits: Limits | None = None,
        *,
        document: str,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.model = Model(self._prepare, environ, limits)
        self._predictor: RecordsPredictor
        self._importing = importing
        self._headers = headers or {}
        self._version = environ.get("MODEL_VERSION", "unknown")
        self._named: Json = {
            "name": environ.get("MODEL_NAME", path.strip("/")),
            "version": self._version,
        }
        self.edge = Edge(
            {
                path: {"GET": self.describe, "POST": self.predict},
                "/openapi.json": {"GET": Document(document)},
            },
            fallback=path,
            headers=standing_headers(environ, self._version),
        )
        if "AWS_LAMBDA_FUNCTION_NAME" in environ:
            # Only an execution environment has a model to load, and init is not a caller's time.
            self.model.start()

    def _prepare(self) -> Build:
        from serving.records.predictor import load

        read = self._importing()

        def build(files: Mapping[str, bytes]) -> None:
            self._predictor = load(files, read)

        return build

    def _loaded(self, exchange: Exchange) -> RecordsPredictor:
        exchange.facts["model_version"] = self._version
        self.model.ensure(exchange.remaining)
        return self._predictor

    def predict(self, exchange: Exchange) -> Response:
        """`POST`: a label for one record, or for each of a list of them, in order."""
        request, facts = exchange.request, exchange.facts
        negotiate(request, (JSON,))
        values, listed = read_rows(
            request, max_bytes=MAX_BYTES, max_rows=MAX_ROWS, members="fields"
        )
        facts["rows"] = len(values)
        predictor = self._loaded(exchange)
        records = [
            predictor.fields.record(value, index if listed else None)
            for index, value in enumerate(values)
        ]
        asked = request.query("explain") == "true"
        if asked and not predictor.explains:
            raise Problem(
                NOT_EXPLAINED,
                "This model names no typical values to compare with. Ask without explain.",
            )
        answers = [predictor.predict(record) for record in records]
        counts: dict[str, int] = {}
        for label, _ in answers:
            counts[label] = counts.get(label, 0) + 1
        facts["predictions"] = counts
        body: Json = {
            "predictions": [label for label, _ in answers],
            "probabilities": [probabilities for _, probabilities in answers],
            "model": self._named,
        }
        if unseen := _unseen(predictor, records):
            body["unseen_levels"] = unseen
        if asked:
            body["explanations"] = [predictor.explain(record) for record in records]
        return Response(encode(body), JSON, self._headers)

    def describe(self, exchange: Exchange) -> Response:
        """`GET`: what this model is, from its own manifest, and the limits."""
        negotiate(exchange.request, (JSON,))
        manifest = self._loaded(exchange).manifest
        body = {
            "model": self._named,
            **{key: manifest.get(key) for key in _DESCRIBED},
            "limits": {"body_bytes": MAX_BYTES, "rows": MAX_ROWS},
            "reads": READ,
            "answers": (JSON,),
        }
        return Response(encode(body), JSON, {"Cache-Control": "public, max-age=60"})


def _unseen(predictor: RecordsPredictor, records: Sequence[Record]) -> list[Json]:
    """Where a level was given that training has not seen: a misspelt one looks like that too."""
    return [
        {"row": row, "field": name}
        for row, record in enumerate(records)
        for name in predictor.fields.unseen(record)
    ]
