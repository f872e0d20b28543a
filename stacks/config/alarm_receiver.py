"""Who is told of a stage's alarms."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from .model_service import UnknownChoice
from .stages import Stage

EMAIL, TOPIC = "alarm_email", "alarm_topic"
"""The keys of the app's context."""
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_TOPIC_ARN = re.compile(r"arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w-]+")


@dataclass(frozen=True)
class AlarmReceiver:
    """An `email` address to subscribe to a topic of each service's, or a `topic` of one's own, by
    its ARN; with neither nobody is told."""

    email: str | None = None
    topic: str | None = None

    @property
    def somebody(self) -> bool:
        """Whether anybody is told."""
        return self.email is not None or self.topic is not None


def alarm_receiver(context: Callable[[str], str | None]) -> AlarmReceiver:
    """What a context says: `-c alarm_email=ADDRESS` or `-c alarm_topic=ARN`.

    Raises `UnknownChoice` for what is neither, and for both.
    """
    email, topic = context(EMAIL), context(TOPIC)
    if email is not None and topic is not None:
        raise UnknownChoice(
            f"Alarms go to one topic: give -c {EMAIL}=ADDRESS or -c {TOPIC}=ARN, not both."
        )
    if email is not None and not _ADDRESS.fullmatch(email):
        raise UnknownChoice(
            f"There is no address {email!r}: give one as -c {EMAIL}=on-call@example.org."
        )
    if topic is not None and not _TOPIC_ARN.fullmatch(topic):
        raise UnknownChoice(
            f"There is no topic {topic!r}: give its ARN as "
            f"-c {TOPIC}=arn:aws:sns:us-east-1:123456789012:alarms."
        )
    return AlarmReceiver(email, topic)


def untold(stage: Stage, receiver: AlarmReceiver) -> str | None:
    """One sentence where a stage has alarms that nobody is told of, and says something about it.

    Raises `UnknownChoice` with it where the stage is not to be without.
    """
    if receiver.somebody or stage.alarm_receiver == "none":
        return None
    remedy = f"-c {EMAIL}=ADDRESS or -c {TOPIC}=ARN"
    if stage.alarm_receiver == "required":
        raise UnknownChoice(
            f"The stage {stage.name} tells somebody of its alarms: say whom by {remedy}, as in "
            f'make deploy STAGE={stage.name} CONTEXT="-c {EMAIL}=on-call@example.org".'
        )
    return f"Nobody is told of the alarms of the stage {stage.name}: {remedy} tells somebody."
