"""The headers that stand on every answer of a service, from its environment."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def standing_headers(environ: Mapping[str, str], version: str) -> dict[str, str]:
    """The model's version, and who may read the answer in a browser, where the stage says so."""
    headers = {"X-Model-Version": version}
    origin = environ.get("CORS_ALLOW_ORIGIN")
    if origin:
        headers["Access-Control-Allow-Origin"] = origin
        headers["Access-Control-Expose-Headers"] = "Retry-After, X-Model-Version"
    headers["Vary"] = "Accept" if origin in (None, "", "*") else "Accept, Origin"
    return headers
