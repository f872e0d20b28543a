"""Why a job or one of its ranges stops: Step Functions knows these by their names."""

from __future__ import annotations


class Refused(Exception):
    """The job cannot be done as it was asked for: what was wrong, what to do. Trying again helps
    nothing."""


class InputChanged(Refused):
    """An input is not what it was when the job was planned."""


class Unfinished(Exception):
    """The time of this invocation is used up; the next one goes on behind the last part."""
