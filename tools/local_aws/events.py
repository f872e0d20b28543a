"""Events as API Gateway and Function URLs send them, to start a case from."""

from __future__ import annotations

import base64
from typing import Any

from model_training.publishing import events

Event = dict[str, Any]


def rest(body: Any = None, content_type: str | None = None, **changes: Any) -> Event:
    """A REST API's proxy event for `POST /spamorham`; `changes` replace members."""
    headers = {"Accept": "*/*", "Host": events.HOST}
    if content_type is not None:
        headers["Content-Type"] = content_type
    return {**events.post("/spamorham", body, headers), **changes}


def binary(body: bytes, content_type: str | None = None, **changes: Any) -> Event:
    """The same with the body in base64, as a gateway with binary media types sends it."""
    encoded = base64.b64encode(body).decode()
    return rest(encoded, content_type, isBase64Encoded=True, **changes)


def get(path: str, **changes: Any) -> Event:
    """A REST API's proxy event for `GET path`."""
    return rest(None, resource=path, path=path, httpMethod="GET", **changes)


def with_headers(body: Any, **headers: Any) -> Event:
    """A POST with these headers alone; underscores stand for hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return rest(body, headers=named, multiValueHeaders={k: [v] for k, v in named.items()})


def url(body: Any, path: str = "/spamorham", method: str = "POST", **changes: Any) -> Event:
    """An HTTP API event of payload version 2.0, which is also a Function URL's."""
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"accept": "*/*", "content-type": "text/plain"},
        "requestContext": {
            "accountId": "anonymous",
            "apiId": "abc",
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "userAgent": "curl"},
            "requestId": "d1e2",
            "stage": "$default",
        },
        "body": body,
        "isBase64Encoded": False,
        **changes,
    }
