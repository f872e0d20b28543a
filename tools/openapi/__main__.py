"""Writes the OpenAPI documents to where the functions serve them from, and the gateway's models."""

from tools.openapi.files import files

for file, text in files().items():
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
