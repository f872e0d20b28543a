"""The shape of answers that callers of the original service know: reason, prediction and status.

The one exemption from problems as RFC 9457 has them. The status stands in the HTTP status line
as well, where the original service answered 200 to everything.
"""

from __future__ import annotations

from serving import service
from serving.http.media_types import JSON
from serving.http.router import Response
from serving.http.strict_json import encode
from serving.inputs.fields import MissingField

TYPE_CHECKING = False
if TYPE_CHECKING:
    from serving.http.problems import Problem
    from serving.service import Answer

    Json = dict[str, object]


def format_answer(answer: Answer) -> Json:
    """Words an answer as it was asked for: the original's members for an object or a list of them,
    each but the first and last a list in the same order for a list; else the usual envelope."""
    if answer.form not in ("one", "list"):
        return service.format_answer(answer)
    probabilities = [answer.by_label(one.probabilities or ()) for one in answer.predictions]
    columns: dict[str, list[object]] = {
        "prediction": [one.predicted for one in answer.predictions],
        "label": list(answer.labels),
        "probability": [
            each[label] for each, label in zip(probabilities, answer.labels, strict=True)
        ],
        "probabilities": list(probabilities),
    }
    if answer.explanations is not None:
        columns["explanation"] = list(answer.explanations)
    members = columns if answer.form == "list" else {n: values[0] for n, values in columns.items()}
    return {"reason": "OK", **members, "status": "200", "model": answer.model}


def format_problem(problem: Problem, _: str) -> Response:
    """Words a refusal: why in `reason`, no prediction, and the HTTP status as a string."""
    reason = problem.detail
    if isinstance(problem, MissingField):
        # The sentence that callers of the original service know.
        reason = f"'{problem.place}' must contain values for: {', '.join(problem.names)}"
    body = {"reason": reason, "prediction": "", "status": str(problem.type.status)}
    return Response(encode(body), JSON)
