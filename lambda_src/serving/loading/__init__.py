"""The way of a model from the bucket or the package into memory, verified; and why it is not there:
what the loader raises and the log says."""

from __future__ import annotations


class LoadError(Exception):
    """The model cannot be loaded; the message says why, is for the log and holds no secret."""


class TransientError(LoadError):
    """A fault that may be gone a moment later: worth another attempt."""


class UntrustedError(TransientError):
    """The server's certificate does not verify: worth another attempt with another store."""
