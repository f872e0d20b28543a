"""What a release command refuses, in one sentence."""

from __future__ import annotations


class ReleaseFailed(Exception):
    """A command did not do what it is for; the message is one sentence that says what to do."""
