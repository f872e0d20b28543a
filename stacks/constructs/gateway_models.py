"""The models of requests that an API publishes: what may be posted, as JSON Schema.

They describe and do not judge. The gateway's own validation answers "Invalid request body" for a
row that the function would name, knows the fourth draft of JSON Schema only, and looks at no body
whose content type has no model, so whatever it let through would have to be checked again anyway.
"""

from __future__ import annotations

import json
from pathlib import Path

from aws_cdk import aws_apigateway as apigateway
from constructs import Construct

_JSON = "application/json"


def request_models(
    scope: Construct, id_: str, *, api: apigateway.RestApi, schema: Path
) -> dict[str, apigateway.IModel]:
    """Publish a schema; return it by content type, as a method takes its models."""
    content = json.loads(schema.read_text(encoding="utf-8"))
    model = apigateway.CfnModel(
        scope, id_, rest_api_id=api.rest_api_id, content_type=_JSON, schema=content
    )
    deployment = api.latest_deployment
    if deployment is not None:
        # A stage serves what was last deployed to it: another schema is another deployment.
        deployment.node.add_dependency(model)
        deployment.add_to_logical_id(content)
    return {_JSON: apigateway.Model.from_model_name(scope, f"{id_}Name", model.ref)}
