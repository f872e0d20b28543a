"""The Lambda entry of spam-or-ham: routes, and the one place where loading begins."""

from __future__ import annotations

import os

from serving.http.media_types import JSON, TEXT, negotiate
from serving.http.response_headers import standing_headers
from serving.http.router import Edge, Exchange, Response
from serving.http.static import Document, Page
from serving.http.strict_json import encode
from serving.loading.model_loader import Limits, Model

from spam_or_ham.texts import MAX_BYTES, MAX_TEXTS, READ, read_texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from serving.loading.model_loader import Build

    from spam_or_ham.predictor import SpamPredictor

PATH = "/spamorham"
_HERE = os.path.dirname(__file__)
_DESCRIBED = ("labels", "recipe", "runtime", "normalisation", "trained_with", "data", "metrics")


class SpamOrHam:
    """The service's actions, and its handler (`edge`), for one environment's variables."""

    def __init__(self, environ: Mapping[str, str], limits: Limits | None = None) -> None:
        self.model = Model(self._prepare, environ, limits)
        self._predictor: SpamPredictor
        self._name = environ.get("MODEL_NAME", "spam_or_ham")
        self._version = environ.get("MODEL_VERSION", "unknown")
        self.edge = Edge(
            {
                PATH: {"GET": self.describe, "POST": self.predict},
                "/": {"GET": Page(f"{_HERE}/page/index.html")},
                "/openapi.json": {"GET": Document(f"{_HERE}/openapi.json")},
            },
            fallback=PATH,
            headers=standing_headers(environ, self._version),
        )

    def _prepare(self) -> Build:
        from spam_or_ham.predictor import load

        def build(files: Mapping[str, bytes]) -> None:
            self._predictor = load(files)

        return build

    def _loaded(self, exchange: Exchange) -> SpamPredictor:
        exchange.facts["model_version"] = self._version
        self.model.ensure(exchange.remaining)
        return self._predictor

    def predict(self, exchange: Exchange) -> Response:
        """`POST /spamorham`: a label for each text, as JSON or as one label a line."""
        request, facts = exchange.request, exchange.facts
        offered = negotiate(request, (JSON, TEXT))
        texts = read_texts(request)
        facts["texts"] = len(texts)
        facts["bytes"] = sum(len(text.encode()) for text in texts)
        predictor = self._loaded(exchange)
        explained = []
        if offered == JSON and request.query("explain") == "true":
            explained = [predictor.predict_and_explain(text) for text in texts]
            answers = [(label, probabilities) for label, probabilities, _ in explained]
        else:
            answers = [predictor.predict(text) for text in texts]
        counts: dict[str, int] = {}
        for label, _ in answers:
            counts[str(label)] = counts.get(str(label), 0) + 1
        facts["predictions"] = counts
        if offered == TEXT:
            lines = "".join(f"{label}\n" for label, _ in answers)
            return Response(lines, "text/plain; charset=utf-8")
        body: dict[str, object] = {
            "predictions": [label for label, _ in answers],
            "probabilities": [probabilities for _, probabilities in answers],
            "model": {"name": self._name, "version": self._version},
        }
        if explained:
            body["explanations"] = [explanation for _, _, explanation in explained]
        return Response(encode(body), JSON)

    def describe(self, exchange: Exchange) -> Response:
        """`GET /spamorham`: what this model is, from its own manifest, and the limits."""
        negotiate(exchange.request, (JSON,))
        manifest = self._loaded(exchange).manifest
        body = {
            "model": {"name": self._name, "version": self._version},
            **{key: manifest.get(key) for key in _DESCRIBED},
            "limits": {"body_bytes": MAX_BYTES, "texts": MAX_TEXTS},
            "reads": READ,
            "answers": (JSON, TEXT),
        }
        return Response(encode(body), JSON, {"Cache-Control": "public, max-age=60"})


service = SpamOrHam(os.environ)
handler = service.edge

if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    # Only an execution environment has a model to load, and init is not a caller's time.
    service.model.start()
