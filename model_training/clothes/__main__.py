"""`python -m model_training.clothes`: train, evaluate, predict, rebuild."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from model_training.clothes.folders import PARTS
from model_training.command_line import run, writable

OUT = Path("model_training/clothes/trained")
CACHE = Path(".cache")
REPORT = Path("build/models/clothes")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it did what it says, 1 with one line on stderr when it did not."""
    return run(_parser(), arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m model_training.clothes", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    train = commands.add_parser("train", help="train and publish (what runs without a command)")
    _add_data(train)
    train.add_argument("--out", type=Path, default=OUT, help=f"model folder (default: {OUT})")
    train.add_argument("--report", type=Path, default=REPORT, help=f"its folder ({REPORT})")
    train.set_defaults(run=_train)
    evaluate = commands.add_parser("evaluate", help="measure a trained model; needs no TensorFlow")
    _add_data(evaluate)
    evaluate.add_argument("--part", choices=PARTS, default="validation")
    evaluate.add_argument("--model", type=Path, default=OUT, help=f"model folder (default: {OUT})")
    evaluate.set_defaults(run=_evaluate)
    predict = commands.add_parser("predict", help="answer picture files from a trained model")
    predict.add_argument("files", nargs="+", type=Path, metavar="FILE")
    predict.add_argument("--model", type=Path, default=OUT, help=f"model folder (default: {OUT})")
    predict.set_defaults(run=_predict)
    rebuild = commands.add_parser("rebuild", help="write the published network as Keras's file")
    rebuild.add_argument("out", type=Path, metavar="FILE.keras")
    rebuild.add_argument("--model", type=Path, default=OUT, help=f"model folder (default: {OUT})")
    rebuild.set_defaults(run=_rebuild)
    return parser


def _add_data(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--data",
        type=Path,
        metavar="FOLDER",
        help="a folder with train, validation and test, each with a folder per label "
        "(default: the public data set, downloaded once)",
    )
    command.add_argument("--cache", type=Path, default=CACHE, help="folder for downloads")


def _train(options: argparse.Namespace) -> None:
    # TensorFlow takes seconds to import: only the command that needs it pays.
    from model_training.clothes import dataset, train
    from model_training.clothes.recipe import DEFAULT

    writable(options.out)
    writable(options.cache, "--cache")
    writable(options.report, "--report")
    data = dataset.folder_of(options.data, options.cache)
    train.run(data, options.out, options.cache, options.report, DEFAULT)


def _evaluate(options: argparse.Namespace) -> None:
    from model_training.clothes import dataset, evaluate

    folder = dataset.folder_of(options.data, options.cache)
    evaluate.run(folder, options.model, options.part)


def _predict(options: argparse.Namespace) -> None:
    from model_training.clothes import predict

    predict.run(options.model, options.files)


def _rebuild(options: argparse.Namespace) -> None:
    from model_training.clothes import rebuild

    writable(options.out.parent, "FILE.keras")
    rebuild.run(options.model, options.out)


if __name__ == "__main__":
    sys.exit(main())
