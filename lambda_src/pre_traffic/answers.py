"""Golden inputs as requests, and what is wrong with the answers to them."""

from __future__ import annotations

import json
import math

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    Golden = Mapping[str, Any]

AT_ONCE = 10
"""Inputs in a request: fewer than any service allows."""
TOLERANCE = 1e-6
"""Relative to the larger of 1 and the number expected. A version compares more closely when it
loads its model; this is for what lies between that and a caller."""


def requests(published: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], Sequence[Golden]]]:
    """The events to send, with the golden answers to each, in the order of its inputs."""
    golden = published["golden"]
    for start in range(0, len(golden), AT_ONCE):
        some = golden[start : start + AT_ONCE]
        body = json.dumps({"instances": [entry["input"] for entry in some]})
        yield (
            {
                "version": "2.0",
                "rawPath": published["path"],
                "rawQueryString": "",
                "headers": {"content-type": "application/json", "accept": "application/json"},
                "requestContext": {"http": {"method": "POST", "path": published["path"]}},
                "body": body,
                "isBase64Encoded": False,
            },
            some,
        )


def problem(payload: object, golden: Sequence[Golden], model_version: str) -> str | None:
    """What is wrong with an answer, as a clause; None where nothing is."""
    if not isinstance(payload, dict) or "statusCode" not in payload:
        return "the version answers something that is no HTTP response"
    if payload["statusCode"] != 200:
        return f"the version answers a golden input with status {payload['statusCode']}"
    body = json.loads(payload["body"])
    version = body.get("model", {}).get("version")
    if version != model_version:
        return f"the version answers by the model {version} where {model_version} was published"
    for index, entry in enumerate(golden):
        if not _same(body, index, entry):
            return f"golden input {entry['place']} is not answered as published"
    return None


def _same(body: Mapping[str, Any], index: int, entry: Golden) -> bool:
    if "predicted" not in entry:
        return True  # an input that only has to be answered
    if not _near(body["predictions"][index], entry["predicted"]):
        return False
    return all(
        _near(body[name][index], entry[name])
        for name in ("probabilities", "scores")
        if name in entry and name in body
    )


def _near(answered: Any, expected: Any) -> bool:
    """Whether two JSON values are the same, numbers within the tolerance."""
    if isinstance(expected, dict):
        return answered.keys() == expected.keys() and all(
            _near(answered[name], value) for name, value in expected.items()
        )
    if isinstance(expected, list):
        return len(answered) == len(expected) and all(map(_near, answered, expected))
    if isinstance(expected, (int, float)) and not isinstance(expected, bool):
        return (
            isinstance(answered, (int, float))
            and math.isfinite(answered)
            and abs(answered - expected) <= TOLERANCE * max(1.0, abs(expected))
        )
    return bool(answered == expected)
