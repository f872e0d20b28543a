"""Writes the OpenAPI document to where the function serves it from."""

from docs.api.document import FILE, rendered

FILE.write_text(rendered(), encoding="utf-8")
