"""What every trainer does with its command line, and what it says when it cannot."""

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path


class Refusal(ValueError):
    """Something that must not or cannot be used; the message is one sentence with the remedy."""


class DataError(Refusal):
    """The data cannot be used; the message names the file, the place and what was expected."""


def in_one_line(error: BaseException) -> str:
    """The type of a library's error and the first 200 characters that it says, for a sentence."""
    said = " ".join(str(error).split())[:200]
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def positive(text: str) -> int:
    """An option that is a whole number of 1 or more."""
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number of 1 or more, not {text[:40]!r}")
    return number


def writable(folder: Path, option: str = "--out") -> None:
    """Raise `Refusal` where nothing can be written into a folder, be it there or to be made.

    For before the minutes of work whose result goes there; nothing is left behind.
    """
    try:
        with tempfile.TemporaryDirectory(dir=_nearest(folder)):
            pass
    except OSError as error:
        raise Refusal(
            f"{folder} cannot be written ({error.strerror}); choose another folder with {option}"
        ) from None


def _nearest(folder: Path) -> Path:
    """The folder, or the one above it that is there."""
    while True:
        try:
            folder.stat()
        except (FileNotFoundError, NotADirectoryError):
            folder = folder.parent
        else:
            return folder


def run(parser: argparse.ArgumentParser, arguments: Sequence[str] | None = None) -> int:
    """Run the command that is asked for, `train` where none is named.

    The parser has a `command`, and each command a `run` that takes the options. 0 when it did what
    it says, 1 with one line on stderr when it did not, 130 when it was interrupted.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or (words[0].startswith("-") and words[0] not in ("-h", "--help")):
        words.insert(0, "train")
    options = parser.parse_args(words)
    try:
        options.run(options)
    except Refusal as refusal:
        print(f"{options.command}: {refusal}", file=sys.stderr)
        return 1
    except ModuleNotFoundError as missing:
        service = parser.prog.rpartition(".")[2]
        print(
            f"{options.command}: {missing.name} is not installed in this Python; run: "
            f"make train SERVICE={service}",
            file=sys.stderr,
        )
        return 1
    except BrokenPipeError:
        _forget_output()  # Whoever reads it has seen enough.
        return 1
    except OSError as error:
        if error.filename is None:
            _forget_output()
        place = "the output" if error.filename is None else error.filename
        print(
            f"{options.command}: {place}: {error.strerror or error}; make room or give the right "
            "to it, or name another place",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        print(f"{options.command}: interrupted; nothing was published", file=sys.stderr)
        return 130
    return 0


def _forget_output() -> None:
    """What could not be written is not tried again when Python ends, which would say so again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
