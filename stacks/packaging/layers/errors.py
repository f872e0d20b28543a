"""Why there is no layer to deploy."""

from __future__ import annotations


class LayerError(ValueError):
    """A layer that must not be deployed; the message is one sentence with what to do."""
