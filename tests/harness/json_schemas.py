"""Validators of JSON Schema. Their library compiles grammars for seconds when it is imported, and
every process imports every module of tests: so it is imported by the tests that validate."""

from __future__ import annotations

from typing import Any


def openapi_validator(schema: dict[str, Any]) -> Any:
    """Of a schema in an OpenAPI 3.1 document."""
    from openapi_schema_validator import OAS31Validator

    return OAS31Validator(schema)


def validate_openapi(document: dict[str, Any]) -> None:
    """Raise unless the document is valid OpenAPI."""
    from openapi_spec_validator import validate

    validate(document)


def validator(draft: str, schema: dict[str, Any]) -> Any:
    """Of a schema of a draft of JSON Schema, by its number: `7`, `202012`."""
    import jsonschema

    return getattr(jsonschema, f"Draft{draft}Validator")(schema)
