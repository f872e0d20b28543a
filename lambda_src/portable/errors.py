"""The two ways a model file is refused; both messages are one sentence for a person."""

from __future__ import annotations


class UnsupportedModel(ValueError):
    """The model is readable but not one that the portable runtime can score exactly."""


class UnsafePickle(UnsupportedModel):
    """The bytes are not the plain pickle, of allow-listed globals only, that is read here."""
