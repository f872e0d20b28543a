"""The Lambda entry of clothes: routes, direct invocations, and where loading begins."""

from __future__ import annotations

import os

from serving.http import log
from serving.http.media_types import JSON, negotiate
from serving.http.response_headers import standing_headers
from serving.http.router import Edge, Exchange, Response
from serving.http.static import Document, Page
from serving.http.strict_json import encode
from serving.loading.model_loader import Limits, Model

from clothes.direct import Direct
from clothes.pictures import MAX_BYTES, MAX_PICTURES, READ, read_pictures
from clothes.reading import read_pixels
from clothes.scores import likeliest, probabilities

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from serving.loading.model_loader import Build

    from clothes.fetch.fetcher import Fetcher
    from clothes.predictor import ClothesPredictor

PATH = "/predict"
_HERE = os.path.dirname(__file__)
_DESCRIBED = (
    "labels", "input", "recipe", "runtime", "trained_with", "data", "metrics",
)  # fmt: skip


class Clothes:
    """The service's actions, and its `handler`, for one environment's variables."""

    def __init__(
        self,
        environ: Mapping[str, str],
        limits: Limits | None = None,
        fetcher: Fetcher | None = None,
    ) -> None:
        self.model = Model(self._prepare, environ, limits)
        self._environ = environ
        self._made_fetcher = fetcher
        self._predictor: ClothesPredictor
        self._name = environ.get("MODEL_NAME", "clothes")
        self._version = environ.get("MODEL_VERSION", "unknown")
        # Where callers may name addresses over plain http, the page may show pictures from there.
        images = "data: https: http:" if self._loopback else "data: https:"
        self.edge = Edge(
            {
                PATH: {"GET": self.describe, "POST": self.predict},
                "/": {"GET": Page(f"{_HERE}/page/index.html", images=images)},
                "/openapi.json": {"GET": Document(f"{_HERE}/openapi.json")},
            },
            fallback=PATH,
            headers=standing_headers(environ, self._version),
        )
        self.handler = Direct(self.edge, PATH)

    @property
    def _loopback(self) -> bool:
        return self._environ.get("FETCH_ALLOW", "public") == "loopback"

    @property
    def fetcher(self) -> Fetcher:
        """What fetches pictures; what it imports is imported when it is first asked for."""
        if self._made_fetcher is None:
            from clothes.fetch.fetcher import Fetcher

            self._made_fetcher = Fetcher(loopback=self._loopback)
        return self._made_fetcher

    def _prepare(self) -> Build:
        self.fetcher.warm()
        from clothes.predictor import load

        memory = self._environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "")

        def build(files: Mapping[str, bytes]) -> None:
            self._predictor = load(files, int(memory) if memory.isdecimal() else None)
            log.write("INFO", "network ready", accelerated=self._predictor.accelerated)

        return build

    def _loaded(self, exchange: Exchange) -> ClothesPredictor:
        exchange.facts["model_version"] = self._version
        self.model.ensure(exchange.remaining)
        return self._predictor

    def predict(self, exchange: Exchange) -> Response:
        """`POST /predict`: ten scores of one address, or the house's answer for several pictures
        and for a picture in the body."""
        request, facts = exchange.request, exchange.facts
        negotiate(request, (JSON,))
        wanted = read_pictures(request, lambda text: self.fetcher.check(text))
        facts["pictures"] = len(wanted.sources)
        predictor = self._loaded(exchange)
        pixels = read_pixels(wanted, predictor, self.fetcher, exchange)
        scores = [predictor.scores(picture) for picture in pixels]
        labels = [likeliest(each) for each in scores]
        facts["predictions"] = {label: labels.count(label) for label in labels}
        if wanted.bare:
            return Response(encode(scores[0]), JSON)
        body = {
            "predictions": labels,
            "probabilities": [probabilities(each) for each in scores],
            "scores": scores,
            "model": {"name": self._name, "version": self._version},
        }
        return Response(encode(body), JSON)

    def describe(self, exchange: Exchange) -> Response:
        """`GET /predict`: what this model is, from its own manifest, and the limits."""
        negotiate(exchange.request, (JSON,))
        manifest = self._loaded(exchange).manifest
        body = {
            "model": {"name": self._name, "version": self._version},
            **{key: manifest.get(key) for key in _DESCRIBED},
            "limits": self._limits(),
            "reads": READ,
            "answers": (JSON,),
        }
        return Response(encode(body), JSON, {"Cache-Control": "public, max-age=60"})

    def _limits(self) -> dict[str, object]:
        from clothes.formats.file import LARGEST_PIXELS, LARGEST_SIDE
        from clothes.reading import REQUEST_PIXELS

        limits = self.fetcher.limits
        return {
            "body_bytes": MAX_BYTES,
            "pictures": MAX_PICTURES,
            "picture_bytes": limits.size,
            "picture_pixels": LARGEST_PIXELS,
            "picture_side": LARGEST_SIDE,
            "request_pixels": REQUEST_PIXELS,
            "fetch_seconds": limits.seconds,
            "redirects": limits.redirects,
        }


service = Clothes(os.environ)
handler = service.handler

if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    # Only an execution environment has a model to load, and init is not a caller's time.
    service.model.start()
