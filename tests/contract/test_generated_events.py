"""Events nobody thought of: never an exception, never a 5xx, never an answer that breaks."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from serving.service import ModelService

from tools.reliability.hostile_events import BAD, GOOD

TEXTS = st.text(st.characters(), max_size=40)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
HEADERS = st.dictionaries(
    st.sampled_from(["content-type", "Accept", "CONTENT-ENCODING", "x"]) | TEXTS,
    st.sampled_from(["application/json", "text/plain", "text/plain; charset=latin-1", "*/*"])
    | st.text('aA*/;=,"q.0 ', max_size=20)
    | VALUES,
    max_size=4,
)
MEMBERS: dict[str, st.SearchStrategy[Any]] = {
    "httpMethod": st.sampled_from(["POST", "GET"]) | VALUES,
    "resource": st.sampled_from(["/spamorham", "/", "/openapi.json"]) | VALUES,
    "path": st.sampled_from(["/spamorham", "/"]) | VALUES,
    "rawPath": VALUES,
    "headers": HEADERS | VALUES,
    "multiValueHeaders": st.dictionaries(TEXTS, st.lists(TEXTS, max_size=2), max_size=2) | VALUES,
    "queryStringParameters": st.just({"explain": "true"}) | VALUES,
    "requestContext": st.fixed_dictionaries({}, optional={"http": VALUES, "requestId": VALUES})
    | VALUES,
    "body": TEXTS | VALUES.map(lambda value: json.dumps(value)) | VALUES,
    "isBase64Encoded": st.booleans() | VALUES,
}
EVENTS = st.fixed_dictionaries({}, optional=MEMBERS) | VALUES
KNOWN = list(GOOD.values()) + [event for event, _, _ in BAD.values()]
MUTANTS = st.builds(
    lambda event, changes: event | changes if isinstance(event, dict) else event,
    st.sampled_from([event for event in KNOWN if len(str(event)) < 2_000]),
    st.fixed_dictionaries({}, optional=MEMBERS),
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(event=EVENTS | MUTANTS)
def test_every_event_is_answered(service: ModelService, event: Any) -> None:
    answer = service.handler(event, None)
    assert isinstance(answer["statusCode"], int)
    assert answer["statusCode"] < 500, answer
    headers = answer["headers"]
    assert isinstance(headers, dict)
    assert all(isinstance(value, str) and value.isascii() for value in headers.values())
    assert not any("\r" in value or "\n" in value for value in headers.values())
    # What the newest runtimes do with it: a lone surrogate would end the process.
    json.dumps(answer, ensure_ascii=False).encode()
    if answer["statusCode"] >= 400:
        assert headers["Content-Type"] == "application/problem+json"
        assert json.loads(str(answer["body"]))["status"] == answer["statusCode"]
