"""`python -m model_training.loan_grade`: train, evaluate, predict."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from model_training.command_line import run, writable

OUT = Path(__file__).parent / "trained"
REPORT = Path("build/models/loan_grade")
CACHE = Path(".cache/loan_grade")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it did what it says, 1 with one line on stderr when it did not."""
    return run(_parser(), arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m model_training.loan_grade", description=__doc__
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    data = argparse.ArgumentParser(add_help=False)
    data.add_argument(
        "--source", choices=("pypi", "openintro"), default="pypi", help="where the loans are from"
    )
    data.add_argument("--data", type=Path, metavar="FILE", help="your own loans, a CSV")
    data.add_argument("--report", type=Path, default=REPORT, help=f"its folder ({REPORT})")
    train = commands.add_parser(
        "train", parents=[data], help="train, measure, prove, write (what runs without a command)"
    )
    train.add_argument("--out", type=Path, default=OUT, help="model folder (default: trained/)")
    train.set_defaults(run=_train)
    evaluate = commands.add_parser(
        "evaluate", parents=[data], help="train and measure; write the report, no model"
    )
    evaluate.set_defaults(run=_evaluate)
    predict = commands.add_parser("predict", help="grade loans offline, without TensorFlow")
    predict.add_argument("loans", metavar="FILE", help='a JSON file, or "-" for standard input')
    predict.add_argument("--model", type=Path, default=OUT, help="model folder")
    predict.set_defaults(run=_predict)
    return parser


def _train(options: argparse.Namespace) -> None:
    # TensorFlow takes seconds to import: only the commands that need it pay.
    from model_training.loan_grade import dataset, train

    writable(options.out)
    writable(options.report, "--report")
    train.run(dataset.load(options.source, options.data, CACHE), options.out, options.report)


def _evaluate(options: argparse.Namespace) -> None:
    from model_training.loan_grade import dataset, train

    writable(options.report, "--report")
    train.evaluate(dataset.load(options.source, options.data, CACHE), options.report)


def _predict(options: argparse.Namespace) -> None:
    from model_training.loan_grade import predict

    predict.run(options.model, options.loans)


if __name__ == "__main__":
    sys.exit(main())
