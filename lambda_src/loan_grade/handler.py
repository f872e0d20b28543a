"""The Lambda entry of loan-grade."""

from __future__ import annotations

import os

from serving.records.service import RecordsService

TYPE_CHECKING = False
if TYPE_CHECKING:
    from serving.records.predictor import Load

PATH = "/predict/loan-grade"
# The article's clients know a prediction by it; no TensorFlow runs here.
HEADERS = {"X-tensorflow-prediction": "True"}
DOCUMENT = os.path.join(os.path.dirname(__file__), "openapi.json")


def importing() -> Load:
    """Imports the reader of networks."""
    from portable.network.classifier import load

    return load


service = RecordsService(PATH, importing, document=DOCUMENT, headers=HEADERS)
handler = service.edge
