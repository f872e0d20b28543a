"""`python -m model_training.breast_cancer`: train, predict, select-features, grid-search."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from model_training.command_line import positive, run, writable

OUT = Path("build/models/breast_cancer")
SEARCHES = Path("build/searches/breast_cancer")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it did what it says, 1 with one line on stderr when it did not."""
    return run(_parser(), arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m model_training.breast_cancer", description=__doc__
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    train = commands.add_parser("train", help="train and measure (what runs without a command)")
    train.add_argument("--out", type=Path, default=OUT, help=f"model folder (default: {OUT})")
    train.add_argument("--repeats", type=positive, default=10, help="repeats of five folds")
    train.set_defaults(run=_train)
    predict = commands.add_parser("predict", help="answer from a trained model, offline")
    predict.add_argument("rows", nargs="+", metavar="ROW", help="five numbers joined by commas")
    predict.add_argument("--model", type=Path, default=OUT, help=f"model folder (default: {OUT})")
    predict.set_defaults(run=_predict)
    select = commands.add_parser(
        "select-features", help="compare the five columns with others (about two minutes)"
    )
    select.add_argument("--repeats", type=positive, default=2, help="repeats of five folds")
    select.add_argument("--out", type=Path, default=SEARCHES, help="folder for the result")
    select.set_defaults(run=_select)
    grid = commands.add_parser(
        "grid-search", help="compare depths, rates and numbers of trees (about ten minutes)"
    )
    grid.add_argument("--repeats", type=positive, default=4, help="repeats of five folds")
    grid.add_argument("--out", type=Path, default=SEARCHES, help="folder for the result")
    grid.set_defaults(run=_grid)
    return parser


def _train(options: argparse.Namespace) -> None:
    # scikit-learn takes a second to import: only the commands that need it pay.
    from model_training.breast_cancer import dataset, train

    writable(options.out)
    train.run(dataset.load(), options.out, repeats=options.repeats)


def _predict(options: argparse.Namespace) -> None:
    from model_training.breast_cancer import predict

    predict.run(options.model, options.rows)


def _select(options: argparse.Namespace) -> None:
    from model_training.breast_cancer import dataset, feature_selection

    writable(options.out)
    feature_selection.run(dataset.load(), options.out, repeats=options.repeats)


def _grid(options: argparse.Namespace) -> None:
    from model_training.breast_cancer import dataset, grid_search

    writable(options.out)
    grid_search.run(dataset.load(), options.out, repeats=options.repeats)


if __name__ == "__main__":
    sys.exit(main())
