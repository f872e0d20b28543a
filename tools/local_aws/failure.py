"""What stops a local run, in one line."""

from __future__ import annotations


class LocalRunFailed(Exception):
    """A local run cannot go on; the message is one sentence with what to do about it."""
