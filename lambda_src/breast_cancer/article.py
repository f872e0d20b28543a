"""The shape of answers that this service's callers know: reason, prediction and status.

The one exemption from problems as RFC 9457 has them. The status stands in the HTTP status line
as well, where the original service answered 200 to everything.
"""

from __future__ import annotations

from serving.http.media_types import JSON
from serving.http.router import Response
from serving.http.strict_json import encode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from serving.http.problems import Problem
    from serving.tabular.predictor import Prediction

    Json = dict[str, object]


def word(
    predictions: Sequence[Prediction], explanations: Sequence[Json] | None, listed: bool
) -> Json:
    """The members of an answer; of one that answers a list, each but the first and last is a
    list in the same order."""
    columns: dict[str, Sequence[object]] = {
        "prediction": [prediction.class_ for prediction in predictions],
        "label": [prediction.label for prediction in predictions],
        "probability": [prediction.probabilities[prediction.label] for prediction in predictions],
        "probabilities": [prediction.probabilities for prediction in predictions],
    }
    if explanations is not None:
        columns["explanation"] = explanations
    given = columns if listed else {name: values[0] for name, values in columns.items()}
    return {"reason": "OK", **given, "status": "200"}


def refuse(problem: Problem, _: str) -> Response:
    """A refusal: why in `reason`, no prediction, and the HTTP status once more, as a string."""
    body = {"reason": problem.detail, "prediction": "", "status": str(problem.kind.status)}
    return Response(encode(body), JSON)
