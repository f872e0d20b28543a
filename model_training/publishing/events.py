"""Events as a REST API of API Gateway hands them to a function."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

HOST = "abc.execute-api.us-east-1.amazonaws.com"


def post(path: str, body: Any, headers: Mapping[str, str]) -> dict[str, Any]:
    """The event of a POST with a body of text, or None, to a path below the stage."""
    return {
        "resource": path,
        "path": path,
        "httpMethod": "POST",
        "headers": dict(headers),
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": path,
            "httpMethod": "POST",
            "path": f"/dev{path}",
            "protocol": "HTTP/1.1",
            "stage": "dev",
            "requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
            "identity": {"sourceIp": "127.0.0.1", "userAgent": "curl/8.5.0"},
            "apiId": "abc",
        },
        "body": body,
        "isBase64Encoded": False,
    }
