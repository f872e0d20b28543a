"""`make demo`: the main job, once, for real, as a table."""

from __future__ import annotations

import json
from pathlib import Path

from stacks.config.selection import SERVICE as SELECTED
from tools import PROJECT
from tools.local_aws.client import Answer, request
from tools.local_aws.emulator import free_port
from tools.local_aws.failure import LocalRunFailed
from tools.local_aws.session import local_services
from tools.smoke import example

SERVICE = "spam_or_ham"
MESSAGES = (
    "Are we still on for lunch on Thursday? I can book the usual place.",
    "WINNER!! You have been selected for a £1000 cash prize. Call 09061234567 now to claim!",
    "you know it is urgent and free",
    "Ok, running ten minutes late, see you at the station",
    "FREE entry in our weekly draw! Text WIN to 80082 to claim your prize. T&Cs apply, 18+",
    "Could you pick up milk and bread on the way home please?",
    "URGENT! Your mobile number has won a 2000 pound bonus. Claim code K52, valid 12 hrs only",
    "🎉 happy birthday!! hope it's a good one x",
)  # fmt: skip
_WIDTH = 58
_LONGEST = 500


def demo(*, port: int | None, logs: Path, service: str | None) -> None:
    """Bring one service or all up, classify `MESSAGES` over HTTP, print a table, have the other
    services answer their examples, take everything down.

    Raises:
        LocalRunFailed: if a step fails or a message is not answered with 200.
    """
    port = port or free_port()
    with local_services(
        port=port,
        logs=logs,
        context={SELECTED: service} if service else {},
        say=lambda line: print(f"  · {line}", flush=True),
    ) as local:
        if SERVICE in local.endpoints:
            _classify(local.endpoints[SERVICE])
        for other in sorted(local.endpoints.keys() - {SERVICE}):
            print(answered_example(other, local.endpoints[other]))
    print(_NEXT.format(folder=logs.relative_to(PROJECT)))


def _classify(url: str) -> None:
    """Print the table of `MESSAGES` and what answered them."""
    print(f"\nPOST {url}\n")
    print(f"  {'message':<{_WIDTH}}  {'answer':<6}  {'probability':>11}  {'ms':>6}")
    print(f"  {'─' * _WIDTH}  {'─' * 6}  {'─' * 11}  {'─' * 6}")
    for message in MESSAGES:
        print(_row(message, request(url, message.encode())))
    answer = json.loads(request(url, MESSAGES[0].encode()).body)
    model = answer["model"]
    print(f"\n  model {model['name']} version {model['version']}")
    print("  The first answer includes the start of the function; the rest is warm.")


def _row(message: str, answer: Answer) -> str:
    if answer.status != 200:
        raise LocalRunFailed(
            f"{message!r} was answered with {answer.status}: "
            f"{answer.body[:200].decode(errors='replace')}"
        )
    body = json.loads(answer.body)
    label = body["predictions"][0]
    probability = body["probabilities"][0][label]
    shown = message if len(message) <= _WIDTH else message[: _WIDTH - 1] + "…"
    return f"  {shown:<{_WIDTH}}  {label:<6}  {probability:>11.4%}  {answer.milliseconds:>6.1f}"


def answered_example(service: str, url: str) -> str:
    """The service's recorded example, answered."""
    recorded = example(service)
    if recorded is None:
        return f"\n{service} answers at {url}"
    answer = request(url, recorded.body, headers={"content-type": recorded.content_type})
    if answer.status != 200:
        raise LocalRunFailed(f"The example of {service} was answered with {answer.status}.")
    textual = recorded.content_type == "application/json"
    shown = recorded.body.decode() if textual else f"a picture of {len(recorded.body)} bytes"
    return f"\nPOST {url}\n\n  {_short(shown)}\n  → {_short(answer.body.decode())}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


_NEXT = """
Everything is stopped again (logs: {folder}). What to try next:
  make serve                      keep it running, and:  curl -d 'free prize, call now' <URL>
  make help                       every command
  .venv/bin/python -m model_training.spam_or_ham predict "your text"     offline
  open build/models/spam_or_ham/report.html                              how good it is
  make deploy                     the same, in your AWS account
"""
