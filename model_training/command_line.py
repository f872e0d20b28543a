"""What every trainer does with its command line, and what it says when it cannot."""

import argparse
import sys
from collections.abc import Sequence


class Refusal(ValueError):
    """Something that must not or cannot be used; the message is one sentence with the remedy."""


class DataError(Refusal):
    """The data cannot be used; the message names the file, the place and what was expected."""


def run(parser: argparse.ArgumentParser, arguments: Sequence[str] | None = None) -> int:
    """Run the command that is asked for, `train` where none is named.

    The parser has a `command`, and each command a `run` that takes the options. 0 when it did what
    it says, 1 with one line on stderr when it did not, 130 when it was interrupted.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or (given[0].startswith("-") and given[0] not in ("-h", "--help")):
        given.insert(0, "train")
    options = parser.parse_args(given)
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
    except KeyboardInterrupt:
        print(f"{options.command}: interrupted; nothing was published", file=sys.stderr)
        return 130
    return 0
