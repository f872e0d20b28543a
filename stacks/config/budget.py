"""How many requests an hour a stage may spend its dollars on."""

from __future__ import annotations

from ..lambda_source import constants
from .model_service import FunctionUrl, ModelService
from .stages import Stage

_prices = constants("batch/prices.py")

# What a request may take at most, by the design of the services: a tenth of the timeout.
_SHARE_OF_TIMEOUT = 0.1
_LOGGED_BYTES = 1000


def dearest_request(service: ModelService) -> float:
    """Dollars of a request that takes as long as one may."""
    seconds = service.timeout * _SHARE_OF_TIMEOUT
    dollars: float = (
        _prices["MILLION_INVOCATIONS"] / 1e6
        + seconds * service.memory / 1024 * _prices["GB_SECOND"][service.architecture]
        + _LOGGED_BYTES / 1e9 * _prices["LOG_GB"]
    )
    if not isinstance(service.endpoint, FunctionUrl):
        dollars += _prices["MILLION_REST_REQUESTS"] / 1e6
    return dollars


def requests_an_hour(service: ModelService, stage: Stage) -> int:
    """From so many requests an hour on the service may cost more than its stage's budget."""
    return max(1, int(stage.hourly_budget / dearest_request(service)))
