"""A whole service for a model of named numbers: what a folder of its own need only name."""

from __future__ import annotations

import os

from serving.http.media_types import JSON, negotiate
from serving.http.response_headers import standing_headers
from serving.http.router import Edge, Exchange, Response, problem_details
from serving.http.static import Document
from serving.http.strict_json import encode
from serving.loading.model_loader import Limits, Model
from serving.tabular.features import MAX_BYTES, MAX_ROWS, READ, read_rows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from serving.http.router import Refuse
    from serving.loading.model_loader import Build
    from serving.tabular.predictor import Prediction, TabularPredictor

    Json = dict[str, object]
    Word = Callable[[Sequence[Prediction], Sequence[Json] | None, bool], Json]
    """(predictions, explanations where asked for, whether a list was sent) -> the body's members
    but `model`."""

_DESCRIBED = ("labels", "classes", "features", "recipe", "trained_with", "data", "metrics")


def house_words(
    predictions: Sequence[Prediction], explanations: Sequence[Json] | None, _: bool
) -> Json:
    """The answer in this project's own shape: lists in the order of the rows, also for one."""
    body: Json = {
        "predictions": [prediction.label for prediction in predictions],
        "probabilities": [prediction.probabilities for prediction in predictions],
    }
    if explanations is not None:
        body["explanations"] = explanations
    return body


class TabularService:
    """The service's actions, and its handler (`edge`), for one environment's variables.

    `path` is where it answers, besides `/`, which is all that a Function URL has. `word` and
    `refuse` are for a service whose answers must have another shape than the house's. `document`
    is the OpenAPI description it serves, if it has one.
    """

    def __init__(
        self,
        path: str,
        environ: Mapping[str, str] = os.environ,
        limits: Limits | None = None,
        *,
        word: Word = house_words,
        refuse: Refuse = problem_details,
        document: str | None = None,
    ) -> None:
        self.model = Model(self._prepare, environ, limits)
        self._predictor: TabularPredictor
        self._word = word
        self._runtime = environ.get("MODEL_RUNTIME", "portable")
        self._version = environ.get("MODEL_VERSION", "unknown")
        self._named: Json = {
            "name": environ.get("MODEL_NAME", path.strip("/")),
            "version": self._version,
        }
        methods = {"GET": self.describe, "POST": self.predict}
        described = {} if document is None else {"/openapi.json": {"GET": Document(document)}}
        self.edge = Edge(
            {path: methods, "/": methods, **described},
            fallback=path,
            headers=standing_headers(environ, self._version),
            refuse=refuse,
        )
        if "AWS_LAMBDA_FUNCTION_NAME" in environ:
            # Only an execution environment has a model to load, and init is not a caller's time.
            self.model.start()

    def _prepare(self) -> Build:
        from serving.tabular.predictor import load
        from serving.tabular.runtimes import runtime

        evaluate = runtime(self._runtime)

        def build(files: Mapping[str, bytes]) -> None:
            self._predictor = load(files, evaluate)

        return build

    def _loaded(self, exchange: Exchange) -> TabularPredictor:
        exchange.facts["model_version"] = self._version
        self.model.ensure(exchange.remaining)
        return self._predictor

    def predict(self, exchange: Exchange) -> Response:
        """`POST`: an answer for one object of features, or for each of a list of them."""
        request, facts = exchange.request, exchange.facts
        negotiate(request, (JSON,))
        values, listed = read_rows(request)
        facts["rows"] = len(values)
        predictor = self._loaded(exchange)
        rows = [
            predictor.features.row(value, index if listed else None)
            for index, value in enumerate(values)
        ]
        predictions = predictor.predict(rows)
        counts: dict[str, int] = {}
        for prediction in predictions:
            counts[prediction.label] = counts.get(prediction.label, 0) + 1
        facts["predictions"] = counts
        asked = request.query("explain") == "true"
        explanations = [predictor.explain(row) for row in rows] if asked else None
        body = {**self._word(predictions, explanations, listed), "model": self._named}
        return Response(encode(body), JSON)

    def describe(self, exchange: Exchange) -> Response:
        """`GET`: what this model is, from its own manifest, and the limits."""
        negotiate(exchange.request, (JSON,))
        manifest = self._loaded(exchange).manifest
        body = {
            "model": self._named,
            **{key: manifest.get(key) for key in _DESCRIBED},
            "runtime": self._runtime,
            "limits": {"body_bytes": MAX_BYTES, "rows": MAX_ROWS},
            "reads": READ,
            "answers": (JSON,),
        }
        return Response(encode(body), JSON, {"Cache-Control": "public, max-age=60"})
