"""Answers from a trained pair, offline, through the same code that serves it."""

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from model_training.command_line import DataError
from model_training.publishing import artifacts
from model_training.spam_or_ham.figures import table

_LARGEST_INPUT = 10_000_000


def run(folder: Path, texts: Sequence[str]) -> None:
    """Print label and probability of each text; `-` stands for the lines of standard input."""
    model, _ = artifacts.load_verified(folder, "text")
    rows = []
    messages = _messages(texts)
    for text, answer in zip(messages, model.predict(messages), strict=True):
        probability = max(answer.probabilities or ())
        rows.append((_shortened(text), str(answer.predicted), f"{probability:.4f}"))
    print(table(("message", "label", "probability"), rows))


def _messages(texts: Sequence[str]) -> list[str]:
    messages: list[str] = []
    for text in texts:
        if text != "-":
            messages.append(text)
            continue
        try:
            content = sys.stdin.buffer.read(_LARGEST_INPUT).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise DataError(
                f"standard input: byte {error.start} is not valid UTF-8; expected one message per "
                "line, in UTF-8"
            ) from None
        messages += [line.removesuffix("\r") for line in content.split("\n") if line.strip()]
    if not messages:
        raise DataError("standard input: empty; expected one message per line")
    return messages


def _shortened(text: str) -> str:
    """One line that fits: control characters would move the cursor of the reader's terminal."""
    room = max(20, shutil.get_terminal_size().columns - 30)
    line = "".join(character if character.isprintable() else " " for character in text[: room + 1])
    return line if len(line) <= room else line[: room - 1] + "…"
