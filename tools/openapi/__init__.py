"""The OpenAPI description, written from the code that it describes: `python -m tools.openapi`.

Limits, media types and problems are read from the runtime and from the gateway's responses, so
they are stated once.
"""
