"""A service of pictures, whatever its network names: what the handlers of such services share."""

from __future__ import annotations

from serving.http import write_log
from serving.service import ModelService

from clothes.inputs import Inputs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from serving.runtimes import Load

    from clothes.fetch.fetcher import Fetcher
    from clothes.predictor import PictureModel


class PictureService:
    """The service for one environment's variables, at SERVICE_PATH or the path it is given.

    `own` is what else `ModelService` takes, of a service that words something itself.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        fetcher: Fetcher | None = None,
        path: str | None = None,
        **own: Any,
    ) -> None:
        self.inputs = Inputs(environ, fetcher)
        self._memory = environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "")
        path = path or environ.get("SERVICE_PATH", "/")
        self.service = ModelService(path, self.inputs, self.runtime, environ, **own)

    def runtime(self) -> Load:
        """What reads the network's file; imports LiteRT. What fetches pictures, and whom it trusts,
        comes with the first address."""
        from clothes.predictor import load_network

        memory = int(self._memory) if self._memory.isdecimal() else None

        def load(files: dict[str, bytes], manifest: Mapping[str, Any]) -> PictureModel:
            model = self.inputs.model = load_network(files, manifest, memory)
            write_log("INFO", "network ready", accelerated=model.accelerated)
            return model

        return load
