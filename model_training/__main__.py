"""`python -m model_training add` and `remove`: from a model file to a service, and back."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from model_training import command_line


def _add(options: argparse.Namespace) -> None:
    from model_training.adding import add

    add.run(
        options.name,
        options.model,
        data=options.data,
        target=options.target,
        text=options.text,
        labels=options.labels,
        trust=options.trust,
    )


def _remove(options: argparse.Namespace) -> None:
    from model_training.adding.entry import PROJECT, Service

    for path in Service(options.name).remove():
        print(f"removed {path.relative_to(PROJECT)}")


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="model_training", description=__doc__)
    commands = made.add_subparsers(dest="command", required=True)
    add = commands.add_parser("add", help="make a service of a model file")
    add.add_argument("name", help="the service's name, like churn; also the path of its endpoint")
    add.add_argument(
        "model", nargs="+", type=Path,
        help="a pickle, joblib or skops file, XGBoost's or LightGBM's own, or an MLflow folder; "
        "several files in the order in which an input goes through them",
    )  # fmt: skip
    add.add_argument(
        "--data", type=Path,
        help="rows like those the model was trained on: CSV, TSV, JSON lines or Parquet; needed "
        "for all but models of texts and MLflow folders with an example",
    )  # fmt: skip
    add.add_argument("--target", help="the column of the data that the model predicts")
    add.add_argument("--text", help="the column of the data that holds the texts")
    add.add_argument(
        "--labels", nargs="+", default=(),
        help="what the classes mean, in their order or as CLASS=MEANING: 0=stayed 1=left",
    )  # fmt: skip
    add.add_argument(
        "--trust", action="store_true",
        help="read a file that imports what is not in the table of trusted names; it may run "
        "anything",
    )  # fmt: skip
    add.set_defaults(run=_add)
    remove = commands.add_parser("remove", help="take back what add has written")
    remove.add_argument("name")
    remove.set_defaults(run=_remove)
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 when it did what it says."""
    arguments_of_command = list(sys.argv[1:] if arguments is None else arguments)
    return command_line.run(parser(), arguments_of_command or ["--help"])


if __name__ == "__main__":
    sys.exit(main())
