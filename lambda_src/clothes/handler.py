"""The Lambda entry of clothes: pictures in, and direct invocations."""

from __future__ import annotations

import os

from serving import service as serving_service
from serving.http import log
from serving.http.static import PAGE, Page
from serving.service import ModelService

from clothes.direct import Direct
from clothes.inputs import Inputs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from serving.loading.model_loader import LoadTimeouts
    from serving.runtimes import Load
    from serving.service import Answer

    from clothes.fetch.fetcher import Fetcher
    from clothes.predictor import PictureModel

    Json = dict[str, object]

PATH = "/predict"


class Clothes:
    """The service for one environment's variables, and its Lambda handler, which also takes an
    event that is the question itself."""

    def __init__(
        self,
        environ: Mapping[str, str],
        timeouts: LoadTimeouts | None = None,
        fetcher: Fetcher | None = None,
        page: str = PAGE,
    ) -> None:
        self._inputs = Inputs(environ, fetcher)
        self._memory = environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "")
        # Where callers may name addresses over plain http, the page may show pictures from there.
        images = "data: https: http:" if self._inputs.loopback else "data: https:"
        self.service = ModelService(
            PATH,
            self._inputs,
            self._runtime,
            environ,
            timeouts=timeouts,
            format_answer=format_answer,
            page=Page(page, images),
        )
        self.handler = Direct(self.service.handler, PATH)

    def _runtime(self) -> Load:
        self._inputs.fetcher.warm()
        from clothes.predictor import load_network

        memory = int(self._memory) if self._memory.isdecimal() else None

        def load(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> PictureModel:
            model = self._inputs.model = load_network(files, manifest, memory)
            log.write("INFO", "network ready", accelerated=model.accelerated)
            return model

        return load


def format_answer(answer: Answer) -> Json:
    """Words an answer as the article does for the address of one picture: its bare scores; else
    in the usual envelope."""
    if answer.form == "one":
        return dict(answer.by_label(answer.predictions[0].scores or ()))
    return serving_service.format_answer(answer)


clothes = Clothes(os.environ)
handler = clothes.handler
clothes.service.start()
